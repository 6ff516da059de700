"""The nutrients of which a person gets least, and the foods that supply them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from caloria.models.nutrients import Sum

SHOWN, SUPPLIERS = 5, 3
# A sum that is known for less of what was eaten says too little: it is not called low.
KNOWN_ENOUGH = 0.6


@dataclass(frozen=True)
class Supply:
    """How much of a nutrient a day has, of how much is needed, and which foods give most of it."""

    name: str
    a_day: Sum
    needed: float
    foods: list[tuple[str, float]]  # each with its share of what is known, from 0 to 1

    @property
    def share(self) -> float:
        return (self.a_day.amount or 0.0) / self.needed


@dataclass(frozen=True)
class Lowest:
    supplies: list[Supply]
    too_little_known: list[str]
    days: int
    is_known: bool  # of one of them at least, so that something can be said


def lowest(foods: Mapping[str, Sequence[Any]], needed: Mapping[str, float], days: int) -> Lowest:
    """From what each food supplied over so many complete days, and what an adult needs a day."""
    entries = sum(foods["entries"])
    means = {name: _a_day(name, foods, entries, days) for name in needed}
    known = [name for name, a_day in means.items() if _says_enough(a_day)]
    unknown = [name for name in means if name not in known]
    every = [Supply(name, means[name], needed[name], []) for name in known]
    low = sorted((each for each in every if each.share < 1), key=lambda each: each.share)
    shown = [replace(each, foods=_suppliers(each.name, foods)) for each in low[:SHOWN]]
    return Lowest(shown, unknown, days, bool(known))


def _says_enough(a_day: Sum) -> bool:
    return a_day.known >= KNOWN_ENOUGH * a_day.of


def _a_day(name: str, foods: Mapping[str, Sequence[Any]], entries: int, days: int) -> Sum:
    known = sum(foods[f"known_{name}"])
    return Sum(sum(filter(None, foods[name])) / days if known else None, known, entries)


def _suppliers(name: str, foods: Mapping[str, Sequence[Any]]) -> list[tuple[str, float]]:
    given = [(food, amount) for food, amount in zip(foods["name"], foods[name], strict=True) if amount]
    total = sum(amount for _food, amount in given)
    return [(food, amount / total) for food, amount in sorted(given, key=lambda pair: -pair[1])[:SUPPLIERS]]
