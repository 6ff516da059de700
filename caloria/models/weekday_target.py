"""Days of the week with a target of their own, and the target of one day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db, insert
from caloria.models.nutrients import KCAL_PER_G
from caloria.models.target import LEAST_ENERGY_KCAL, MOST_ENERGY_KCAL, MOST_GRAMS, Target


class WeekdayTarget(db.Model):
    """The energy that a target aims at on one day of the week, where that is another than on the others."""

    __tablename__ = "weekday_targets"
    __table_args__ = (
        ForeignKeyConstraint(["user_id", "starts_on"], ["targets.user_id", "targets.starts_on"]),
        CheckConstraint(
            f"energy_kcal BETWEEN {LEAST_ENERGY_KCAL} AND {MOST_ENERGY_KCAL}", name="energy_kcal"
        ),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    starts_on: Mapped[date] = mapped_column(primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    energy_kcal: Mapped[float]

    @classmethod
    def of(cls, user):
        """Select what this person's targets say of days of the week, Monday first."""
        return select(cls).where(cls.user_id == user.id).order_by(cls.weekday)

    @classmethod
    def newest(cls, user):
        """Select what this person's newest target says of days of the week."""
        newest = select(func.max(Target.starts_on)).where(Target.user_id == user.id).scalar_subquery()
        return cls.of(user).where(cls.starts_on == newest)

    @classmethod
    def set(cls, user, starts_on: date, energy: dict[int, float]) -> None:
        """Aim at these kcal on these days of the week, in place of what the same target said before."""
        db.session.execute(delete(cls).filter_by(user_id=user.id, starts_on=starts_on))
        if energy:
            key = {"user_id": user.id, "starts_on": starts_on}
            rows = [{**key, "weekday": weekday, "energy_kcal": kcal} for weekday, kcal in energy.items()]
            db.session.execute(insert(cls).values(rows))


@dataclass(frozen=True)
class DayTarget:
    """What a person aims at on one day, in kcal and g; an amount that was left open is None."""

    energy_kcal: float
    protein_g: float | None
    carbohydrate_g: float | None
    fat_g: float | None
    fiber_g: float | None

    @classmethod
    def on(cls, target: Target, weekday_kcal: float | None) -> "DayTarget":
        """A target on a day of the week that may have an energy of its own.

        Protein and fibre stay as they are; carbohydrate and fat give, or take, what is more or less.
        """
        energy, share = target.energy_kcal, 1.0
        if weekday_kcal is not None:
            share = max(1 + (weekday_kcal - energy) / _others_kcal(target), 0)
            energy = weekday_kcal
        carbohydrate, fat = (
            None if amount is None else min(amount * share, MOST_GRAMS)
            for amount in (target.carbohydrate_g, target.fat_g)
        )
        return cls(energy, target.protein_g, carbohydrate, fat, target.fiber_g)


def _others_kcal(target: Target) -> float:
    """The energy that a target has beside protein; people may aim at grams that come to more than that."""
    grams = {name: getattr(target, name) or 0.0 for name in KCAL_PER_G}
    kcal = {name: grams[name] * each for name, each in KCAL_PER_G.items()}
    protein = kcal.pop("protein_g")
    return max(target.energy_kcal - protein, sum(kcal.values()), 1.0)
