"""What was read of a file: foods and weights, what is wrong, and what only the person can say."""

from dataclasses import dataclass, field
from typing import Any

from caloria.models.imported.trouble import Trouble

PROBLEMS_KEPT = 100
# More than anybody has; all others are one.
MOST_MEALS = 40
OTHER_MEALS = "…"


@dataclass(slots=True)
class FoodRow:
    """A food as a tracker logged it, with its own figures; what it does not say is not there."""

    day: str
    meal: str
    name: str
    key: str
    time: str | None = None
    brand: str | None = None
    amount: float | None = None
    unit: str | None = None
    grams: float | None = None
    amounts: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class WeightRow:
    """What somebody weighed; without a unit where the file says none."""

    day: str
    value: float
    unit: str | None = None


@dataclass
class Reading:
    """The whole of what a file says."""

    tracker: str
    foods: list[FoodRow] = field(default_factory=list)
    weights: list[WeightRow] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    problem_count: int = 0
    read: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    energy_open: bool = False
    dates_open: bool = False
    meals: set[str] = field(default_factory=set)

    def meal_of(self, name: str) -> str:
        """The name of a meal, unless there are more of them than anybody can have."""
        if name not in self.meals and len(self.meals) >= MOST_MEALS:
            return OTHER_MEALS
        self.meals.add(name)
        return name

    @property
    def weights_open(self) -> bool:
        return any(weight.unit is None for weight in self.weights)

    def note(self, table: str, line: int, trouble: Trouble) -> None:
        """Note what is wrong with a row, which is left out; of very many only the first are kept."""
        self.problem_count += 1
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append({"file": table, "line": line, "text": trouble.text, "said": trouble.said})

    @property
    def content(self) -> dict[str, list]:
        """What there is to import, as JSON can hold it."""
        return {"foods": list(map(_short, self.foods)), "weights": list(map(_short, self.weights))}

    @property
    def summary(self) -> dict[str, Any]:
        """What there is to say of it before anything is imported."""
        days = {food.day for food in self.foods}
        every = sorted(days | {weight.day for weight in self.weights})
        meals: dict[str, dict[str, Any]] = {}
        for food in self.foods:
            of_meal = meals.setdefault(food.meal, {"foods": 0, "timed": 0})
            of_meal["foods"] += 1
            of_meal["timed"] += food.time is not None
        return {
            "foods": len(self.foods),
            "weights": len(self.weights),
            "days": len(days),
            "first_day": every[0] if every else None,
            "last_day": every[-1] if every else None,
            "meals": [{"name": name, **said} for name, said in meals.items()],
            "problems": self.problems,
            "problem_count": self.problem_count,
            "read": self.read,
            "left": self.left,
            "energy_open": self.energy_open,
            "dates_open": self.dates_open,
            "weights_open": self.weights_open,
        }


def _short(row: FoodRow | WeightRow) -> dict[str, Any]:
    said = ((name, getattr(row, name)) for name in row.__slots__)
    return {name: value for name, value in said if value is not None}
