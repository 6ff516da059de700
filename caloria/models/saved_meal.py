from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.ownership import FromForm, Owned
from caloria.models.snapshot import Snapshot, snapshot_checks


class SavedMeal(Owned, FromForm, db.Model):
    """Foods that a person has together, kept under a name to be logged at once."""

    __tablename__ = "saved_meals"
    __table_args__ = (CheckConstraint("length(name) BETWEEN 1 AND 100", name="name"),)

    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    archived_at: Mapped[datetime | None]


class SavedMealItem(Owned, Snapshot, db.Model):
    """One food of a saved meal, as a snapshot of the entry that it was made from."""

    __tablename__ = "saved_meal_items"
    __table_args__ = (
        *snapshot_checks(),
        ForeignKeyConstraint(["user_id", "saved_meal_id"], ["saved_meals.user_id", "saved_meals.id"]),
        Index(None, "user_id", "saved_meal_id"),
        CheckConstraint("position BETWEEN 1 AND 1000", name="position"),
    )

    saved_meal_id: Mapped[UUID]
    position: Mapped[int]
