from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.creation import create_once
from caloria.models.ownership import FromForm, Owned
from caloria.models.user import User
from caloria.words import N_

LONGEST_NAME = 40
SPARKED = 100
MOST = 100_000
UNITS = ("cm", "percent", "number")
# What people commonly measure.
MEASURES = (
    N_("Waist"),
    N_("Hips"),
    N_("Chest"),
    N_("Upper arm"),
    N_("Thigh"),
    N_("Neck"),
    N_("Body fat"),
    N_("Resting pulse"),
)


class Measurement(Owned, FromForm, db.Model):
    """What a person measured of themselves on a day: a waist, body fat, whatever they like to follow."""

    __tablename__ = "measurements"
    __table_args__ = (
        Index(None, "user_id", "day"),
        CheckConstraint(f"amount BETWEEN 0 AND {MOST}", name="amount"),
        CheckConstraint("day BETWEEN '1900-01-01' AND '2200-12-31'", name="day"),
        CheckConstraint(f"length(name) BETWEEN 1 AND {LONGEST_NAME}", name="name"),
        CheckConstraint(f"unit IN {UNITS}", name="unit"),
    )

    day: Mapped[date]
    name: Mapped[str]
    unit: Mapped[str]
    amount: Mapped[float]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    deleted_at: Mapped[datetime | None]

    @classmethod
    def log(
        cls, person: User, name: str, unit: str, amount: float, form_id: UUID, digest: str
    ) -> "Measurement":
        """Log what was measured today, once for each form. Raises FormReused.

        What has been measured before keeps its name and unit, however the name was typed this time.
        """
        known = next((each for each in Series.all_of(person) if each.is_called(name)), None)
        said = {"name": known.name, "unit": known.unit} if known else {"name": name, "unit": unit}
        row = cls(
            user_id=person.id, id=form_id, day=person.today(), amount=amount, form_digest=digest, **said
        )
        return create_once(row)

    def delete(self) -> None:
        self.deleted_at = self.deleted_at or utc_now()

    def restore(self) -> None:
        self.deleted_at = None


@dataclass
class Series:
    """Everything that a person measured under one name, the oldest first."""

    name: str
    unit: str
    measurements: list[Measurement]

    @classmethod
    def all_of(cls, person: User) -> list["Series"]:
        """What this person measures, by name. One statement."""
        series: dict[str, Series] = {}
        for each in db.session.scalars(_MEASURED, {"user_id": person.id}):
            series.setdefault(each.name, cls(each.name, each.unit, [])).measurements.append(each)
        return [series[name] for name in sorted(series, key=str.casefold)]

    @property
    def latest(self) -> Measurement:
        return self.measurements[-1]

    @property
    def lowest(self) -> float:
        return min(each.amount for each in self.measurements)

    @property
    def highest(self) -> float:
        return max(each.amount for each in self.measurements)

    @property
    def recent(self) -> list[float]:
        """The last hundred amounts, for a small line."""
        return [each.amount for each in self.measurements[-SPARKED:]]

    def is_called(self, name: str) -> bool:
        return self.name.casefold() == name.casefold()


_MEASURED = (
    select(Measurement)
    .where(Measurement.user_id == bindparam("user_id"), Measurement.deleted_at.is_(None))
    .order_by(Measurement.day, Measurement.id)
)
