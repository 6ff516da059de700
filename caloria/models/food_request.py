from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.ownership import FromForm, Owned

STATES = ("pending", "in_progress", "completed", "cancelled")


class FoodRequest(Owned, FromForm, db.Model):
    """A food that a person misses or finds wrong, and what becomes of that."""

    __tablename__ = "food_requests"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("length(title) BETWEEN 1 AND 100", name="title"),
        CheckConstraint("length(description) BETWEEN 1 AND 2000", name="description"),
        CheckConstraint("length(answer) BETWEEN 1 AND 2000", name="answer"),
        CheckConstraint("length(gtin) = 14", name="gtin"),
        CheckConstraint("(state IN ('completed', 'cancelled')) = (ended_at IS NOT NULL)", name="ended"),
        # The oldest first, of one state.
        Index(None, "state", "id"),
        Index(None, "owner_id", "id"),
    )

    title: Mapped[str]
    description: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="pending", server_default="pending")
    # The food that is wrong; none where one is missing.
    about_id: Mapped[UUID | None] = mapped_column(ForeignKey("foods.id"))
    gtin: Mapped[str | None]
    # The admin who works on it.
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    # What the person is told at the end, and the food that came of it.
    answer: Mapped[str | None]
    food_id: Mapped[UUID | None] = mapped_column(ForeignKey("foods.id"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)
    ended_at: Mapped[datetime | None]
