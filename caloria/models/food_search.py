"""Finding a food by what somebody types: any of its names, in any order, with a slip in it."""

from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import selectinload

from caloria.extensions import db
from caloria.models.entry import Entry
from caloria.models.food import Food, folded
from caloria.models.food_word import FoodWord
from caloria.models.kept import cached_property
from caloria.models.line.naming import names_of
from caloria.models.user import User
from caloria.models.word_forms import fragment, key, words_of

# So many foods that have all the words are weighed against each other, and food is recent for so long.
WEIGHED_AT_MOST = 200
RECENT = timedelta(days=28)
# What a food of one's own, and one that was logged lately, is worth in steps of how usual a food is.
OWN, LOGGED_LATELY = 30, 6
# How good a name has to be to make that count: "oat" is no reason to show yesterday's goat cheese first.
FITTING = 6
# How far a word of a name is from the typed one that it begins with, that stands within it, that isn't there.
BEGINNING, INSIDE, FAR = 2, 8, 20
# How far a food is of which the word says what it is, such as rye bread, or which only mentions it.
A_KIND, MENTIONED = 3, 6
# And a food whose name has the words the other way round: chocolate milk is no milk chocolate.
TURNED_ROUND = 4


class FoodSearch:
    """The foods that one person can find."""

    def __init__(self, person: User):
        self.person = person

    def find(self, text: str, most: int = 30) -> list[Food]:
        """What answers to a text, the likeliest first. Two statements, and two more for slips."""
        words = words_of(text) or folded(text).split()
        if not words:
            return []
        found = self._ranked(words, self._having([[word] for word in words]))
        if not found and (meant := FoodWord.meant_by(words)):
            found = self._ranked([each[0] for each in meant], self._having(meant))
        return found[:most]

    def _having(self, alternatives: list[list[str]]) -> list[tuple[Food, bool]]:
        """Foods that have one of the alternatives for every word, and whether they were logged lately."""
        has_all = [_any(Food.folded_name, each) for each in alternatives]
        rank = (self._lately, Food.owner_id.is_not(None))
        statement = (
            Food.visible_to(self.person)
            .add_columns(self._lately)
            .where(Food.archived_at.is_(None), *has_all)
            .options(selectinload(Food.portions))
            .order_by(*(each.desc() for each in rank), Food.everyday.desc(), func.length(Food.name), Food.id)
            .limit(WEIGHED_AT_MOST)
        )
        return [(food, bool(lately)) for food, lately in db.session.execute(statement)]

    @cached_property
    def _lately(self):
        """Whether the person logged a food lately."""
        return case((Food.id.in_(logged_lately(self.person)), 1), else_=0)

    def _ranked(self, words: list[str], found: Iterable[tuple[Food, bool]]) -> list[Food]:
        weighed = [(self._weight(words, food, lately), food) for food, lately in found]
        return [food for _, food in sorted(weighed, key=lambda each: each[0])]

    def _weight(self, words: list[str], food: Food, lately: bool) -> tuple:
        """How far from what was meant a food is: by its names, by how usual it is, and by whose it is."""
        graded = grade(words, food)
        mine = (OWN * food.is_own + LOGGED_LATELY * lately) if graded <= FITTING else 0
        return (graded - food.everyday - mine, len(food.name), food.folded_name, food.id)


def logged_lately(person: User):
    """Select the ids of the foods that a person logged lately."""
    mine = select(Entry.food_id).where(Entry.user_id == person.id, Entry.day > person.today() - RECENT)
    return mine.where(Entry.food_id.is_not(None), Entry.deleted_at.is_(None))


def _any(column, words: list[str]):
    return or_(*(column.contains(fragment(word), autoescape=True) for word in words))


def grade(words: list[str], food: Food) -> int:
    """How far the nearest name of a food is from some words; 0 is just the same."""
    return min(_distance(words, *_parts(name.text, name.is_spanish)) for name in names_of(food))


@lru_cache(maxsize=32768)
def _parts(name: str, is_spanish: bool) -> tuple[list[str], list[str], str]:
    """The words of a name, those before its comma, and the one that says what it is."""
    head = words_of(name.partition(",")[0].partition("(")[0])
    noun = head[0 if is_spanish else -1] if head else ""
    return words_of(name), head, noun


def _distance(words: list[str], parts: list[str], head: list[str], noun: str) -> int:
    steps = [min((_step(word, part) for part in parts), default=FAR) for word in words]
    if max(steps) == FAR:
        return FAR
    more = int(len(parts) > len(words))
    if all(any(_step(word, part) < INSIDE for word in words) for part in head):
        # It is that: "apple", "apple, raw".
        return max(steps) + more + (0 if _in_order(words, parts) else TURNED_ROUND)
    is_a_kind = any(_step(word, noun) == 0 for word in words)
    return max(steps) + more + (A_KIND if is_a_kind else MENTIONED)


def _in_order(words: list[str], parts: list[str]) -> bool:
    """Whether a name says the typed words one after the other as they were typed."""
    found = [min(range(len(parts)), key=lambda at: _step(word, parts[at])) for word in words]
    return found == sorted(found)


def _step(word: str, part: str) -> int:
    """How far a typed word is from one of a name: the same, its beginning, within it, another."""
    if key(word) == key(part):
        return 0
    if part.startswith(word):
        return BEGINNING
    return INSIDE if word in part else FAR
