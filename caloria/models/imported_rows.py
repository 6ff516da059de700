"""From what was read of another tracker's file to entries and weights of a diary."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from caloria.extensions import db, insert, insert_many
from caloria.models.act import Act
from caloria.models.clock import utc_now
from caloria.models.entry import Entry
from caloria.models.ids import id_of
from caloria.models.imported.dates import DAY, swapped
from caloria.models.kept import cached_property
from caloria.models.meal import Meal
from caloria.models.meals import Meals
from caloria.models.nutrients import KJ_PER_KCAL, NUTRIENT_NAMES
from caloria.models.units import GRAMS_PER_POUND
from caloria.models.user import User
from caloria.models.weight import HEAVIEST_KG, LIGHTEST_KG, Weight

AT_ONCE = 1000
IMPORTED = "imported"
SHOWN = 5
BY_TIME = "time"
KG_PER_POUND = GRAMS_PER_POUND / 1000
SAME_MEALS = (
    {"breakfast", "desayuno"},
    {"lunch", "almuerzo", "comida"},
    {"dinner", "supper", "cena"},
    {"snacks", "snack", "tentempiés", "tentempié", "merienda", "meriendas", "aperitivos"},
)


@dataclass(frozen=True)
class Choices:
    """What only the person can say of a file; meals are ids, or BY_TIME, by the names in the file."""

    meals: dict[str, str] = field(default_factory=dict)
    energy_unit: str = "kcal"
    weight_unit: str = "kg"
    date_order: str = "month"
    empty_days_alone: bool = False


class ImportedRows:
    """The rows of a file on their way into a diary."""

    def __init__(self, person: User, tracker: str, content: dict[str, Any], choices: Choices):
        self.person, self.tracker, self.choices = person, tracker, choices
        self.foods, self.weighed = content.get("foods", []), content.get("weights", [])
        self.started, self.today = utc_now(), person.today()

    @cached_property
    def meals(self) -> list[Meal]:
        return Meals(self.person).in_use

    def placed(self) -> "Placed":
        """Each row as the entry or the weight that it would be."""
        foods = [self._placed_food(number, food) for number, food in enumerate(self.foods)]
        weights = list(self._weights())
        possible = [each for each in weights if LIGHTEST_KG <= each["weight_kg"] <= HEAVIEST_KG]
        placed = Placed(self, self.person.id, foods, possible, len(weights) - len(possible))
        if self.choices.empty_days_alone:
            placed.leave(placed.taken_days)
        return placed

    def _placed_food(self, number: int, food: dict[str, Any]) -> "PlacedFood":
        day = self._day(food["day"])
        return PlacedFood(self._id(day, food["key"]), day, number, food)

    def entry(self, placed: "PlacedFood") -> dict[str, Any]:
        """The values of an entry; the number keeps the order of the file."""
        food, made = placed.food, self.started + timedelta(microseconds=placed.number)
        clock = time.fromisoformat(food["time"]) if "time" in food else None
        return {
            "user_id": self.person.id,
            "id": placed.id,
            "day": placed.day,
            "eaten_at": clock,
            "meal_id": self._meal_id(food["meal"], clock),
            # What is yet to come can only be meant.
            "planned": placed.day > self.today,
            "name": food["name"],
            "brand": food.get("brand"),
            "portion_amount": food.get("amount"),
            "portion_unit": food.get("unit"),
            "gram_weight": food.get("grams"),
            "created_at": made,
            "updated_at": made,
            **self._amounts(food.get("amounts", {})),
        }

    def _weights(self) -> Iterator[dict[str, Any]]:
        counts: dict[date, int] = {}
        for weighed in self.weighed:
            day = self._day(weighed["day"])
            counts[day] = counts.get(day, 0) + 1
            in_pounds = weighed.get("unit", self.choices.weight_unit) == "lb"
            kg = weighed["value"] * (KG_PER_POUND if in_pounds else 1)
            yield {"id": self._id(day, f"weight {counts[day]}"), "day": day, "weight_kg": kg}

    def _day(self, text: str) -> date:
        day = date.fromisoformat(text)
        return swapped(day) if self.choices.date_order == DAY else day

    def _id(self, day: date, key: str) -> UUID:
        """The same for the same row, in whatever file it comes: that is why nothing is imported twice."""
        return id_of(datetime.combine(day, time(12), UTC), f"{self.tracker} {day} {key}")

    def _meal_id(self, name: str, clock: time | None) -> UUID:
        chosen = self.choices.meals.get(name) or guessed(name, self.meals, timed=clock is not None)
        if chosen == BY_TIME:
            return Meal.at(clock, self.meals).id if clock else self.meals[-1].id
        return UUID(chosen)

    def _amounts(self, amounts: dict[str, float]) -> dict[str, float | None]:
        """Its own figures; what it does not say stays unknown."""
        every = {name: amounts.get(name) for name in NUTRIENT_NAMES}
        if self.choices.energy_unit == "kJ" and every["energy_kcal"] is not None:
            every["energy_kcal"] /= KJ_PER_KCAL
        return every


def guessed(name: str, meals: list[Meal], timed: bool) -> str:
    """The meal of this name or of one that means the same; else the time decides, or the last meal."""
    words = name.casefold().strip()
    same = next((group for group in SAME_MEALS if any(word in words for word in group)), {words})
    for meal in meals:
        if meal.name.casefold() == words or meal.name.casefold() in same:
            return str(meal.id)
    return BY_TIME if timed else str(meals[-1].id)


@dataclass(slots=True)
class PlacedFood:
    """A row with the id and the day that its entry would have."""

    id: UUID
    day: date
    number: int
    food: dict[str, Any]


@dataclass
class Placed:
    """What would become of a file: its entries and weights, and which of them are here already."""

    rows: ImportedRows
    user_id: UUID
    foods: list[PlacedFood]
    weights: list[dict[str, Any]]
    # So many weigh what nobody does, such as 180 lb read as kg.
    unlikely_weights: int

    @cached_property
    def here(self) -> set[UUID]:
        """The ids of those entries that are in the diary, also deleted, unless an import was undone."""
        return {id_ for id_, _deleted in self._found}

    @cached_property
    def _found(self) -> list[tuple[UUID, datetime | None]]:
        ids = [food.id for food in self.foods]
        found = []
        for some in batched(ids):
            mine = select(Entry.id, Entry.deleted_at).where(Entry.user_id == self.user_id, Entry.id.in_(some))
            found += [(row.id, row.deleted_at) for row in db.session.execute(mine)]
        return found

    @cached_property
    def deleted(self) -> set[UUID]:
        return {id_ for id_, deleted in self._found if deleted}

    @cached_property
    def taken_days(self) -> set[date]:
        """The days of it on which something else is logged."""
        if not self.foods:
            return set()
        days = sorted({food.day for food in self.foods})
        others = select(Entry.day, Entry.id).where(
            Entry.user_id == self.user_id, Entry.day.between(days[0], days[-1]), Entry.deleted_at.is_(None)
        )
        ours = {food.id for food in self.foods}
        there = {row.day for row in db.session.execute(others) if row.id not in ours}
        return there.intersection(days)

    def leave(self, days: Collection[date]) -> None:
        """Leave these days as they are."""
        self.foods = [food for food in self.foods if food.day not in days]

    @cached_property
    def new_weights(self) -> list[dict[str, Any]]:
        """The weights that are not noted yet."""
        there: set[UUID] = set()
        for some in batched(weight["id"] for weight in self.weights):
            mine = select(Weight.id).where(Weight.user_id == self.user_id, Weight.id.in_(some))
            there.update(db.session.scalars(mine))
        return [weight for weight in self.weights if weight["id"] not in there]

    @property
    def weights_as_json(self) -> list[list]:
        return [[str(each["id"]), each["day"].isoformat(), each["weight_kg"]] for each in self.new_weights]

    @property
    def sample(self) -> list[dict[str, Any]]:
        """The first few as they would be logged."""
        return [self.rows.entry(food) for food in self.foods[:SHOWN]]

    @property
    def new_foods(self) -> list[PlacedFood]:
        """The foods that are not here; those of an import that was taken back are not, either."""
        here = self.here - self.again
        return [food for food in self.foods if food.id not in here]

    @cached_property
    def _undone(self) -> list[Act]:
        undone = (Act.user_id == self.user_id, Act.kind == IMPORTED, Act.undone_at.is_not(None))
        return list(db.session.scalars(select(Act).where(*undone)))

    @cached_property
    def again(self) -> set[UUID]:
        """The entries that were here until their import was taken back."""
        if not self.deleted:
            return set()
        return self.deleted.intersection(UUID(id_) for act in self._undone for id_ in act.changes)

    def store(self) -> list[UUID]:
        """Store what is not here; return the ids of the entries."""
        new = self.new_foods
        self._forget_those_taken_back()
        for some in batched(new):
            insert_many(
                insert(Entry.__table__), Entry.__table__.c.id, [self.rows.entry(food) for food in some]
            )
        self.insert_weights(self.user_id, self.weights_as_json)
        return [food.id for food in new]

    def _forget_those_taken_back(self) -> None:
        """What is imported once more may be so at other meals; the act that was undone has it no longer."""
        again = self.again & {food.id for food in self.foods}
        _each(again, lambda some: delete(Entry).where(Entry.user_id == self.user_id, Entry.id.in_(some)))
        for act in self._undone if again else ():
            act.changes = {id_: sides for id_, sides in act.changes.items() if UUID(id_) not in again}

    @staticmethod
    def insert_weights(user_id: UUID, rows: list[list]) -> None:
        """Note weights, as they are kept to be noted again."""
        values = [
            {"user_id": user_id, "id": UUID(id_), "day": date.fromisoformat(day), "weight_kg": kg}
            for id_, day, kg in rows
        ]
        for some in batched(values):
            statement = insert(Weight.__table__).on_conflict_do_nothing(index_elements=["user_id", "id"])
            insert_many(statement, Weight.__table__.c.id, some)

    @staticmethod
    def remove_weights(user_id: UUID, rows: list[list]) -> None:
        ids = (UUID(row[0]) for row in rows)
        _each(ids, lambda some: delete(Weight).where(Weight.user_id == user_id, Weight.id.in_(some)))


def take_back(user_id: UUID, ids: Iterable[str]) -> list[str]:
    """Delete those of the entries that are there; return which."""
    now = utc_now()
    taken: list[str] = []
    for some in batched(map(UUID, ids)):
        theirs = (Entry.user_id == user_id, Entry.id.in_(some), Entry.deleted_at.is_(None))
        statement = update(Entry).where(*theirs).values(deleted_at=now).returning(Entry.id)
        taken += map(str, db.session.scalars(_apart(statement)))
    return taken


def bring_back(user_id: UUID, ids: Iterable[str]) -> None:
    """Have deleted entries again."""

    def statement(some):
        theirs = (Entry.user_id == user_id, Entry.id.in_(some), Entry.deleted_at.is_not(None))
        return update(Entry).where(*theirs).values(deleted_at=None)

    _each(map(UUID, ids), statement)


def batched(every: Iterable) -> Iterator[list]:
    """So many at once as one statement should hold."""
    rest = iter(every)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _each(ids: Iterable[UUID], statement) -> None:
    for some in batched(ids):
        db.session.execute(_apart(statement(some)))


def _apart(statement):
    # Nobody holds these as objects: what the session knows need not be searched for them.
    return statement.execution_options(synchronize_session=False)
