from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.creation import FormReused, create_once
from caloria.models.food import Food
from caloria.models.ownership import FromForm, Owned
from caloria.models.user import User


class FoodMerge(Owned, FromForm, db.Model):
    """That a food of one's own is another one: it is put away, and says which."""

    __tablename__ = "food_merges"
    __table_args__ = (UniqueConstraint("user_id", "food_id"),)

    food_id: Mapped[UUID] = mapped_column(ForeignKey("foods.id"))
    into_id: Mapped[UUID] = mapped_column(ForeignKey("foods.id"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    @classmethod
    def complete(cls, person: User, food: Food, into: Food, form_id: UUID, digest: str) -> "FoodMerge":
        """Put a food away for another one, once for each form. Raises FormReused."""
        before = db.session.scalar(cls.of(person, food))
        if before and before.id != form_id:
            raise FormReused
        merge = cls(user_id=person.id, id=form_id, food_id=food.id, into_id=into.id, form_digest=digest)
        stored = before or create_once(merge)
        if stored.form_digest != digest:
            raise FormReused
        food.archive()
        return stored

    @classmethod
    def of(cls, person: User, food: Food):
        """Select what a food of this person's was merged into."""
        return select(cls).where(cls.user_id == person.id, cls.food_id == food.id)

    @classmethod
    def into(cls, person: User, food: Food) -> Food | None:
        """The food that one of this person's was merged into."""
        merged = cls.of(person, food).with_only_columns(cls.into_id)
        return db.session.scalar(Food.visible_to(person).where(Food.id.in_(merged)))

    @classmethod
    def forget(cls, person: User, food: Food) -> None:
        """Let a food be its own again."""
        db.session.execute(delete(cls).where(cls.user_id == person.id, cls.food_id == food.id))
