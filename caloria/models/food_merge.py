from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.ownership import FromForm, Owned


class FoodMerge(Owned, FromForm, db.Model):
    """That a food of one's own is another one: whoever looks for it finds that."""

    __tablename__ = "food_merges"
    __table_args__ = (UniqueConstraint("user_id", "food_id"),)

    food_id: Mapped[UUID] = mapped_column(ForeignKey("foods.id"))
    into_id: Mapped[UUID] = mapped_column(ForeignKey("foods.id"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
