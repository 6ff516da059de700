from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, func, or_, select

from caloria.extensions import db, found
from caloria.models.act import Act
from caloria.models.creation import create_once, made_before
from caloria.models.entry import Entry
from caloria.models.food import Food, Portion
from caloria.models.kept import cached_property
from caloria.models.meal import AnyMeal, Meal, MealShown
from caloria.models.nutrients import DAY_NUTRIENTS, NOTHING, Sum
from caloria.models.snapshot import Snapshot
from caloria.models.user import User

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
# How far back, and how many, the foods go that a person usually has at a meal.
USUAL_WITHIN = timedelta(days=28)
USUAL_AT_MOST = 6


# Of the tables, not of the models: what is only shown need not become objects that could be changed.
_entries, _meals = Entry.__table__.c, Meal.__table__.c


def _on(day: str):
    """The entries of the person on the day that the parameter of this name says, eaten or planned."""
    mine = _entries.user_id == bindparam("user_id")
    return and_(mine, _entries.day == bindparam(day), _entries.deleted_at.is_(None))


# Statements are built once: building seventy expressions takes longer than running them.
_of_the_day = _on("day")
_SHOWN = (
    _entries.id,
    _entries.name,
    _entries.brand,
    _entries.portion_amount,
    _entries.portion_unit,
    _entries.gram_weight,
    _entries.portion_amount.is_(None).label("is_quick"),
    *(_entries[name] for name in DAY_NUTRIENTS),
)
_before = (
    select(
        _entries.meal_id,
        func.sum(_entries.energy_kcal).label("energy_kcal"),
        func.count(_entries.energy_kcal).label("known"),
        func.count().label("entries"),
    )
    .where(_on("day_before"), _entries.planned.is_(False))
    .group_by(_entries.meal_id)
    .subquery()
)
_MEALS_WITH_ENTRIES = (
    select(
        *(_meals[name].label(f"meal_{name}") for name in MealShown._fields),
        *_SHOWN,
        _entries.planned,
        _before.c.energy_kcal.label("kcal_before"),
        _before.c.known.label("known_before"),
        _before.c.entries.label("entries_before"),
    )
    .select_from(
        Meal.__table__.outerjoin(Entry.__table__, and_(_entries.meal_id == _meals.id, _of_the_day)).outerjoin(
            _before, _before.c.meal_id == _meals.id
        )
    )
    .where(
        _meals.user_id == bindparam("user_id"), or_(_meals.archived_at.is_(None), _entries.id.is_not(None))
    )
    .order_by(_meals.position, _meals.id, _entries.created_at, _entries.id)
    .execution_options(prepared_as="meals_of_day")
)
_recent = (
    select(
        *_SHOWN,
        _entries.food_id,
        _entries.day,
        func.count().over(partition_by=_entries.food_id).label("times"),
        func.row_number()
        .over(
            partition_by=_entries.food_id,
            order_by=(_entries.day.desc(), _entries.created_at.desc(), _entries.id.desc()),
        )
        .label("nth"),
    )
    .where(
        _entries.user_id == bindparam("user_id"),
        _entries.day >= bindparam("since"),
        _entries.day <= bindparam("day"),
        _entries.meal_id == bindparam("meal_id"),
        _entries.food_id.is_not(None),
        _entries.deleted_at.is_(None),
        _entries.planned.is_(False),
    )
    .subquery()
)
_USUAL = (
    select(*(_recent.c[column.key] for column in _SHOWN))
    .join(Food.__table__, Food.__table__.c.id == _recent.c.food_id)
    .where(_recent.c.nth == 1, Food.__table__.c.archived_at.is_(None))
    .order_by(_recent.c.times.desc(), _recent.c.day.desc(), _recent.c.id.desc())
    .limit(USUAL_AT_MOST)
    .execution_options(prepared_as="usual_at_meal")
)


def total(entries: Iterable[Any], nutrient: str) -> Sum:
    """The sum of a nutrient over some entries."""
    return Sum.over(getattr(entry, nutrient) for entry in entries)


@dataclass
class MealOfDay:
    """A meal with what was eaten at it on one day; of each entry what is shown."""

    meal: MealShown
    energy_before: Sum = NOTHING  # the day before
    entries: list[Any] = field(default_factory=list)

    @property
    def eaten(self) -> list[Any]:
        return [entry for entry in self.entries if not entry.planned]

    @property
    def planned(self) -> list[Any]:
        return [entry for entry in self.entries if entry.planned]

    @property
    def planned_energy(self) -> Sum:
        return total(self.planned, "energy_kcal")

    def total(self, nutrient: str) -> Sum:
        """The sum of a nutrient over what was eaten at this meal."""
        return total(self.eaten, nutrient)


class Day:
    """One person's diary for one calendar date of theirs. Not a table: the entries are."""

    def __init__(self, person: User, on: date):
        self.person = person
        self.date = on

    @property
    def previous(self) -> date | None:
        return self.date - timedelta(days=1) if self.date > EARLIEST else None

    @property
    def next(self) -> date | None:
        return self.date + timedelta(days=1) if self.date < LATEST else None

    @cached_property
    def today(self) -> date:
        """The person's date. Asked once: a page that is made at the end of a day is all of one day."""
        return self.person.today()

    @property
    def is_today(self) -> bool:
        return self.date == self.today

    @property
    def is_to_come(self) -> bool:
        return self.date > self.today

    @property
    def _key(self) -> dict:
        return {"user_id": self.person.id, "day": self.date}

    @cached_property
    def _rows(self) -> Sequence[Any]:
        key = {**self._key, "day_before": self.previous}
        return found(_MEALS_WITH_ENTRIES, key)

    @cached_property
    def meals(self) -> list[MealOfDay]:
        """Every meal with its entries, in order; an archived meal only where it has some. One statement."""
        meals: dict[UUID, MealOfDay] = {}
        for row in self._rows:
            if (of_day := meals.get(row.meal_id)) is None:
                of_day = meals[row.meal_id] = _meal_of(row)
            if row.id is not None:
                of_day.entries.append(row)
        return list(meals.values())

    @cached_property
    def totals(self) -> dict[str, Sum]:
        """What was eaten, by the name of each nutrient that a day shows."""
        eaten = [entry for of_day in self.meals for entry in of_day.eaten]
        return {name: total(eaten, name) for name in DAY_NUTRIENTS}

    def meal(self, meal_id: UUID | None) -> MealShown | None:
        """One of this person's meals by its id, also one put away where this day has something at it."""
        return next((of_day.meal for of_day in self.meals if of_day.meal.id == meal_id), None)

    @property
    def meals_in_use(self) -> list[MealShown]:
        """The meals at which something can be logged, in order."""
        return [of_day.meal for of_day in self.meals if of_day.meal.archived_at is None]

    def meal_in_use(self, meal_id: UUID | None) -> MealShown | None:
        """One of the meals at which something can be logged."""
        return next((meal for meal in self.meals_in_use if meal.id == meal_id), None)

    def picked(self, ids: list[UUID]) -> list[Entry]:
        """Those of the entries of these ids that are on this day, locked until they are changed."""
        chosen = select(Entry).where(Entry.id.in_(ids), _of_the_day).order_by(Entry.created_at, Entry.id)
        fresh = chosen.with_for_update().execution_options(populate_existing=True)
        return list(db.session.scalars(fresh, self._key))

    def take_in(self, entries: list[Entry], meal: AnyMeal | None = None) -> None:
        """Move entries to this day, to a meal or each to its own. What is yet to come can only be meant."""
        for entry in entries:
            entry.move(self.date, meal.id if meal else entry.meal_id)
            entry.planned = entry.planned or self.is_to_come

    @cached_property
    def meal_now(self) -> MealShown:
        """The meal that a person most likely logs at this time of day."""
        return Meal.at(self.person.local_time().time(), self.meals_in_use)

    def usual(self, meal: AnyMeal) -> Sequence[Any]:
        """What this person often has at a meal, each as it was logged last. One statement."""
        since = self.date - USUAL_WITHIN if self.date - EARLIEST > USUAL_WITHIN else EARLIEST
        key = {**self._key, "meal_id": meal.id, "since": since}
        return found(_USUAL, key)

    def log(
        self,
        food: Food,
        portion: Portion,
        amount: float,
        meal: AnyMeal,
        form_id: UUID,
        digest: str,
        planned: bool = False,
    ) -> Entry:
        """Log so many of a portion of a food, as a snapshot of what the food says now."""
        entry = self._entry(meal.id, form_id, digest, planned)
        entry.weigh(food, portion, amount, self.person.language)
        return _noted(entry.insert_of_food() or made_before(entry))

    def write(self, food, portion, amount, meal, form_id, digest, planned=False) -> Entry:
        """Write what a food says for this day; nothing is stored yet."""
        entry = self._entry(meal.id, form_id, digest, planned)
        entry.serve(food, portion, amount, self.person.language)
        return entry

    def log_again(self, earlier_id: UUID, meal: AnyMeal, form_id: UUID, digest: str) -> Entry:
        """Log what an earlier entry says, figures and all. Raises NoResultFound where it is not theirs."""
        entry = self._entry(meal.id, form_id, digest)
        return _noted(entry.insert_again(earlier_id) or made_before(entry))

    def again(self, earlier: Snapshot, meal_id: UUID, form_id: UUID, digest: str) -> Entry:
        """Write what an earlier snapshot says for this day; nothing is stored yet."""
        entry = self._entry(meal_id, form_id, digest)
        entry.repeat(earlier)
        return entry

    def log_quick(self, name: str, amounts: dict, meal: AnyMeal, form_id: UUID, digest: str) -> Entry:
        """Log calories without a food."""
        entry = self._entry(meal.id, form_id, digest)
        entry.say(name, amounts)
        return _noted(create_once(entry))

    def _entry(self, meal_id: UUID, form_id: UUID, digest: str, planned: bool = False) -> Entry:
        eaten_at = self.person.local_time().time().replace(microsecond=0) if self.is_today else None
        return Entry(
            user_id=self.person.id,
            id=form_id,
            day=self.date,
            eaten_at=eaten_at,
            meal_id=meal_id,
            # What is yet to come can only be meant.
            planned=planned or self.is_to_come,
            form_digest=digest,
        )


def _meal_of(row: Any) -> MealOfDay:
    before = Sum(row.kcal_before, row.known_before, row.entries_before) if row.entries_before else NOTHING
    shown = MealShown(
        row.meal_id, row.meal_name, row.meal_position, row.meal_usual_from, row.meal_archived_at
    )
    return MealOfDay(shown, before)


def _noted(stored: Entry) -> Entry:
    """Note that an entry was made."""
    Act.made([stored], "logged", stored.id, stored.form_digest)
    return stored
