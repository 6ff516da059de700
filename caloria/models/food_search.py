"""Finding a food by what somebody types: any of its names, in any order, with a slip in it."""

from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Select, Uuid, literal, select, union_all
from sqlalchemy.orm import joinedload

from caloria.extensions import db
from caloria.models.food import Food, folded
from caloria.models.food_matches import LAST, Alternatives, FoodMatches, Match, logged_since
from caloria.models.food_word import meant_among, remains_of
from caloria.models.line.naming import Named, names_of
from caloria.models.open_food import OpenFood
from caloria.models.user import User
from caloria.models.word_forms import has_all, key, words_of

# So many foods that have all the words are weighed against each other; with so many nobody need look further.
WEIGHED_AT_MOST, ENOUGH = 200, 30
# Where fewer of everybody's foods are found than this, products are shown too.
FEW = 8
# Nobody types more words to find a food; the rest is not looked for.
MOST_WORDS = 12
# Of what is not everyday, so few may be misspelt in the way in which the words were typed.
RARE = 3
# What was logged is recent for so long.
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
# How far what is sold in a packet is from the food itself.
BRANDED = 2


class FoodSearch:
    """The foods that one person can find; with products, those of Open Food Facts where foods are few."""

    def __init__(self, person: User, products: bool = False):
        self.person, self.few = person, FEW if products else 0

    def find(self, text: str, most: int = 30) -> list[Food | OpenFood]:
        """What answers to a text, the likeliest first. Two statements, and one more for slips."""
        said = words_of(text)
        words = list(dict.fromkeys(said or folded(text).split()))[:MOST_WORDS]
        if not words:
            return []
        found, known = self._ranked(words, [[word] for word in words], remains_of(said[:MOST_WORDS]))
        if said and _may_be_a_slip(words, found) and (meant := meant_among(known, words)):
            fitting = [each for each in found if grade(words, each) < FAR]
            found = fitting + self._ranked([each[0] for each in meant], meant)[0] + found
            # Products stand behind everybody's foods, also behind those that were only meant.
            found.sort(key=lambda each: each.is_product)
        return self._foods(found, most)

    def _ranked(
        self, words: list[str], alternatives: Alternatives, remains: Iterable[str] = ()
    ) -> tuple[list[Match], dict[str, int]]:
        """What has one of the alternatives for every word, the nearest first; and known words."""
        since = self.person.today() - RECENT
        matches = FoodMatches(self.person, WEIGHED_AT_MOST, ENOUGH, since, self.few)
        [found], known = matches.with_words([alternatives], set(remains))
        return sorted(found, key=lambda each: self._weight(words, each)), known

    def _weight(self, words: list[str], food: Match) -> tuple:
        """How far from what was meant a food is: by its names, by how usual it is, and by whose it is."""
        graded = grade(words, food)
        mine = (OWN * food.is_own + LOGGED_LATELY * food.lately) if graded <= FITTING else 0
        branded = BRANDED if food.brand and not food.is_own else 0
        steps = graded - food.everyday - mine + branded
        usual = (not mine, food.tier, -food.popularity, len(food.name))
        return (food.is_product, steps, *usual, food.folded_name, food.id)

    def _foods(self, found: list[Match], most: int) -> list[Food | OpenFood]:
        """The first foods with their portions, in the order in which they were found. One statement."""
        first = list({each.id: each for each in found}.values())[:most]
        wanted = _foods_and_products if any(each.is_product for each in first) else _foods_alone
        foods = wanted([each.id for each in first]) if first else {}
        taken = {food.gtin for food in foods.values() if isinstance(food, Food) and food.gtin}
        ordered = (foods[each.id] for each in first if each.id in foods)
        return [food for food in ordered if isinstance(food, Food) or food.gtin not in taken]


def _foods_alone(ids: list[UUID]) -> dict[UUID, Food | OpenFood]:
    some = select(Food).where(Food.id.in_(ids)).options(joinedload(Food.portions))
    return {food.id: food for food in db.session.scalars(some).unique()}


def _foods_and_products(ids: list[UUID]) -> dict[UUID, Food | OpenFood]:
    """Both kinds in one statement: every id is that of one or the other."""
    wanted = union_all(*(select(literal(id, Uuid()).label("id")) for id in ids)).subquery()
    some = select(Food, OpenFood).select_from(wanted)
    some = some.outerjoin(Food, Food.id == wanted.c.id).outerjoin(OpenFood, OpenFood.id == wanted.c.id)
    rows = db.session.execute(some.options(joinedload(Food.portions))).unique()
    return {each.id: each for row in rows for each in row if each is not None}


def logged_lately(person: User) -> Select:
    """Select the ids of the foods that a person logged lately."""
    return logged_since(person, person.today() - RECENT)


def _may_be_a_slip(words: list[str], found: list[Match]) -> bool:
    """Whether hardly anything has the words; among millions, some food is misspelt in the same way."""
    fitting = [each for each in found if grade(words, each) < FAR]
    if len(words) > 1 or len(fitting) >= RARE:
        return not fitting
    return not any(each.tier < LAST and has_all(words, each.folded_name) for each in fitting)


def grade(words: list[str], food: Named) -> int:
    """How far the nearest name of a food is from some words; 0 is just the same."""
    said = [(name.text, name.is_spanish) for name in names_of(food)]
    if food.brand:
        # With its brand behind it no name would be just what was typed.
        said.append((food.name, False))
    return min(_distance(words, *_parts(*each)) for each in said)


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
