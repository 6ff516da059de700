from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now


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
