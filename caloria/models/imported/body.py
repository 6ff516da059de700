"""What other trackers say of a body: weights, measurements, and water, by the names of their columns."""

from collections.abc import Mapping
from dataclasses import dataclass

from caloria.models.imported.amounts import plain
from caloria.models.imported.table import Column
from caloria.models.units import ML_PER_FLUID_OUNCE

WEIGHT, WATER = "weight", "water"
NAMES = {
    WEIGHT: ("weight", "scale weight", "body weight"),
    WATER: ("water", "water intake"),
    "Body fat": ("body fat", "body fat %", "body fat percentage", "fat percent", "fat %"),
    "Waist": ("waist", "waist size", "waist circumference"),
    "Hips": ("hips", "hip", "hip size", "hips size"),
    "Chest": ("chest", "chest size", "bust"),
    "Upper arm": ("upper arm", "arm", "arm size", "bicep", "biceps"),
    "Thigh": ("thigh", "thighs", "thigh size"),
    "Neck": ("neck", "neck size"),
    "Resting pulse": ("resting pulse", "resting heart rate"),
}
CALLED = {name: what for what, names in NAMES.items() for name in names}
UNITS: Mapping[str, Mapping[str, str]] = {
    WEIGHT: {
        **dict.fromkeys(("kg", "kgs", "kilograms"), "kg"),
        **dict.fromkeys(("lb", "lbs", "pounds"), "lb"),
    },
    "length": {**dict.fromkeys(("cm",), "cm"), **dict.fromkeys(("in", "inch", "inches", '"'), "in")},
}
ML = {"ml": 1.0, "g": 1.0, "l": 1000.0, "fl oz": ML_PER_FLUID_OUNCE, "oz": ML_PER_FLUID_OUNCE}
UNMEASURED = {"Body fat": "percent", "Resting pulse": "number"}
LONGEST_NAME = 40


@dataclass(frozen=True)
class Measure:
    """What is measured, and in which unit; without one where the file says none."""

    what: str
    unit: str | None
    title: str

    @property
    def ml(self) -> float:
        return ML[self.unit or "ml"]


def measure_of_column(column: Column) -> Measure | None:
    """What a column measures; None where it is none of these, or its unit none that we know."""
    what = CALLED.get(column.name)
    return _measure(what, column.unit, column.title) if what else None


def measure_of_metric(metric: str, unit: str) -> Measure:
    """What a row measures that says so itself: one that we do not know keeps its name, and its unit in it."""
    what = CALLED.get(metric.casefold())
    known = _measure(what, unit.casefold() or None, metric) if what else None
    if known:
        return known
    if unit == "%":
        return Measure(plain(metric, LONGEST_NAME), "percent", metric)
    if length := UNITS["length"].get(unit.casefold()):
        return Measure(plain(metric, LONGEST_NAME), length, metric)
    return Measure(plain(f"{metric} ({unit})" if unit else metric, LONGEST_NAME), "number", metric)


def _measure(what: str, unit: str | None, title: str) -> Measure | None:
    if what in UNMEASURED:
        return Measure(what, UNMEASURED[what], title)
    if what == WATER:
        return Measure(what, unit, title) if (unit or "ml") in ML else None
    if unit is None:
        return Measure(what, None, title)
    known = UNITS[WEIGHT if what == WEIGHT else "length"].get(unit)
    return Measure(what, known, title) if known else None
