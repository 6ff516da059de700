from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.creation import create_once
from caloria.models.ownership import FromForm, Owned
from caloria.models.user import User

LEAST_ML, MOST_ML = 1, 5000


class Drink(Owned, FromForm, db.Model):
    """A glass of water that a person drank on a day."""

    __tablename__ = "drinks"
    __table_args__ = (
        CheckConstraint(f"water_ml BETWEEN {LEAST_ML} AND {MOST_ML}", name="water_ml"),
        CheckConstraint("day BETWEEN '1900-01-01' AND '2200-12-31'", name="day"),
        Index(None, "user_id", "day"),
    )

    day: Mapped[date]
    water_ml: Mapped[float]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    deleted_at: Mapped[datetime | None]

    @classmethod
    def log(cls, person: User, day: date, water_ml: float, form_id: UUID, digest: str) -> "Drink":
        """Log so much water, once for each form. Raises FormReused."""
        drink = cls(user_id=person.id, id=form_id, day=day, water_ml=water_ml, form_digest=digest)
        return create_once(drink)

    def delete(self) -> None:
        self.deleted_at = self.deleted_at or utc_now()

    def restore(self) -> None:
        self.deleted_at = None
