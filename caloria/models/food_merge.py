from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, select, update
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

    food_id: Mapped[UUID] = mapped_column(ForeignKey("foods.id"))
    into_id: Mapped[UUID] = mapped_column(ForeignKey("foods.id"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    # Its form sent again does not merge a food that was brought back.
    undone_at: Mapped[datetime | None]

    @classmethod
    def complete(cls, person: User, food: Food, into: Food, form_id: UUID, digest: str) -> "FoodMerge":
        """Put a food away for another one, once for each form. Raises FormReused."""
        cls._lock(person)
        before = db.session.scalar(cls.of(person, food))
        if before and before.id != form_id:
            raise FormReused
        stored = create_once(
            cls(user_id=person.id, id=form_id, food_id=food.id, into_id=into.id, form_digest=digest)
        )
        if stored.undone_at is None:
            food.archive()
        return stored

    @staticmethod
    def _lock(person: User) -> None:
        """One merge of a person's after the other: two could put each food away for the other."""
        db.session.execute(select(User.id).where(User.id == person.id).with_for_update(key_share=True))

    @classmethod
    def of(cls, person: User, food: Food):
        """Select what a food of this person's is merged into, or one of everybody's by some admin."""
        if not food.is_own:
            return select(cls).where(cls.food_id == food.id, cls.undone_at.is_(None))
        return select(cls).where(cls.user_id == person.id, cls.food_id == food.id, cls.undone_at.is_(None))

    @classmethod
    def into(cls, person: User, food: Food) -> Food | None:
        """The food that one of this person's, or of everybody's, was merged into."""
        merged = cls.of(person, food).with_only_columns(cls.into_id)
        return db.session.scalar(Food.visible_to(person).where(Food.id.in_(merged)))

    @classmethod
    def undo(cls, person: User, food: Food) -> None:
        """Let a food be its own again."""
        merged = (cls.user_id == person.id, cls.food_id == food.id, cls.undone_at.is_(None))
        db.session.execute(update(cls).where(*merged).values(undone_at=utc_now()))

    @classmethod
    def undo_shared(cls, food: Food) -> None:
        """Let a food of everybody's be its own again, whoever merged it."""
        merged = (cls.food_id == food.id, cls.undone_at.is_(None))
        db.session.execute(update(cls).where(*merged).values(undone_at=utc_now()))
