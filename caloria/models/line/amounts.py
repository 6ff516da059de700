"""Reading an amount where one begins: "2", "1 1/2 cups of", "half a dozen", "2 x 30 g", "uno y medio"."""

from dataclasses import dataclass, replace

from caloria.models.line.tokens import MOST, Token
from caloria.models.line.words import (
    AFTER_ARTICLE,
    ARTICLES,
    CUPS,
    DOZENS,
    FRACTIONS,
    HALVES,
    HOUSEHOLD,
    LONGEST_PHRASE,
    MEASURES,
    NUMBERS,
    OF,
    SIZES,
    THE,
    TIMES,
    TO,
    Unit,
)
from caloria.models.units import ML_PER_METRIC_CUP, ML_PER_US_CUP


@dataclass(frozen=True)
class Quantity:
    """How much: so many of a unit, perhaps of a size. Without a number nothing was said."""

    number: float | None = None
    unit: Unit | None = None
    size: str | None = None

    @property
    def is_measured(self) -> bool:
        """Whether it is a weight or a volume that every food has."""
        return self.unit is not None and bool(self.unit.grams or self.unit.ml)

    def times(self, other: "Quantity") -> "Quantity":
        """So many times another quantity: 2 × 30 g. More than anybody eats is not known."""
        number = (self.number or 1) * (other.number or 1)
        return replace(other, number=number if number <= MOST else None, size=other.size or self.size)


class Reader:
    """Reads amounts from tokens; each method gives what it found and where it ends, or None."""

    def __init__(self, tokens: list[Token], units: str = "metric"):
        self.tokens = tokens
        self.words = [token.word for token in tokens]
        self.ml_per_cup = ML_PER_US_CUP if units == "us" else ML_PER_METRIC_CUP

    def word(self, at: int) -> str:
        return self.words[at] if at < len(self.words) else ""

    def is_number(self, at: int) -> bool:
        """Whether a number begins here that is no article."""
        return at < len(self.tokens) and (self.tokens[at].kind == "number" or self.word(at) in NUMBERS)

    def quantity(self, at: int) -> tuple[Quantity, int] | None:
        """The quantity that begins here: a number with what follows it, or a unit alone ("glass of milk")."""
        found = self.number(at)
        if found is None:
            return self._unit_alone(at)
        number, at = found
        if multiplied := self._multiplied(number, at):
            return multiplied
        size, at = self.size(at)
        unit, at = self._unit_of_something(at)
        more, at = self.and_a_half(at) if unit else (0.0, at)
        return self._of_each(Quantity(None if number is None else number + more, unit, size), at)

    def _past_container(self, at: int) -> int:
        """What a weight or a volume came in says nothing more: "a 330 ml can of"."""
        found = self.unit(at)
        return found[1] if found and not (found[0].grams or found[0].ml) and self.word(found[1]) in OF else at

    def _multiplied(self, number, at: int):
        if self.word(at) not in TIMES:
            return None
        each = self.quantity(at + 1) if self.is_number(at + 1) else None
        if each is None:
            return Quantity(number), at + 1
        return Quantity(number).times(each[0]), each[1]

    def _of_each(self, quantity: Quantity, at: int):
        """What each of them holds: "2 cans of 330 ml"; and "2 x 330 ml cans" is no more than 660 ml."""
        after = at + 1 if self.word(at) in OF else at
        if quantity.unit and not quantity.is_measured and self.is_number(after) and after > at:
            each = self.quantity(after)
            if each and each[0].is_measured:
                return quantity.times(each[0]), each[1]
        if quantity.is_measured:
            after = self._past_container(after)
            after += self.word(after) in OF
        return quantity, after

    def _unit_alone(self, at: int):
        """A unit that stands for one of it: "glass of milk", "kilo y medio de patatas"."""
        size, behind = self.size(at)
        found = self.unit(behind)
        if found is None:
            return None
        unit, end = found
        more, end_with_half = self.and_a_half(end)
        if not more and self.word(end) not in OF:
            return None
        return Quantity(1.0 + more, unit, size), end_with_half + (self.word(end_with_half) in OF)

    def number(self, at: int) -> tuple[float | None, int] | None:
        """The number that begins here; None in its place where it is more than one can eat."""
        found = self._plain_number(at)
        if found is None:
            return None
        number, at = found
        if self.word(at) in TO and self.tokens[at - 1].kind == "number" and self._digits(at + 1):
            upper = self.tokens[at + 1].number
            number, at = (number + upper) / 2 if number and upper else None, at + 2
        more, at = self.and_a_half(at)
        if self.word(at) in DOZENS:
            return number and (number + more) * 12, at + 1
        return number and number + more, at

    def _digits(self, at: int) -> bool:
        return at < len(self.tokens) and self.tokens[at].kind == "number"

    def _plain_number(self, at: int):
        word = self.word(at)
        if self._digits(at):
            return self._fraction_of(self.tokens[at].number, at + 1)
        if word in HALVES:
            return FRACTIONS[word], self._past_article(at + 1)
        if word in ARTICLES:
            # "a 330 ml can": the article says nothing
            return self._plain_number(at + 1) if self._digits(at + 1) else self._after_article(at + 1)
        if word in DOZENS:
            return 1.0, at
        if word == "times" or word not in NUMBERS or word in AFTER_ARTICLE:
            return (FRACTIONS[word], self._past_article(at + 1)) if self._is_quarter(at) else None
        return self._fraction_of(NUMBERS[word], at + 1)

    def _after_article(self, at: int):
        word = self.word(at)
        if word in AFTER_ARTICLE:
            return NUMBERS[word], at + 1
        if word in FRACTIONS and self.word(at - 1) != "uno":
            return FRACTIONS[word], self._past_article(at + 1)
        # "pollo a la plancha", "un a un": no amount
        return None if word in THE else (1.0, at)

    def _is_quarter(self, at: int) -> bool:
        """A quarter or a third without a number: "quarter pound", "cuarto de kilo"."""
        after = self._past_article(at + 1)
        return self.word(at) in FRACTIONS and self.unit(after) is not None

    def _fraction_of(self, number, at: int):
        """Three quarters of a cup."""
        word = self.word(at)
        if word in FRACTIONS and word not in HALVES and number and number < 10:
            return number * FRACTIONS[word], self._past_article(at + 1)
        return number, at

    def _past_article(self, at: int) -> int:
        """Skip the article of "half of a cup", "half the pizza"."""
        behind = at + 1 if self.word(at) in OF else at
        if self.word(behind) in ARTICLES or self.word(behind) in THE:
            return behind + 1
        return behind if self.unit(behind) else at

    def and_a_half(self, at: int) -> tuple[float, int]:
        if self.word(at) in ("and", "y", "&"):
            behind = at + 1 + (self.word(at + 1) in ("a", "an", "un"))
            if self.word(behind) in FRACTIONS and self.word(behind + 1) not in (*ARTICLES, *OF, *DOZENS):
                return FRACTIONS[self.word(behind)], behind + 1
            if self.word(behind) in FRACTIONS and self.word(behind + 1) in OF:
                return FRACTIONS[self.word(behind)], behind + 1
        return 0.0, at

    def size(self, at: int) -> tuple[str | None, int]:
        found = _longest(SIZES, self.words, at)
        return found or (None, at)

    def unit(self, at: int) -> tuple[Unit, int] | None:
        """The unit that is written here."""
        if (found := _longest(MEASURES, self.words, at)) is None:
            if _longest(CUPS, self.words, at):
                found = Unit("cup", ml=self.ml_per_cup), at + 1
            else:
                found = _longest(HOUSEHOLD, self.words, at)
        if found and self.word(found[1]) == "." and found[0].ml != found[0].grams:
            return found[0], found[1] + 1
        return found

    def _unit_of_something(self, at: int) -> tuple[Unit | None, int]:
        return self.unit(at) or (None, at)


def _longest(table: dict, words: list[str], at: int):
    for length in range(min(LONGEST_PHRASE, len(words) - at), 0, -1):
        if (found := table.get(tuple(words[at : at + length]))) is not None:
            return found, at + length
    return None
