"""What a trend reads from the database: three statements, however long the range."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    Double,
    Integer,
    String,
    and_,
    bindparam,
    cast,
    exists,
    func,
    null,
    select,
    true,
    union_all,
)

from caloria.extensions import db, found
from caloria.models.body import Body
from caloria.models.check_in import CheckIn
from caloria.models.clock import utc_now
from caloria.models.day_mark import DayMark
from caloria.models.entry import Entry
from caloria.models.plan import payments
from caloria.models.recommended import ADULTS
from caloria.models.subscription import Subscription
from caloria.models.target import Target
from caloria.models.user import User
from caloria.models.weekday_target import WeekdayTarget
from caloria.models.weight import Weight

SUMMED = ("energy_kcal", "protein_g", "carbohydrate_g", "fat_g")
LOWEST_OF = tuple(ADULTS)
# Nutrients are looked at over so many complete days at most: what was eaten years ago supplies nothing now.
NUTRIENT_DAYS = 90


def _nothing(type_, *names: str) -> list[Any]:
    # PostgreSQL wants to know of what type the nothing is, in a union.
    return [cast(null(), type_).label(name) for name in names]


# Of the tables, not of the models: what is only drawn need not become objects that could be changed.
_entries, _weights, _marks = Entry.__table__.c, Weight.__table__.c, DayMark.__table__.c
_eaten = (
    select(
        _entries.day,
        *_nothing(Double, "weight_kg"),
        *_nothing(Boolean, "complete"),
        *_nothing(String, "weight_id"),
        # As Eaten names them.
        func.count().label("entries"),
        *(func.sum(_entries[name]).label(name) for name in SUMMED),
        *(func.count(_entries[name]).label(f"known_{name}") for name in SUMMED),
    )
    .where(
        _entries.user_id == bindparam("user_id"),
        _entries.day.between(bindparam("since"), bindparam("until")),
        _entries.deleted_at.is_(None),
        _entries.planned.is_(False),
    )
    .group_by(_entries.day)
)
_nothing_eaten = (
    *_nothing(Integer, "entries"),
    *_nothing(Double, *SUMMED),
    *_nothing(Integer, *(f"known_{name}" for name in SUMMED)),
)
_weighed = select(
    _weights.day,
    _weights.weight_kg,
    *_nothing(Boolean, "complete"),
    # To sort by alone: some hundred objects less.
    cast(_weights.id, String),
    *_nothing_eaten,
).where(
    _weights.user_id == bindparam("user_id"),
    _weights.day.between(bindparam("weighed_since"), bindparam("until")),
    _weights.deleted_at.is_(None),
)
_marked = select(
    _marks.day,
    *_nothing(Double, "weight_kg"),
    _marks.complete,
    *_nothing(String, "id"),
    *_nothing_eaten,
).where(_marks.user_id == bindparam("user_id"), _marks.day.between(bindparam("since"), bindparam("until")))
# Of two weights on a day the one that was logged later comes last, as on every other page.
_BY_DAY = (
    union_all(_eaten, _weighed, _marked)
    .order_by("day", "weight_id")
    .execution_options(prepared_as="days_of_trend")
)

_last_check_in = (
    select(func.max(CheckIn.day)).where(CheckIn.user_id == bindparam("user_id")).scalar_subquery()
)
_last_weight = (
    Weight.latest(bindparam("user_id"))
    .where(Weight.day <= bindparam("until"))
    .with_only_columns(Weight.weight_kg)
    .scalar_subquery()
)
_AIMS = (
    select(
        Target,
        Body,
        WeekdayTarget.weekday,
        WeekdayTarget.energy_kcal.label("weekday_kcal"),
        _last_check_in.label("checked_in"),
        _last_weight.label("latest_kg"),
    )
    .select_from(User)
    .outerjoin(Body, Body.user_id == User.id)
    .outerjoin(Target, Target.user_id == User.id)
    .outerjoin(
        WeekdayTarget,
        and_(WeekdayTarget.user_id == Target.user_id, WeekdayTarget.starts_on == Target.starts_on),
    )
    .where(User.id == bindparam("user_id"))
    .order_by(Target.starts_on)
)
_AIMS_OF_WHO_HAS_PLUS = _AIMS.add_columns(true().label("has_plus")).execution_options(prepared_as="aims")
_SUPPLY = (
    select(
        _entries.name,
        func.count().label("entries"),
        *(func.sum(_entries[name]).label(name) for name in LOWEST_OF),
        *(func.count(_entries[name]).label(f"known_{name}") for name in LOWEST_OF),
    )
    .where(
        _entries.user_id == bindparam("user_id"),
        # A range, which the index finds: of a list of days PostgreSQL may read the whole diary instead.
        _entries.day.between(bindparam("since"), bindparam("until")),
        _entries.deleted_at.is_(None),
        _entries.planned.is_(False),
    )
    .group_by(_entries.food_id, _entries.name)
    .execution_options(prepared_as="supply_of_foods")
)
# Another text for each number of days: not worth to be prepared.
_SUPPLY_OF_SOME_DAYS = _SUPPLY.where(
    _entries.day.not_in(bindparam("left_out", expanding=True))
).execution_options(prepared_as=None)


class Eaten(NamedTuple):
    """What was eaten on a day: how many entries, the sums of what is known, and of how many each is."""

    entries: int
    energy_kcal: float | None
    protein_g: float | None
    carbohydrate_g: float | None
    fat_g: float | None
    known_energy_kcal: int
    known_protein_g: int
    known_carbohydrate_g: int
    known_fat_g: int


@dataclass
class Reading:
    """What was eaten on each day, weighed and said; the days in order."""

    eaten: dict[date, Eaten] = field(default_factory=dict)
    weights: list[tuple[date, float]] = field(default_factory=list)
    marks: dict[date, bool] = field(default_factory=dict)


def read_days(person: User, since: date, weighed_since: date, until: date) -> Reading:
    """Read what was eaten from a day on, and what was weighed from another on. One statement."""
    key = {"user_id": person.id, "since": since, "weighed_since": weighed_since, "until": until}
    reading = Reading()
    for day, weight_kg, complete, _id, *eaten in found(_BY_DAY, key):
        if weight_kg is not None:
            reading.weights.append((day, weight_kg))
        elif complete is not None:
            reading.marks[day] = complete
        else:
            reading.eaten[day] = Eaten(*eaten)
    return reading


def read_aims(person: User, until: date) -> list[Any]:
    """Read every target, the body, the last weight and check-in, and whether there is Plus. One statement."""
    key = {"user_id": person.id, "until": until}
    if payments() == "off":
        return list(db.session.execute(_AIMS_OF_WHO_HAS_PLUS, key))
    plus = exists().where(Subscription.user_id == bindparam("user_id"), Subscription.giving_plus(utc_now()))
    return list(db.session.execute(_AIMS.add_columns(plus.label("has_plus")), key))


def read_supply(person: User, since: date, until: date, left_out: Sequence[date]) -> dict[str, Sequence[Any]]:
    """Read what each food supplied from a day to another but on some, as columns: a name for each, and so on.

    One statement.
    """
    key = {"user_id": person.id, "since": since, "until": until}
    rows = found(_SUPPLY_OF_SOME_DAYS, {**key, "left_out": left_out}) if left_out else found(_SUPPLY, key)
    names = _SUPPLY.selected_columns.keys()
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return dict(zip(names, columns, strict=True))
