from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, delete
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db, insert
from caloria.models.clock import utc_now
from caloria.models.user import User

# A day on which nobody said anything counts as complete from this share of its target on, and without a
# target from so many kcal on: less than that, and probably something was not logged.
COMPLETE_FROM_SHARE = 0.5
COMPLETE_FROM_KCAL = 800


class DayMark(db.Model):
    """What a person says of a day of theirs: that everything eaten is in it, or that it isn't."""

    __tablename__ = "day_marks"
    __table_args__ = (CheckConstraint("day BETWEEN '1900-01-01' AND '2200-12-31'", name="day"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    complete: Mapped[bool]
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)

    @classmethod
    def write(cls, person: User, day: date, complete: bool | None) -> None:
        """Say that a day is complete or isn't; None leaves it to the rule again."""
        key = {"user_id": person.id, "day": day}
        if complete is None:
            db.session.execute(delete(cls).filter_by(**key))
            return
        said = {"complete": complete, "updated_at": utc_now()}
        statement = insert(cls).values(**key, **said)
        db.session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=said))


def is_complete(marked: bool | None, over: bool, entries: int, known: int, energy, target) -> bool:
    """Whether everything that was eaten on a day is in it.

    What the person says holds. Otherwise a day that is over, of which the energy of every entry is known,
    and is not so little that something must be missing. energy and target are in kcal, or None.
    """
    if marked is not None:
        return marked
    least = target * COMPLETE_FROM_SHARE if target else COMPLETE_FROM_KCAL
    return over and entries > 0 and known == entries and energy >= least
