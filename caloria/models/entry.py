from datetime import date, datetime, time
from math import isclose
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.meal import Meal
from caloria.models.ownership import FromForm, Owned, owned
from caloria.models.snapshot import Snapshot, snapshot_checks


class Entry(Owned, Snapshot, FromForm, db.Model):
    """One food in one amount at one meal of one day, as it was when it was logged.

    Planned, it is meant to be eaten and counts for nothing yet.
    """

    __tablename__ = "entries"
    __table_args__ = (
        *snapshot_checks(),
        ForeignKeyConstraint(["user_id", "meal_id"], ["meals.user_id", "meals.id"]),
        Index(None, "user_id", "day", "meal_id"),
        CheckConstraint("day BETWEEN '1900-01-01' AND '2200-12-31'", name="day"),
    )

    day: Mapped[date]
    eaten_at: Mapped[time | None]
    meal_id: Mapped[UUID]
    planned: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)
    # A deleted entry stays as a mark: it can be undone, and its form sent again does not bring it back.
    deleted_at: Mapped[datetime | None]

    meal: Mapped[Meal] = owned("Entry", "meal_id", "Meal")

    def say(self, name: str, amounts: dict[str, float | None]) -> None:
        """Change what quick calories say.

        An imported meal may know more than these: where one of them is another now, that is known no longer.
        """
        kept = {} if self._contradicts(amounts) else self.amounts
        self.name = name
        self.set_amounts({**kept, **amounts})

    def _contradicts(self, amounts: dict[str, float | None]) -> bool:
        before = ((self.amount(name), amount) for name, amount in amounts.items())
        # Forms show twelve digits.
        return any(was is not None and (now is None or not isclose(was, now)) for was, now in before)

    def move(self, day: date, meal_id: UUID) -> None:
        """Put it on another day or at another meal; when it was eaten is no longer known on another day."""
        self.eaten_at = self.eaten_at if day == self.day else None
        self.day, self.meal_id = day, meal_id

    def delete(self) -> None:
        self.deleted_at = self.deleted_at or utc_now()

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None
