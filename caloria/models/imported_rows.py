"""From what was read of another tracker's file to entries of a diary, and to what stands beside them."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, select, update

from caloria.extensions import db, insert_rows
from caloria.models.act import Act
from caloria.models.clock import utc_now
from caloria.models.entry import Entry
from caloria.models.ids import id_of
from caloria.models.imported.dates import DAY, swapped
from caloria.models.imported.pages import Pages
from caloria.models.imported.reading import BESIDE, FoodRow
from caloria.models.imported_batches import batched, run
from caloria.models.imported_beside import Beside
from caloria.models.kept import cached_property
from caloria.models.meal import Meal
from caloria.models.meals import Meals
from caloria.models.nutrients import KJ_PER_KCAL, NUTRIENT_NAMES
from caloria.models.user import User

IMPORTED = "imported"
SHOWN = 5
KEY = FoodRow.__slots__.index("key")
# What may stand in place of a meal's id.
BY_TIME, NEW = "time", "new"
SAME_MEALS = (
    {"breakfast", "desayuno"},
    {"lunch", "almuerzo", "comida"},
    {"dinner", "supper", "cena"},
    {"snacks", "snack", "tentempiés", "tentempié", "merienda", "meriendas", "aperitivos"},
)


@dataclass(frozen=True)
class Choices:
    """What only the person can say of a file; meals are ids, BY_TIME or NEW, by the names in the file."""

    meals: dict[str, str] = field(default_factory=dict)
    energy_unit: str = "kcal"
    weight_unit: str = "kg"
    length_unit: str = "cm"
    date_order: str = "month"
    empty_days_alone: bool = False


class ImportedRows:
    """The rows of a file on their way into a diary."""

    def __init__(self, person: User, tracker: str, content: dict[str, Any], choices: Choices, say=str):
        self.person, self.tracker, self.choices, self.say = person, tracker, choices, say
        self.foods = Pages(content.get("foods", []))
        self.beside = {name: [row(*said) for said in content.get(name, [])] for name, row in BESIDE.items()}
        self.started, self.today = utc_now(), person.today()
        self._meal_ids: dict[tuple[str, str | None], UUID] = {}

    @cached_property
    def meals(self) -> list[Meal]:
        return Meals(self.person).in_use

    def placed(self) -> "Placed":
        """Each row as that which it would be."""
        places = [Place(self.id(day := self.day(row[0]), row[KEY]), day) for row in self.foods]
        placed = Placed(self, self.person.id, places, Beside(self))
        if self.choices.empty_days_alone:
            placed.left_days = placed.taken_days
        return placed

    def entry(self, number: int, place: "Place", food: FoodRow) -> dict[str, Any]:
        """The values of an entry; the number keeps the order of the file."""
        made = self.started + timedelta(microseconds=number)
        return {
            "user_id": self.person.id,
            "id": place.id,
            "day": place.day,
            "eaten_at": time.fromisoformat(food.time) if food.time else None,
            "meal_id": self._meal_id(food.meal, food.time),
            # What is yet to come can only be meant.
            "planned": place.day > self.today,
            "name": food.name,
            "brand": food.brand,
            "portion_amount": food.amount,
            "portion_unit": food.unit,
            "gram_weight": food.grams,
            "created_at": made,
            "updated_at": made,
            **self._amounts(food.amounts),
        }

    def day(self, text: str) -> date:
        day = date.fromisoformat(text)
        return swapped(day) if self.choices.date_order == DAY else day

    def id(self, day: date, key: str) -> UUID:
        """The same for the same row, in whatever file it comes: that is why nothing is imported twice."""
        return id_of(datetime.combine(day, time(12), UTC), f"{self.tracker} {day} {key}")

    def _meal_id(self, name: str, clock: str | None) -> UUID:
        if (name, clock) not in self._meal_ids:
            self._meal_ids[name, clock] = self._chosen_meal(
                name, time.fromisoformat(clock) if clock else None
            )
        return self._meal_ids[name, clock]

    def _chosen_meal(self, name: str, clock: time | None) -> UUID:
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


class Place(NamedTuple):
    """The id and the day that the entry of a row would have."""

    id: UUID
    day: date


@dataclass
class Placed:
    """What would become of a file, and how much of that is here already."""

    rows: ImportedRows
    user_id: UUID
    places: list[Place]
    beside: Beside
    # What else is logged on these days stays alone.
    left_days: Collection[date] = ()

    @cached_property
    def _found(self) -> dict[UUID, datetime | None]:
        """Which of those entries are in the diary, also deleted, and when they were."""
        found: dict[UUID, datetime | None] = {}
        for some in batched(place.id for place in self.places):
            mine = select(Entry.id, Entry.deleted_at).where(Entry.user_id == self.user_id, Entry.id.in_(some))
            found.update(tuple(row) for row in db.session.execute(mine))
        return found

    @cached_property
    def taken_days(self) -> set[date]:
        """The days of it on which something else is logged."""
        if not self.places:
            return set()
        days = sorted({place.day for place in self.places})
        others = select(Entry.day, Entry.id).where(
            Entry.user_id == self.user_id, Entry.day.between(days[0], days[-1]), Entry.deleted_at.is_(None)
        )
        ours = {place.id for place in self.places}
        there = {row.day for row in db.session.execute(others) if row.id not in ours}
        return there.intersection(days)

    @property
    def sample(self) -> list[dict[str, Any]]:
        """The first few as they would be logged."""
        first = islice(zip(self.places, self.rows.foods, strict=False), SHOWN)
        return [self.rows.entry(number, place, FoodRow(*row)) for number, (place, row) in enumerate(first)]

    @cached_property
    def new_ids(self) -> set[UUID]:
        """The entries that are not here; those of an import that was taken back are not, either."""
        wanted = {place.id for place in self.places if place.day not in self.left_days}
        return wanted - (self._found.keys() - self.again)

    @cached_property
    def _undone(self) -> list[Act]:
        undone = (Act.user_id == self.user_id, Act.kind == IMPORTED, Act.undone_at.is_not(None))
        return list(db.session.scalars(select(Act).where(*undone)))

    @cached_property
    def again(self) -> set[UUID]:
        """The entries that were here until their import was taken back."""
        deleted = {id_ for id_, deleted_at in self._found.items() if deleted_at}
        if not deleted:
            return set()
        return deleted.intersection(UUID(id_) for act in self._undone for id_ in act.changes)

    def store(self) -> list[UUID]:
        """Store the entries that are not here; return their ids."""
        self._forget_those_taken_back()
        made: list[UUID] = []
        for some in batched(self._new_entries()):
            insert_rows(Entry.__table__, some)
            made += [entry["id"] for entry in some]
        return made

    def _new_entries(self) -> Iterator[dict[str, Any]]:
        for number, (place, row) in enumerate(zip(self.places, self.rows.foods, strict=True)):
            if place.id in self.new_ids:
                yield self.rows.entry(number, place, FoodRow(*row))

    def _forget_those_taken_back(self) -> None:
        """What is imported once more may be so at other meals; the act that was undone has it no longer."""
        again = self.again & self.new_ids
        _each(again, lambda some: delete(Entry).where(Entry.user_id == self.user_id, Entry.id.in_(some)))
        for act in self._undone if again else ():
            act.changes = {id_: sides for id_, sides in act.changes.items() if UUID(id_) not in again}


def take_back(user_id: UUID, ids: Iterable[str]) -> list[str]:
    """Delete those of the entries that are there; return which."""
    now = utc_now()
    taken: list[str] = []
    for some in batched(map(UUID, ids)):
        theirs = (Entry.user_id == user_id, Entry.id.in_(some), Entry.deleted_at.is_(None))
        statement = update(Entry).where(*theirs).values(deleted_at=now).returning(Entry.id)
        taken += map(str, run(statement).scalars())
    return taken


def bring_back(user_id: UUID, ids: Iterable[str]) -> None:
    """Have deleted entries again."""

    def statement(some):
        theirs = (Entry.user_id == user_id, Entry.id.in_(some), Entry.deleted_at.is_not(None))
        return update(Entry).where(*theirs).values(deleted_at=None)

    _each(map(UUID, ids), statement)


def _each(ids: Iterable[UUID], statement) -> None:
    for some in batched(ids):
        run(statement(some))
