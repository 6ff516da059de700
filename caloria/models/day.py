from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import load_only

from caloria.extensions import db
from caloria.models.act import Act
from caloria.models.creation import create_once
from caloria.models.entry import Entry
from caloria.models.food import Food, Portion
from caloria.models.kept import cached_property
from caloria.models.meal import Meal
from caloria.models.nutrients import DAY_NUTRIENTS, NOTHING, Sum
from caloria.models.snapshot import Snapshot
from caloria.models.target import Target
from caloria.models.user import User
from caloria.models.weekday_target import DayTarget, WeekdayTarget

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
# How far back, and how many, the foods go that a person usually has at a meal.
USUAL_WITHIN = timedelta(days=28)
USUAL_AT_MOST = 6


def _on(day: str):
    """The entries of the person on the day that the parameter of this name says, eaten or planned."""
    mine = Entry.user_id == bindparam("user_id")
    return and_(mine, Entry.day == bindparam(day), Entry.deleted_at.is_(None))


_of_the_day = _on("day")
_SHOWN = load_only(
    Entry.name,
    Entry.brand,
    Entry.portion_amount,
    Entry.portion_unit,
    Entry.gram_weight,
    Entry.food_id,
    Entry.planned,
    *(getattr(Entry, name) for name in DAY_NUTRIENTS),
)

# Statements are built once: building seventy expressions takes longer than running them.
_before = (
    select(
        Entry.meal_id,
        func.sum(Entry.energy_kcal).label("energy_kcal"),
        func.count(Entry.energy_kcal).label("known"),
        func.count().label("entries"),
    )
    .where(_on("day_before"), Entry.planned.is_(False))
    .group_by(Entry.meal_id)
    .subquery()
)
_MEALS_WITH_ENTRIES = (
    select(Meal, Entry, _before.c.energy_kcal, _before.c.known, _before.c.entries)
    .outerjoin(Entry, and_(Entry.meal_id == Meal.id, _of_the_day))
    .outerjoin(_before, _before.c.meal_id == Meal.id)
    .where(Meal.user_id == bindparam("user_id"), or_(Meal.archived_at.is_(None), Entry.id.is_not(None)))
    .order_by(Meal.position, Meal.id, Entry.created_at, Entry.id)
    .options(_SHOWN)
)
_totals = (
    select(
        func.count().label("entries"),
        *(func.sum(getattr(Entry, name)).label(name) for name in DAY_NUTRIENTS),
        *(func.count(getattr(Entry, name)).label(f"known_{name}") for name in DAY_NUTRIENTS),
    )
    .where(_of_the_day, Entry.planned.is_(False))
    .subquery()
)
_in_force = (
    select(Target.id)
    .where(Target.user_id == bindparam("user_id"), Target.starts_on <= bindparam("day"))
    .order_by(Target.starts_on.desc())
    .limit(1)
    .scalar_subquery()
)
_that_weekday = and_(
    WeekdayTarget.user_id == Target.user_id,
    WeekdayTarget.starts_on == Target.starts_on,
    WeekdayTarget.weekday == bindparam("weekday"),
)
_TARGET_WITH_TOTALS = select(Target, WeekdayTarget.energy_kcal.label("weekday_kcal"), _totals).select_from(
    _totals.outerjoin(Target, and_(Target.user_id == bindparam("user_id"), Target.id == _in_force)).outerjoin(
        WeekdayTarget, _that_weekday
    )
)
_recent = (
    select(
        Entry.id,
        func.count().over(partition_by=Entry.food_id).label("times"),
        func.row_number()
        .over(
            partition_by=Entry.food_id,
            order_by=(Entry.day.desc(), Entry.created_at.desc(), Entry.id.desc()),
        )
        .label("nth"),
    )
    .where(
        Entry.user_id == bindparam("user_id"),
        Entry.day >= bindparam("since"),
        Entry.day <= bindparam("day"),
        Entry.meal_id == bindparam("meal_id"),
        Entry.food_id.is_not(None),
        Entry.deleted_at.is_(None),
        Entry.planned.is_(False),
    )
    .subquery()
)
_USUAL = (
    select(Entry)
    .join(_recent, and_(Entry.user_id == bindparam("user_id"), Entry.id == _recent.c.id))
    .join(Food, Food.id == Entry.food_id)
    .where(_recent.c.nth == 1, Food.archived_at.is_(None))
    .order_by(_recent.c.times.desc(), Entry.day.desc(), Entry.id.desc())
    .limit(USUAL_AT_MOST)
    .options(_SHOWN)
)


def total(entries: list[Entry], nutrient: str) -> Sum:
    """The sum of a nutrient over some entries."""
    return Sum.over(entry.amount(nutrient) for entry in entries)


@dataclass
class MealOfDay:
    """A meal with what was eaten at it on one day."""

    meal: Meal
    energy_before: Sum = NOTHING  # the day before
    entries: list[Entry] = field(default_factory=list)

    @property
    def eaten(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.planned]

    @property
    def planned(self) -> list[Entry]:
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

    @property
    def is_today(self) -> bool:
        return self.date == self.person.today()

    @property
    def is_to_come(self) -> bool:
        return self.date > self.person.today()

    @property
    def _key(self) -> dict:
        return {"user_id": self.person.id, "day": self.date}

    @cached_property
    def meals(self) -> list[MealOfDay]:
        """Every meal with its entries, in order; an archived meal only where it has some. One statement."""
        meals: dict[UUID, MealOfDay] = {}
        key = {**self._key, "day_before": self.previous}
        for meal, entry, energy, known, had_before in db.session.execute(_MEALS_WITH_ENTRIES, key):
            before = Sum(energy, known, had_before) if had_before else NOTHING
            of_day = meals.setdefault(meal.id, MealOfDay(meal, before))
            if entry is not None:
                of_day.entries.append(entry)
        return list(meals.values())

    @cached_property
    def _target_and_totals(self):
        key = {**self._key, "weekday": self.date.weekday()}
        return db.session.execute(_TARGET_WITH_TOTALS, key).one()

    @property
    def target(self) -> DayTarget | None:
        """What is aimed at on this day. One statement together with the totals."""
        row = self._target_and_totals
        return DayTarget.on(row.Target, row.weekday_kcal) if row.Target else None

    @cached_property
    def totals(self) -> dict[str, Sum]:
        """What was eaten, by the name of each nutrient that a day shows."""
        row = self._target_and_totals._mapping
        entries = row["entries"]
        return {
            name: Sum(row[name] if entries else 0.0, row[f"known_{name}"], entries) for name in DAY_NUTRIENTS
        }

    def meal(self, meal_id: UUID | None) -> Meal | None:
        """One of this person's meals by its id, also one put away where this day has something at it."""
        return next((of_day.meal for of_day in self.meals if of_day.meal.id == meal_id), None)

    @property
    def meals_in_use(self) -> list[Meal]:
        """The meals at which something can be logged, in order."""
        return [of_day.meal for of_day in self.meals if of_day.meal.archived_at is None]

    def meal_in_use(self, meal_id: UUID | None) -> Meal | None:
        """One of the meals at which something can be logged."""
        return next((meal for meal in self.meals_in_use if meal.id == meal_id), None)

    def put_away(self, meal_id: UUID | None) -> bool:
        """Whether this is a meal of this person's that was put away; one that nobody knows is not."""
        meal = db.session.get(Meal, (self.person.id, meal_id)) if meal_id else None
        return meal is not None and meal.archived_at is not None

    def picked(self, ids: list[UUID]) -> list[Entry]:
        """Those of the entries of these ids that are on this day, locked until they are changed."""
        chosen = select(Entry).where(Entry.id.in_(ids), _of_the_day).order_by(Entry.created_at, Entry.id)
        fresh = chosen.with_for_update().execution_options(populate_existing=True)
        return list(db.session.scalars(fresh, self._key))

    def take_in(self, entries: list[Entry], meal: Meal | None = None) -> None:
        """Move entries to this day, to a meal or each to its own. What is yet to come can only be meant."""
        for entry in entries:
            entry.move(self.date, meal.id if meal else entry.meal_id)
            entry.planned = entry.planned or self.is_to_come

    @cached_property
    def meal_now(self) -> Meal:
        """The meal that a person most likely logs at this time of day."""
        return Meal.at(self.person.local_time().time(), self.meals_in_use)

    def usual(self, meal: Meal) -> list[Entry]:
        """What this person often has at a meal, each as it was logged last. One statement."""
        since = self.date - USUAL_WITHIN if self.date - EARLIEST > USUAL_WITHIN else EARLIEST
        key = {**self._key, "meal_id": meal.id, "since": since}
        return list(db.session.scalars(_USUAL, key))

    def log(
        self,
        food: Food,
        portion: Portion,
        amount: float,
        meal: Meal,
        form_id: UUID,
        digest: str,
        planned: bool = False,
    ) -> Entry:
        """Log so many of a portion of a food, as a snapshot of what the food says now."""
        return _logged(self.write(food, portion, amount, meal, form_id, digest, planned))

    def write(self, food, portion, amount, meal, form_id, digest, planned=False) -> Entry:
        """Write what a food says for this day; nothing is stored yet."""
        entry = self._entry(meal.id, form_id, digest, planned)
        entry.serve(food, portion, amount, self.person.language)
        return entry

    def log_again(self, earlier: Entry, meal: Meal, form_id: UUID, digest: str) -> Entry:
        """Log what an earlier entry says, figures and all."""
        return _logged(self.again(earlier, meal.id, form_id, digest))

    def again(self, earlier: Snapshot, meal_id: UUID, form_id: UUID, digest: str) -> Entry:
        """Write what an earlier snapshot says for this day; nothing is stored yet."""
        entry = self._entry(meal_id, form_id, digest)
        entry.repeat(earlier)
        return entry

    def log_quick(self, name: str, amounts: dict, meal: Meal, form_id: UUID, digest: str) -> Entry:
        """Log calories without a food."""
        entry = self._entry(meal.id, form_id, digest)
        entry.say(name, amounts)
        return _logged(entry)

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


def _logged(entry: Entry) -> Entry:
    """Store an entry and note that it was made."""
    stored = create_once(entry)
    Act.made([stored], "logged", stored.id, stored.form_digest)
    return stored
