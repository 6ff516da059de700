"""How the files of each tracker look: by which columns they are known, and how a row of them is read.

Columns are found by their names, wherever they stand, and without the units that are part of those.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypedDict

from caloria.models.day_note import LONGEST_NOTE
from caloria.models.imported.amounts import grams_of, plain, quantity
from caloria.models.imported.body import Measure, measure_of_column, measure_of_metric
from caloria.models.imported.table import Table
from caloria.models.imported.trouble import BadCell
from caloria.words import N_

FOODS, DAYS, BODY, NOTES = "foods", "days", "body", "notes"
# Of whom a table may be that looks the same everywhere.
ANYBODY = ""
NO_NAME = N_("There is no name of a food in this row.")
TRUE = {"true", "1", "yes", "y"}

TRACKERS = {
    "myfitnesspal": "MyFitnessPal",
    "cronometer": "Cronometer",
    "loseit": "Lose It!",
    "macrofactor": "MacroFactor",
    "sparkyfitness": "SparkyFitness",
    # Its own exports, which are not read by columns.
    "caloria": "Caloria",
}


class Measured(TypedDict):
    """How much of a food it was."""

    amount: float | None
    unit: str
    grams: float | None


@dataclass(frozen=True)
class Said:
    """What a row says beside its day and its nutrients."""

    name: str
    meal: str = ""
    brand: str = ""
    amount: float | None = None
    unit: str = ""
    grams: float | None = None
    # What tells it from the other rows of its day, where not the rest does.
    key: str | None = None
    note: str = ""
    # What a row measures, where it says so itself; otherwise its columns do.
    measure: Measure | None = None


@dataclass(frozen=True)
class Cells:
    """A row by the names of its columns."""

    places: Mapping[str, int]
    row: list[str]
    sign: str

    def __getitem__(self, name: str) -> str:
        place = self.places.get(name)
        return "" if place is None else self.row[place].strip()

    def __contains__(self, name: str) -> bool:
        return name in self.places

    def text(self, *names: str, longest: int = 200) -> str:
        return plain(next(filter(None, (self[name] for name in names)), ""), longest)


@dataclass(frozen=True)
class Layout:
    """One kind of file of a tracker."""

    tracker: str
    holds: str
    needs: frozenset[str]
    said: Callable[[Cells], Said | None]
    lacks: frozenset[str] = frozenset()
    # Columns that are per cent of a daily value, not masses, unless a unit stands behind them.
    not_mass: frozenset[str] = frozenset()
    date: tuple[str, ...] = ("date", "day")

    def fits(self, table: Table) -> bool:
        names = table.names
        known = self.needs <= names and not self.lacks & names and any(name in names for name in self.date)
        return known and (
            self.holds != BODY or "metric" in self.needs or any(map(measure_of_column, table.columns))
        )


def _named(cells: Cells, *names: str) -> str:
    if name := cells.text(*names):
        return name
    raise BadCell(NO_NAME)


def _myfitnesspal(cells: Cells) -> Said:
    """It exports no names of foods: a row is a meal, or one food of it where there is a time."""
    meal = cells.text("meal", longest=100)
    key = None if "time" in cells else f"meal {meal}"
    note = cells.text("note", longest=LONGEST_NOTE)
    return Said(name=f"MyFitnessPal {meal}".strip(), meal=meal, key=key, note=note)


def _cronometer(cells: Cells) -> Said:
    amount, unit = quantity(cells["amount"], cells.sign)
    said: Measured = {"amount": amount, "unit": unit, "grams": grams_of(amount, unit)}
    return Said(name=_named(cells, "food name"), meal=cells.text("group", longest=100), **said)


def _cronometer_day(cells: Cells) -> Said | None:
    """A day or a group of it; the row of totals beside groups says the same again."""
    group = cells.text("group", longest=100)
    if group.casefold() == "total":
        return None
    return Said(name=f"Cronometer {group}".strip(), meal=group, key=f"day {group}")


def _loseit(cells: Cells) -> Said | None:
    if cells["deleted"].casefold() in TRUE:
        return None
    unit = cells.text("units", longest=100)
    amount, _rest = quantity(cells["quantity"], cells.sign)
    said: Measured = {"amount": amount, "unit": unit, "grams": grams_of(amount, unit)}
    return Said(name=_named(cells, "name"), meal=cells.text("meal", "type", longest=100), **said)


def _macrofactor(cells: Cells) -> Said:
    amount, _rest = quantity(cells["serving qty"], cells.sign)
    unit = cells.text("serving size", longest=100)
    weighed, _rest = quantity(cells["serving weight"], cells.sign)
    # It does not say whether of one or of all of them.
    grams = grams_of(amount, unit) or (weighed if amount == 1 else None)
    return Said(
        name=_named(cells, "food name"), meal=cells.text("meal"), amount=amount, unit=unit, grams=grams
    )


def _macrofactor_day(_cells: Cells) -> Said:
    return Said(name="MacroFactor", key="day")


def _sparkyfitness(cells: Cells) -> Said:
    amount, _rest = quantity(cells["quantity"], cells.sign)
    unit = cells.text("unit", longest=100)
    said: Measured = {"amount": amount, "unit": unit, "grams": grams_of(amount, unit)}
    name = _named(cells, "food name", "meal name")
    return Said(name=name, meal=cells.text("meal type", longest=100), brand=cells.text("brand"), **said)


def _body(cells: Cells) -> Said | None:
    """What was deleted there is not taken."""
    return None if cells["deleted"].casefold() in TRUE else Said(name="")


def _cronometer_body(cells: Cells) -> Said | None:
    metric = cells.text("metric")
    return Said(name="", measure=measure_of_metric(metric, cells["unit"])) if metric else None


def _note(cells: Cells) -> Said | None:
    return Said(name="", note=note) if (note := cells.text("note", longest=LONGEST_NOTE)) else None


def _of(tracker: str, holds: str, needs: str, said, **more) -> Layout:
    return Layout(tracker, holds, frozenset(filter(None, needs.split(","))), said, **more)


# What stands beside figures of food or exercise is none of a body.
EATEN = frozenset({"calories", "energy", "exercise", "protein", "name"})
PERCENT = frozenset({"vitamin a", "vitamin c", "calcium", "iron"})
# What fits first is taken: what says most of itself comes first.
LAYOUTS = (
    _of("cronometer", FOODS, "group,food name,amount", _cronometer),
    _of("cronometer", BODY, "metric,unit,amount", _cronometer_body),
    _of("cronometer", NOTES, "group,note", _note),
    _of("cronometer", DAYS, "energy,net carbs,carbs,completed", _cronometer_day),
    _of("loseit", FOODS, "name,quantity,units,calories", _loseit, lacks=frozenset({"food name"})),
    _of("loseit", BODY, "last updated,deleted", _body, lacks=EATEN),
    _of("sparkyfitness", FOODS, "meal type,food name,quantity,unit", _sparkyfitness, not_mass=PERCENT),
    _of("macrofactor", FOODS, "food name,serving size,serving qty", _macrofactor),
    _of("myfitnesspal", FOODS, "meal,calories,saturated fat,carbohydrates", _myfitnesspal, not_mass=PERCENT),
    _of("macrofactor", DAYS, "calories,fat,carbs,protein", _macrofactor_day),
    _of("macrofactor", BODY, "weight,fat percent", _body),
    _of(ANYBODY, BODY, "", _body, lacks=EATEN),
    _of(ANYBODY, NOTES, "note", _note, lacks=EATEN),
)
