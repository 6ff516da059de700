from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now


class DayNote(db.Model):
    """What a person wrote about a day of theirs: one note for each day."""

    __tablename__ = "day_notes"
    __table_args__ = (
        CheckConstraint("length(text) <= 5000", name="text"),
        CheckConstraint("day BETWEEN '1900-01-01' AND '2200-12-31'", name="day"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    text: Mapped[str]
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)
