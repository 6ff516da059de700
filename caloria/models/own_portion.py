from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.creation import create_once
from caloria.models.food import HEAVIEST_GRAMS, Food
from caloria.models.ownership import FromForm, Owned
from caloria.models.user import User

LONGEST_UNIT = 40


class OwnPortion(Owned, FromForm, db.Model):
    """A portion of a food that a person measured for themselves, such as "my bowl"."""

    __tablename__ = "own_portions"
    __table_args__ = (
        CheckConstraint(f"gram_weight BETWEEN 0.001 AND {HEAVIEST_GRAMS}", name="gram_weight"),
        CheckConstraint(f"length(unit) BETWEEN 1 AND {LONGEST_UNIT}", name="unit"),
        Index(None, "user_id", "food_id"),
    )

    food_id: Mapped[UUID] = mapped_column(ForeignKey("foods.id"))
    unit: Mapped[str]
    gram_weight: Mapped[float]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    archived_at: Mapped[datetime | None]

    # One of it, as of the portions that everybody has.
    amount = 1.0

    @classmethod
    def measure(cls, person: User, food: Food, unit: str, grams: float, form_id: UUID, digest: str):
        """Keep what a portion of a food weighs for this person, once for each form. Raises FormReused."""
        portion = cls(user_id=person.id, id=form_id, food_id=food.id, form_digest=digest)
        portion.unit, portion.gram_weight = unit, grams
        return create_once(portion)

    @classmethod
    def of(cls, person: User, food: Food):
        """Select what this person measured of a food and has not put away, the oldest first."""
        return cls.of_foods(person, [food.id])

    @classmethod
    def of_foods(cls, person: User, food_ids: list[UUID]):
        """Select what this person measured of some foods and has not put away, the oldest first."""
        mine = select(cls).where(cls.user_id == person.id, cls.food_id.in_(food_ids))
        return mine.where(cls.archived_at.is_(None)).order_by(cls.created_at, cls.id)

    @property
    def grams_per_unit(self) -> float:
        return self.gram_weight

    def unit_in(self, _language: str) -> str:
        """Its unit, as the person called it."""
        return self.unit

    def archive(self) -> None:
        self.archived_at = self.archived_at or utc_now()

    def unarchive(self) -> None:
        self.archived_at = None
