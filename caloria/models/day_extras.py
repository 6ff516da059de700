from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import and_, bindparam, func, select, true

from caloria.extensions import found
from caloria.models.clock import utc_now
from caloria.models.day import Day
from caloria.models.day_mark import DayMark
from caloria.models.day_note import DayNote, note_digest
from caloria.models.drink import Drink
from caloria.models.kept import cached_property
from caloria.models.plan import payments
from caloria.models.plan_notice import FAILED_SINCE, TRIAL_SOON, PlanNotice
from caloria.models.saved_meal import offered
from caloria.models.subscription import TOLD_BEFORE
from caloria.models.target import Target
from caloria.models.weekday_target import DayTarget, WeekdayTarget
from caloria.models.weight import Weight

_drinks, _notes, _marks = (model.__table__.c for model in (Drink, DayNote, DayMark))
# The last drink, and beside it the water of all of them.
_drunk = (
    select(_drinks.id.label("last_drink_id"), func.sum(_drinks.water_ml).over().label("water_ml"))
    .where(
        _drinks.user_id == bindparam("user_id"),
        _drinks.day == bindparam("day"),
        _drinks.deleted_at.is_(None),
    )
    .order_by(_drinks.created_at.desc(), _drinks.id.desc())
    .limit(1)
    .subquery()
)
_weighed = (
    Weight.latest(bindparam("user_id"))
    .where(Weight.day <= bindparam("day"))
    .with_only_columns(Weight.weight_kg, Weight.day.label("weighed_on"))
    .subquery()
)
_targets, _weekdays = Target.__table__.c, WeekdayTarget.__table__.c
_AIMED = [each.name for each in fields(DayTarget)]
_that_weekday = and_(
    _weekdays.user_id == _targets.user_id,
    _weekdays.starts_on == _targets.starts_on,
    _weekdays.weekday == bindparam("weekday"),
)
_in_force = (
    select(
        *(_targets[name].label(f"target_{name}") for name in _AIMED),
        _weekdays.energy_kcal.label("weekday_kcal"),
    )
    .select_from(Target.__table__.outerjoin(WeekdayTarget.__table__, _that_weekday))
    .where(_targets.user_id == bindparam("user_id"), _targets.starts_on <= bindparam("day"))
    .order_by(_targets.starts_on.desc())
    .limit(1)
    .subquery()
)


def _said(column: Any) -> Any:
    """What a table with a row for each day says of this one."""
    table = column.table.c
    said = select(column).where(table.user_id == bindparam("user_id"), table.day == bindparam("day"))
    return said.scalar_subquery().label(column.key)


_of_the_day = (_said(_notes.text), _said(_marks.complete))
_of_the_plan = (
    TRIAL_SOON.scalar_subquery().label("trial_ends"),
    FAILED_SINCE.scalar_subquery().label("payment_failed"),
)


def _beside_meals(*columns: Any) -> Any:
    """One row for each saved meal, and one where there is none, each with what there is once."""
    extras, saved = select(*columns).subquery(), offered(bindparam("user_id")).subquery()
    beside: Any = extras
    for other in (_drunk, _weighed, _in_force, saved):
        beside = beside.outerjoin(other, true())
    rows = select(extras, _drunk, _weighed, _in_force, saved).select_from(beside)
    return rows.order_by(saved.c.name, saved.c.id).execution_options(prepared_as="extras_of_day")


_EXTRAS = _beside_meals(*_of_the_day)
_EXTRAS_WHERE_PLUS_IS_SOLD = _beside_meals(*_of_the_day, *_of_the_plan)


class DayExtras:
    """What a day shows beside its meals: target, water, note, saved meals, plan. One statement in all."""

    def __init__(self, day: Day):
        self.day = day

    @cached_property
    def _rows(self) -> Sequence[Any]:
        on = self.day.date
        key = {"user_id": self.day.person.id, "day": on, "weekday": on.weekday()}
        if not self._may_notice:
            return found(_EXTRAS, key)
        now = utc_now()
        return found(_EXTRAS_WHERE_PLUS_IS_SOLD, {**key, "now": now, "soon": now + TOLD_BEFORE})

    @cached_property
    def _may_notice(self) -> bool:
        return payments() != "off" and self.day.is_today

    @property
    def plan_notice(self) -> PlanNotice | None:
        """What today says of the person's plan."""
        first = self._rows[0]
        return PlanNotice.said(first.trial_ends, first.payment_failed) if self._may_notice else None

    @property
    def target(self) -> DayTarget | None:
        """What is aimed at on this day."""
        first = self._rows[0]
        if first.target_energy_kcal is None:
            return None
        aimed = {name: getattr(first, f"target_{name}") for name in _AIMED}
        return DayTarget.on(Target(**aimed), first.weekday_kcal)

    @property
    def water_ml(self) -> float:
        return self._rows[0].water_ml or 0.0

    @property
    def last_drink_id(self):
        """The drink that was logged last, which can be taken back."""
        return self._rows[0].last_drink_id

    @property
    def complete(self) -> bool | None:
        """What the person says of the day: everything is in it, or isn't; None where they said nothing."""
        return self._rows[0].complete

    @property
    def weight_kg(self) -> float | None:
        """What the person weighed last, on this day or before it."""
        return self._rows[0].weight_kg

    @property
    def is_weighed(self) -> bool:
        return self._rows[0].weighed_on == self.day.date

    @property
    def note(self) -> str:
        return self._rows[0].text or ""

    @property
    def note_digest(self) -> str:
        """What the page carries to tell whether the note was changed since."""
        return note_digest(self.note)

    @property
    def saved_meals(self) -> list[Any]:
        """What can be logged with one tap: each its id and name, and as a Sum is the sum of its energy."""
        return [row for row in self._rows if row.id is not None]
