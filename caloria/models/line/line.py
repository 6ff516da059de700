"""A line of text as rows of food that a person can check before anything is stored."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from caloria.models.food import Food
from caloria.models.kept import cached_property
from caloria.models.line.amounts import Quantity
from caloria.models.line.candidates import Candidates, repaired, said_in
from caloria.models.line.grammar import MOST_ITEMS, Item, parse
from caloria.models.line.naming import EXACT, KIND
from caloria.models.line.portions import Serving, serving
from caloria.models.line.words import HOUSEHOLD, HOW, WITHOUT
from caloria.models.portion_choices import PortionChoices
from caloria.models.user import User

MOST_FOODS = 5
LONGEST_NAME = 7
# How much less usual a food may be that has the portion that was said.
LESS_USUAL = 3


@dataclass
class Row:
    """One thing of a line: how it was written, the foods that it may be, the likeliest first, how much."""

    text: str
    foods: list[Food] = field(default_factory=list)
    serving: Serving | None = None
    is_sure: bool = False

    def take(self, food: Food, serving: Serving) -> None:
        """Say what a person chose: perhaps another food, portion or amount."""
        self.foods = [food, *(each for each in self.foods if each.id != food.id)]
        self.serving, self.is_sure = serving, True

    @property
    def is_unknown(self) -> bool:
        return not self.foods

    @property
    def food(self) -> Food | None:
        return self.foods[0] if self.foods else None

    @property
    def energy_kcal(self) -> float | None:
        """The energy of the serving; None where it is not known."""
        if self.serving is None or self.food is None or self.food.energy_kcal is None:
            return None
        return self.food.energy_kcal * self.serving.grams / 100


@dataclass
class _Part:
    """A part of an item that is one food, or perhaps none."""

    words: list[str]
    text: str
    quantity: Quantity
    foods: list[Food]
    is_sure: bool


class Line:
    """What a person typed, read as foods in amounts. Nothing is stored."""

    def __init__(self, person: User, text: str):
        self.person, self.text = person, text
        self.items = parse(text, person.units, person.language)
        self.candidates = Candidates(person)

    @property
    def says_how_much(self) -> bool:
        """Whether it tells of more than one food, or how much of it: then it is no search."""
        return len(self.items) > 1 or any(item.quantity.number is not None for item in self.items)

    @property
    def is_of_several(self) -> bool:
        """Whether it may be several foods, or one whose name has "and" in it."""
        return any(len(item.parts) > 1 for item in self.items)

    @cached_property
    def rows(self) -> list[Row]:
        """One row for each food, and one for each part that nobody knows, in the order of the text."""
        self.candidates.look_up([name for item in self.items for name in _runs(item)])
        parts = [part for item in self.items for part in self._parts(item)][:MOST_ITEMS]
        missing = [part for part in parts if not part.foods]
        self._find_repaired(missing)
        self._find_less([part for part in missing if not part.foods])
        self.candidates.look_up_portions(food for part in parts for food in part.foods)
        return [self._row(part) for part in parts]

    def choices(self, food: Food) -> PortionChoices:
        """The portions of a food that this person can choose among."""
        return self.candidates.choices(food)

    def take(self, number: int, food: Food, serving: Serving) -> None:
        """Say what the person chose of a row: perhaps another food, portion or amount."""
        self.candidates.look_up_portions([food])
        self.rows[number].take(food, serving)

    def _parts(self, item: Item) -> Iterator[_Part]:
        """Cut an item where one food ends: the longest run that is the name of one food goes first."""
        at = 0
        while at < len(item.parts):
            length = next((n for n in range(len(item.parts) - at, 1, -1) if self._is_one(item, at, n)), 1)
            words = _words(item, at, length)
            text = item.text if length == len(item.parts) else _text(item, at, length)
            joint = len(item.parts[at])
            words = words if self.candidates.answering(words) else _but_without(words)
            foods = self.candidates.answering(words, joint=joint)[:MOST_FOODS]
            is_sure = bool(foods) and self.candidates.is_clear(words, foods[0], joint)
            part = _Part(words, text, _quantity(item, at, length), foods, is_sure)
            yield self._with_unit_behind(part) or part
            at += length

    def _with_unit_behind(self, part: _Part) -> _Part | None:
        """A part whose last word is the unit, as in "2 bread slices", where that is no name by itself."""
        words, unit = part.words[:-1], HOUSEHOLD.get(tuple(part.words[-1:]))
        is_name = bool(self.candidates.answering(part.words, EXACT))
        if is_name or unit is None or part.quantity.unit or part.quantity.number is None:
            return None
        foods = self.candidates.answering(words, EXACT)[:MOST_FOODS]
        return _Part(words, part.text, replace(part.quantity, unit=unit), foods, True) if foods else None

    def _is_one(self, item: Item, at: int, length: int) -> bool:
        return self.candidates.is_one_food(_words(item, at, length), len(item.parts[at]))

    def _find_repaired(self, parts: list[_Part]) -> None:
        """Find parts in which a word is misspelt."""
        variants = repaired([part.words for part in parts]) if parts else []
        self.candidates.look_up([name for names in variants for name in names])
        for part, names in zip(parts, variants, strict=True):
            part.is_sure = False
            worst = EXACT if len(part.words) == 1 else KIND
            found = [self.candidates.answering(name, worst)[:MOST_FOODS] for name in names]
            part.foods = min(filter(None, found), key=lambda foods: -foods[0].everyday, default=[])
            part.words = names[0] if names and not part.foods else part.words

    def _find_less(self, parts: list[_Part]) -> None:
        """Find parts by fewer of their words, for whoever writes "fresh" or "grandma's"."""
        self.candidates.look_up([less for part in parts for less in _fewer(part.words)])
        for part in parts:
            found = (self.candidates.answering(less, KIND)[:MOST_FOODS] for less in _fewer(part.words))
            part.foods = next(filter(None, found), [])

    def _row(self, part: _Part) -> Row:
        """The likeliest food; where it has no such portion as was said, perhaps one that has."""
        servings = [serving(self.choices(food), part.quantity, part.words) for food in part.foods]
        if not servings:
            return Row(part.text)
        at = next((at for at, each in enumerate(servings) if self._is_as_said(part, at, each)), 0)
        foods = [part.foods[at], *part.foods[:at], *part.foods[at + 1 :]]
        return Row(part.text, foods, servings[at], part.is_sure and servings[at].is_sure)

    def _is_as_said(self, part: _Part, at: int, how_much: Serving) -> bool:
        usual_enough = part.foods[at].everyday >= part.foods[0].everyday - LESS_USUAL
        return part.quantity.unit is None or (how_much.is_sure and usual_enough)


def _words(item: Item, at: int, length: int) -> list[str]:
    return [word for part in item.parts[at : at + length] for word in part]


def _quantity(item: Item, at: int, length: int) -> Quantity:
    """What was said of how much there is of a run of parts."""
    size = next(filter(None, item.sizes[at : at + length]), None)
    quantity = item.quantity if at <= item.measured < at + length else Quantity()
    return replace(quantity, size=quantity.size or size)


def _but_without(words: list[str]) -> list[str]:
    """A name without what it is said to have not."""
    return words[: next((at for at, word in enumerate(words) if word in WITHOUT), len(words))]


def _runs(item: Item) -> Iterator[list[str]]:
    """Every run of an item's parts, each of which may be one food."""
    for start in range(len(item.parts)):
        for end in range(start + 1, min(start + 3, len(item.parts)) + 1):
            yield (words := _words(item, start, end - start))
            yield _but_without(words)
            if tuple(words[-1:]) in HOUSEHOLD:
                yield words[:-1]


def _text(item: Item, at: int, length: int) -> str:
    """How a run of parts was written, the first with its amount."""
    last = item.texts[at + length - 1]
    if at == 0:
        return item.text[: item.text.find(last) + len(last)] if last in item.text else last
    first = item.text.rfind(item.texts[at])
    return item.text[first : item.text.find(last, first) + len(last)]


def _fewer(words: list[str]) -> list[list[str]]:
    """A name with fewer words, from the likeliest: without what it has not, without how it was prepared,
    without its first words (English says more before the noun) or its last (Spanish behind it)."""
    words = words[:LONGEST_NAME]
    fewer = [_but_without(words), [word for word in words if word not in HOW]]
    fewer += [words[at:] for at in range(1, len(words))]
    fewer += [words[:end] for end in range(len(words) - 1, 0, -1)]
    fewer.sort(key=len, reverse=True)
    seen: list[list[str]] = []
    for each in fewer:
        if each and each != words and each not in seen and said_in(each).words and max(map(len, each)) > 2:
            seen.append(each)
    return seen
