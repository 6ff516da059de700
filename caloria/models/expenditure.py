"""How much energy a person uses in a day, measured from what they ate and how their weight went.

Eaten less than used, weight falls: expenditure = mean intake - slope of weight x energy of a kilogram. The
slope is a straight line through the raw weights of four weeks (moving averages lag behind, and are wrong by
hundreds of kcal in the first weeks). What few weights say is uncertain, so the measured figure is drawn to
that of the formula, the more the less certain it is: the two are weighted by one over their squared errors.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

from caloria.models.body import KCAL_PER_KG, LEAST_SPENT_KCAL

WINDOW = timedelta(days=28)
# Before that it is still learning.
ENOUGH_DAYS, ENOUGH_WEIGHTS = 14, 8
# Formulas of resting energy and words about activity are that far off for one person in three.
FORMULA_ERROR_KCAL = 300.0
# By how much a scale differs from day to day, and how many weights this is worth where there are few.
USUAL_SWING_KG, SWING_WORTH = 0.6, 6
# Beyond this nobody lives, whatever a few weights say.
MOST_SPENT_KCAL = 8000.0


@dataclass(frozen=True)
class Slope:
    """How weight goes, in kg a day, and its standard error."""

    kg_per_day: float
    error: float

    @classmethod
    def through(cls, weights: Sequence[tuple[date, float]]) -> "Slope | None":
        """The straight line through weights by least squares; None where fewer than two days were weighed."""
        days = [(day - weights[0][0]).days for day, _kg in weights]
        mean_day = sum(days) / max(len(days), 1)
        spread = sum((day - mean_day) ** 2 for day in days)
        if not spread:
            return None
        mean_kg = sum(kg for _day, kg in weights) / len(weights)
        slope = sum((day - mean_day) * kg for day, (_, kg) in zip(days, weights, strict=True)) / spread
        fitted = (mean_kg + slope * (day - mean_day) for day in days)
        off = sum((kg - fit) ** 2 for fit, (_, kg) in zip(fitted, weights, strict=True))
        # A few weights may lie on a line by chance: what is usual counts as some more of them.
        swing = (off + SWING_WORTH * USUAL_SWING_KG**2) / (max(len(days) - 2, 0) + SWING_WORTH)
        return cls(slope, sqrt(swing / spread))


@dataclass(frozen=True)
class Expenditure:
    """What a person uses in kcal a day, give or take error_kcal; None where nothing at all is known."""

    kcal: float | None
    error_kcal: float | None
    complete_days: int
    weigh_ins: int
    slope: Slope | None
    formula_kcal: float | None
    eaten_kcal: float | None  # the mean of complete days

    @classmethod
    def measured(
        cls,
        weights: Sequence[tuple[date, float]],
        eaten: Mapping[date, float],
        formula_kcal: float | None,
        today: date,
    ) -> "Expenditure":
        """From raw weights in kg, the energy in kcal of complete days, and what the formula says."""
        since = today - WINDOW
        weighed = sorted((day, kg) for day, kg in weights if since < day <= today)
        meals = [kcal for day, kcal in eaten.items() if since < day <= today]
        slope = Slope.through(weighed)
        mean = sum(meals) / len(meals) if meals else None
        kcal, error = formula_kcal, FORMULA_ERROR_KCAL if formula_kcal else None
        if slope and mean is not None:
            kcal, error = _together(mean - slope.kg_per_day * KCAL_PER_KG, _error(slope, meals), kcal)
            kcal = min(max(kcal, LEAST_SPENT_KCAL), MOST_SPENT_KCAL)
        return cls(kcal, error, len(meals), len({day for day, _ in weighed}), slope, formula_kcal, mean)

    @property
    def is_learning(self) -> bool:
        """Whether it is too early to say; what the formula says stands in."""
        return self.complete_days < ENOUGH_DAYS or self.weigh_ins < ENOUGH_WEIGHTS

    @property
    def is_known(self) -> bool:
        return self.kcal is not None


def _error(slope: Slope, meals: Sequence[float]) -> float:
    """The standard error of what was measured: of the slope, and of a mean over some of the days."""
    mean = sum(meals) / len(meals)
    spread = sum((kcal - mean) ** 2 for kcal in meals) / max(len(meals) - 1, 1)
    unseen = max(1 - len(meals) / WINDOW.days, 0)
    return sqrt((slope.error * KCAL_PER_KG) ** 2 + unseen * spread / len(meals))


def _together(measured: float, error: float, formula: float | None) -> tuple[float, float]:
    if formula is None:
        return measured, error
    trust, doubt = 1 / error**2, 1 / FORMULA_ERROR_KCAL**2
    return (measured * trust + formula * doubt) / (trust + doubt), sqrt(1 / (trust + doubt))
