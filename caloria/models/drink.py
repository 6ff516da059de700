from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.ownership import FromForm, Owned


class Drink(Owned, FromForm, db.Model):
    """A glass of water that a person drank on a day."""

    __tablename__ = "drinks"
    __table_args__ = (
        CheckConstraint("water_ml BETWEEN 1 AND 5000", name="water_ml"),
        CheckConstraint("day BETWEEN '1900-01-01' AND '2200-12-31'", name="day"),
        Index(None, "user_id", "day"),
    )

    day: Mapped[date]
    water_ml: Mapped[float]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    deleted_at: Mapped[datetime | None]
