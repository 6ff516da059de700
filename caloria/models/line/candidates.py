"""The foods that may be meant by some words: the only part of reading a line that asks the database."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import load_only, selectinload

from caloria.extensions import db
from caloria.models.food import Food
from caloria.models.food_matches import FoodMatches
from caloria.models.food_search import LOGGED_LATELY, logged_lately
from caloria.models.food_word import FoodWord
from caloria.models.kept import cached_property
from caloria.models.line.naming import COMPOUND, EXACT, KIND, Said, answers, is_its_name, names_of
from caloria.models.line.words import STOP, WITHOUT
from caloria.models.portion_choices import PortionChoices
from caloria.models.user import User
from caloria.models.word_forms import fragment, key

# How many foods are looked at for one name, how many names at once, and how many were had lately.
MOST_FOR_A_NAME = 40
MOST_NAMES = 100
MOST_RECENT = 300
# Shorter words are near to too many others.
SHORTEST_MISSPELT = 5


def said_in(words: list[str], joint: int | None = None) -> Said:
    """What words say about which food is meant; the joint is where "with" or the like stood."""
    keys = _keys(words)
    return Said(keys, next(reversed(_keys(words[:joint]) or keys), ""))


def _keys(words: list[str]) -> tuple[str, ...]:
    return tuple(key(word) for word in words if word not in STOP and word not in WITHOUT)


def repaired(names: list[list[str]]) -> list[list[list[str]]]:
    """For each name what may have been meant by it, where a word of it is misspelt. One statement."""
    words = sorted({word for name in names for word in name if len(word) >= SHORTEST_MISSPELT})
    meant = dict(zip(words, FoodWord.meant_by(words), strict=False))
    return [_variants(name, meant) for name in names]


def _variants(name: list[str], meant: dict[str, list[str]]) -> list[list[str]]:
    """The likeliest of every word, then the other possibilities of one word each."""
    likeliest = [meant.get(word, [word])[0] for word in name]
    others = [
        [*likeliest[:at], other, *likeliest[at + 1 :]]
        for at, word in enumerate(name)
        for other in meant.get(word, [word])[1:]
    ]
    return [variant for variant in [likeliest, *others] if variant != name]


class Candidates:
    """What a person's words may mean among the foods that this person sees."""

    def __init__(self, person: User):
        self.person = person
        self._found: dict[tuple[str, ...], list[Food]] = {}
        self._choices: dict[UUID, PortionChoices] = {}

    def look_up(self, names: Iterable[list[str]]) -> None:
        """Find what has every word of a name, for several names. Two statements, however many they are."""
        fragments = dict.fromkeys(fragments_of(name) for name in names)
        wanted = [each for each in fragments if each and each not in self._found][:MOST_NAMES]
        if not wanted:
            return
        each_word_alone = [[[fragment] for fragment in each] for each in wanted]
        found = FoodMatches(self.person, MOST_FOR_A_NAME, enough=1, since=date.max).of(each_word_alone)
        foods = self._foods({match.id for matches in found for match in matches})
        for each, matches in zip(wanted, found, strict=True):
            self._found[each] = [foods[match.id] for match in matches]

    def answering(self, words: list[str], worst: int = COMPOUND, joint: int | None = None) -> list[Food]:
        """What answers to all the words of a name at least so well, the best first."""
        said = said_in(words, joint)
        graded = [(answers(food, said), food) for food in self._having(words)]
        fitting = [(grade, food) for grade, food in graded if grade <= worst]
        return [food for grade, food in sorted(fitting, key=lambda each: self._rank(each[0], each[1], said))]

    def is_clear(self, words: list[str], food: Food, joint: int | None = None) -> bool:
        """Whether a food is what the words say, and no other that has them in its names."""
        return answers(food, said_in(words, joint)) <= KIND

    def is_one_food(self, words: list[str], joint: int) -> bool:
        """Whether what is joined is a food by itself, such as "rice and beans"."""
        said = said_in(words, joint)
        names = [name for food in self._having(words) for name in names_of(food)]
        return any(name.answers(said) == EXACT or name.nearly_joins(said) for name in names)

    def _having(self, words: list[str]) -> list[Food]:
        """What was looked up for a name; nothing for one that says nothing."""
        return self._found.get(fragments_of(words), [])

    def look_up_portions(self, foods: Iterable[Food]) -> None:
        """Find the portions of some foods, and what the person measured of them. Three statements."""
        new = {food.id: food for food in foods if food.id not in self._choices}
        if new:
            db.session.scalars(
                select(Food).where(Food.id.in_(new)).options(selectinload(Food.portions), load_only(Food.id))
            ).all()
        self._choices |= PortionChoices.of_foods(new.values(), self.person)

    def choices(self, food: Food) -> PortionChoices:
        """The portions of a food that was looked up."""
        return self._choices[food.id]

    def _rank(self, grade: int, food: Food, said: Said) -> tuple:
        """The own foods first, then by how well it answers, how usual it is, and if it was had lately."""
        steps = grade - food.everyday - is_its_name(food, said)
        steps -= LOGGED_LATELY if food.id in self._recent else 0
        return not (food.is_own and grade < COMPOUND), steps, grade, len(food.name), food.folded_name, food.id

    def _foods(self, ids: set[UUID]) -> dict[UUID, Food]:
        foods = Food.visible_to(self.person).where(Food.id.in_(ids))
        return {food.id: food for food in db.session.scalars(foods)}

    @cached_property
    def _recent(self) -> set[UUID]:
        """What this person logged lately. One statement."""
        return set(db.session.scalars(logged_lately(self.person).distinct().limit(MOST_RECENT)))


def fragments_of(words: list[str]) -> tuple[str, ...]:
    """What to search for to find a name."""
    return tuple(sorted({fragment(word) for word in words if word not in STOP and word not in WITHOUT}))
