from typing import Any

from sqlalchemy import and_, bindparam, func, select, true

from caloria.extensions import db
from caloria.models.day import Day
from caloria.models.day_mark import DayMark
from caloria.models.day_note import DayNote, note_digest
from caloria.models.drink import Drink
from caloria.models.kept import cached_property
from caloria.models.saved_meal import offered

_drunk = and_(
    Drink.user_id == bindparam("user_id"), Drink.day == bindparam("day"), Drink.deleted_at.is_(None)
)
_last = select(Drink.id).where(_drunk).order_by(Drink.created_at.desc(), Drink.id.desc()).limit(1)
_written = select(DayNote.text).where(
    DayNote.user_id == bindparam("user_id"), DayNote.day == bindparam("day")
)
_marked = select(DayMark.complete).where(
    DayMark.user_id == bindparam("user_id"), DayMark.day == bindparam("day")
)
_extras = select(
    select(func.sum(Drink.water_ml)).where(_drunk).scalar_subquery().label("water_ml"),
    _last.scalar_subquery().label("last_drink_id"),
    _written.scalar_subquery().label("note"),
    _marked.scalar_subquery().label("complete"),
).subquery()
_offered = offered(bindparam("user_id")).subquery()
# One row for each saved meal, and one where there is none.
_EXTRAS = (
    select(_extras, _offered)
    .select_from(_extras.outerjoin(_offered, true()))
    .order_by(_offered.c.name, _offered.c.id)
)


class DayExtras:
    """What a day shows beside its meals: water, the note, and saved meals to log. One statement in all."""

    def __init__(self, day: Day):
        self.day = day

    @cached_property
    def _rows(self) -> list[Any]:
        key = {"user_id": self.day.person.id, "day": self.day.date}
        return list(db.session.execute(_EXTRAS, key))

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
    def note(self) -> str:
        return self._rows[0].note or ""

    @property
    def note_digest(self) -> str:
        """What the page carries to tell whether the note was changed since."""
        return note_digest(self.note)

    @property
    def saved_meals(self) -> list[Any]:
        """What can be logged with one tap: each its id and name, and as a Sum is the sum of its energy."""
        return [row for row in self._rows if row.id is not None]
