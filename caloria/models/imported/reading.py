"""What was read of a file: foods and all else, what is wrong, and what only the person can say."""

from dataclasses import astuple, dataclass, field
from typing import Any

from caloria.models.imported.pages import Pages
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


@dataclass(slots=True)
class MeasuredRow:
    """What else somebody measured of themselves: in cm, in, percent or number, or a length without a unit."""

    day: str
    value: float
    name: str
    unit: str | None = None


@dataclass(slots=True)
class DrinkRow:
    """Water that somebody drank."""

    day: str
    ml: float


@dataclass(slots=True)
class NoteRow:
    """What somebody wrote about a day."""

    day: str
    text: str


@dataclass
class Reading:
    """The whole of what a file says."""

    tracker: str
    weights: list[WeightRow] = field(default_factory=list)
    measured: list[MeasuredRow] = field(default_factory=list)
    drinks: list[DrinkRow] = field(default_factory=list)
    notes: list[NoteRow] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    problem_count: int = 0
    read: list[str] = field(default_factory=list)
    left: list[dict[str, Any]] = field(default_factory=list)
    energy_open: bool = False
    dates_open: bool = False

    def __post_init__(self):
        self._foods = Pages()
        self.forget_foods()

    def forget_foods(self) -> None:
        """Begin anew with them."""
        self._foods.clear()
        self.food_count, self.food_days = 0, set[str]()
        self.knows_amounts = False
        self.meals: dict[str, dict[str, int]] = {}

    def add_food(self, food: FoodRow) -> None:
        self.food_count += 1
        self.food_days.add(food.day)
        self.knows_amounts = self.knows_amounts or bool(food.amounts)
        of_meal = self.meals.setdefault(food.meal, {"foods": 0, "timed": 0})
        of_meal["foods"] += 1
        of_meal["timed"] += food.time is not None
        self._foods.add(_packed(food))

    @property
    def foods(self) -> list[FoodRow]:
        """All foods at once, which are many."""
        return [FoodRow(*row) for row in self._foods]

    @property
    def row_count(self) -> int:
        beside = len(self.weights) + len(self.measured) + len(self.drinks) + len(self.notes)
        return self.food_count + beside

    def meal_of(self, name: str) -> str:
        """The name of a meal, unless there are more of them than anybody can have."""
        return OTHER_MEALS if name not in self.meals and len(self.meals) >= MOST_MEALS else name

    def note(self, table: str, line: int, trouble: Trouble) -> None:
        """Note what is wrong with a row, which is left out; of very many only the first are kept."""
        self.problem_count += 1
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append({"file": table, "line": line, "text": trouble.text, "said": trouble.said})

    @property
    def content(self) -> dict[str, list]:
        """What there is to import, as JSON can hold it."""
        beside = {name: list(map(astuple, getattr(self, name))) for name in BESIDE}
        return {"foods": self._foods.packed(), **beside}

    @property
    def summary(self) -> dict[str, Any]:
        """What there is to say of it before anything is imported."""
        beside = {name: getattr(self, name) for name in BESIDE}
        every = sorted(self.food_days.union(row.day for rows in beside.values() for row in rows))
        return {
            "foods": self.food_count,
            "days": len(self.food_days),
            **{name: len(rows) for name, rows in beside.items()},
            "first_day": every[0] if every else None,
            "last_day": every[-1] if every else None,
            "meals": [{"name": name, **said} for name, said in self.meals.items()],
            "problems": self.problems,
            "problem_count": self.problem_count,
            "read": self.read,
            "left": self.left,
            "energy_open": self.energy_open,
            "dates_open": self.dates_open,
            "weights_open": any(row.unit is None for row in self.weights),
            "lengths_open": any(row.unit is None for row in self.measured),
        }


# What a file can hold beside foods, and how a row of it is read again.
BESIDE = {"weights": WeightRow, "measured": MeasuredRow, "drinks": DrinkRow, "notes": NoteRow}


def _packed(food: FoodRow) -> list[Any]:
    return [getattr(food, name) for name in FoodRow.__slots__]
