from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import BigInteger, CheckConstraint, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db, insert
from caloria.models.clock import utc_now


class Counted(NamedTuple):
    """A figure of a day, as it was counted."""

    name: str
    value: int
    # The currency of money.
    unit: str = ""


class DailyFigure(db.Model):
    """How many of something there were on a day (UTC), counted by a job: no page counts a whole table."""

    __tablename__ = "daily_figures"
    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 60", name="name"),
        CheckConstraint("value BETWEEN 0 AND 1000000000000000", name="value"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    # The currency of money; otherwise empty.
    unit: Mapped[str] = mapped_column(primary_key=True, default="")
    value: Mapped[int] = mapped_column(BigInteger)
    as_of: Mapped[datetime] = mapped_column(default=utc_now)

    @classmethod
    def note(cls, day: date, figures: Iterable[Counted]) -> None:
        """Keep what was counted of a day, instead of what was counted of it before."""
        rows = [{"day": day, "as_of": utc_now(), **figure._asdict()} for figure in figures]
        if rows:
            statement = insert(cls).values(rows)
            said = {"value": statement.excluded.value, "as_of": statement.excluded.as_of}
            db.session.execute(
                statement.on_conflict_do_update(index_elements=["day", "name", "unit"], set_=said)
            )

    @classmethod
    def since(cls, day: date) -> Select:
        """What was counted of this day and those after it."""
        return select(cls.day, cls.name, cls.unit, cls.value, cls.as_of).where(cls.day >= day)
