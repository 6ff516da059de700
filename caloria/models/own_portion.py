from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.food import HEAVIEST_GRAMS
from caloria.models.ownership import FromForm, Owned


class OwnPortion(Owned, FromForm, db.Model):
    """A portion of a food that a person measured for themselves, such as "my bowl"."""

    __tablename__ = "own_portions"
    __table_args__ = (
        CheckConstraint(f"gram_weight BETWEEN 0.001 AND {HEAVIEST_GRAMS}", name="gram_weight"),
        CheckConstraint("length(unit) BETWEEN 1 AND 40", name="unit"),
        Index(None, "user_id", "food_id"),
    )

    food_id: Mapped[UUID] = mapped_column(ForeignKey("foods.id"))
    unit: Mapped[str]
    gram_weight: Mapped[float]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    archived_at: Mapped[datetime | None]
