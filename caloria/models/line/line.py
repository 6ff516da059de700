"""A line of text as rows of food that a person can check before anything is stored."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from caloria.models.food import Food
from caloria.models.line.amounts import Quantity
from caloria.models.line.candidates import Candidates, keys_in
from caloria.models.line.grammar import MOST_ITEMS, Item, parse
from caloria.models.line.naming import EXACT, KIND, MENTIONED
from caloria.models.line.portions import Serving, serving
from caloria.models.line.words import HOW, WITHOUT
from caloria.models.portion_choices import PortionChoices
from caloria.models.user import User

MOST_FOODS = 5
LONGEST_NAME = 7


@dataclass
class Row:
    """One thing of a line: how it was written, the foods that it may be with the likeliest first, how much."""

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
    is_sure: bool = True


class Line:
    """What a person typed, read as foods in amounts. Nothing is stored."""

    def __init__(self, person: User, text: str):
        self.person, self.text = person, text
        self.items = parse(text, person.units, person.language)
        self.candidates = Candidates(person)

    @cached_property
    def rows(self) -> list[Row]:
        """One row for each food, and one for each part that nobody knows, in the order of the text."""
        self.candidates.look_up([name for item in self.items for name in _runs(item)])
        parts = [part for item in self.items for part in self._parts(item)]
        self._find_less([part for part in parts if not part.foods])
        self.candidates.look_up_portions(food for part in parts for food in part.foods)
        return [self._row(part) for part in parts[:MOST_ITEMS]]

    def choices(self, food: Food) -> PortionChoices:
        """The portions of a food that this person can choose among."""
        return self.candidates.choices(food)

    def _parts(self, item: Item) -> Iterator[_Part]:
        """Cut an item where one food ends: the longest run that is the name of one food goes first."""
        at = 0
        while at < len(item.parts):
            length = next(
                (n for n in range(len(item.parts) - at, 1, -1) if self._is_one_food(item.parts[at : at + n])), 1
            )
            words = [word for part in item.parts[at : at + length] for word in part]
            quantity = item.quantity if at <= item.measured < at + length else Quantity()
            is_all = length == len(item.parts)
            text = item.text if is_all else _text(item, at, length)
            yield _Part(words, text, quantity, self.candidates.answering(words, MENTIONED)[:MOST_FOODS])
            at += length

    def _is_one_food(self, parts: list[list[str]]) -> bool:
        words = [word for part in parts for word in part]
        return bool(self.candidates.answering(words, EXACT))

    def _find_less(self, parts: list[_Part]) -> None:
        """Find parts by fewer of their words, for whoever writes "fresh" or "grandma's"; else by repair."""
        self.candidates.look_up([less for part in parts for less in _fewer(part.words)])
        for part in parts:
            part.is_sure = False
            found = (self.candidates.answering(less, KIND)[:MOST_FOODS] for less in _fewer(part.words))
            part.foods = next(filter(None, found), []) or self.candidates.repaired(part.words, MOST_FOODS)

    def _row(self, part: _Part) -> Row:
        if not part.foods:
            return Row(part.text)
        how_much = serving(self.choices(part.foods[0]), part.quantity, part.words)
        return Row(part.text, part.foods, how_much, part.is_sure and how_much.is_sure)


def _runs(item: Item) -> Iterator[list[str]]:
    """Every run of an item's parts, each of which may be one food."""
    for start in range(len(item.parts)):
        for end in range(start + 1, min(start + 3, len(item.parts)) + 1):
            yield [word for part in item.parts[start:end] for word in part]


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
    cut = next((at for at, word in enumerate(words) if word in WITHOUT), len(words))
    fewer = [words[:cut], [word for word in words if word not in HOW]]
    fewer += [words[at:] for at in range(1, len(words))]
    fewer += [words[:end] for end in range(len(words) - 1, 0, -1)]
    fewer.sort(key=len, reverse=True)
    seen: list[list[str]] = []
    for each in fewer:
        if each and each != words and each not in seen and keys_in(each) and max(map(len, each)) > 2:
            seen.append(each)
    return seen
