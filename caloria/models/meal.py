from collections.abc import Callable
from datetime import datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, Uuid, bindparam, select
from sqlalchemy.orm import Mapped

from caloria.extensions import db
from caloria.models.ownership import FromForm, Owned
from caloria.words import N_

# Name and the local time from which it is the meal that one most likely logs.
FIRST_MEALS = (
    (N_("Breakfast"), time(4)),
    (N_("Lunch"), time(11)),
    (N_("Dinner"), time(17, 30)),
    (N_("Snacks"), time(15)),
)


class Meal(Owned, FromForm, db.Model):
    """An eating occasion that a person has every day, such as breakfast."""

    __tablename__ = "meals"
    __table_args__ = (
        CheckConstraint("position BETWEEN 1 AND 1000", name="position"),
        CheckConstraint("length(name) BETWEEN 1 AND 60", name="name"),
    )

    position: Mapped[int]
    name: Mapped[str]
    usual_from: Mapped[time | None]
    archived_at: Mapped[datetime | None]

    @staticmethod
    def first_of(user_id, say: Callable[[str], str] = str) -> list["Meal"]:
        """The meals that a new diary begins with; say puts their names into the person's language."""
        return [
            Meal(user_id=user_id, position=position, name=say(name), usual_from=usual_from)
            for position, (name, usual_from) in enumerate(FIRST_MEALS, start=1)
        ]

    @staticmethod
    def at(clock: time, meals: list[Any]) -> Any:
        """The meal that is usual at this time of day: the last that has begun, or yesterday's last."""
        timed = sorted((meal.usual_from, meal.position, meal.id, meal) for meal in meals if meal.usual_from)
        begun = [each for each in timed if each[0] <= clock]
        return (begun or timed)[-1][-1] if timed else meals[-1]


class MealShown(NamedTuple):
    """What a day shows of a meal."""

    id: UUID
    name: str
    position: int
    usual_from: time | None
    archived_at: datetime | None

    @classmethod
    def of(cls, user_id: UUID, meal_id: UUID | None) -> "MealShown | None":
        """One of a person's meals by its id, also one put away. One statement."""
        row = db.session.execute(_ONE, {"user_id": user_id, "meal_id": meal_id}).first()
        return cls(*row) if row else None


_meals = Meal.__table__.c
# Built once: whatever is logged asks it.
_ONE = (
    select(*(_meals[name] for name in MealShown._fields))
    .where(_meals.user_id == bindparam("user_id", type_=Uuid()), _meals.id == bindparam("meal_id"))
    .execution_options(prepared_as="meal")
)
AnyMeal = Meal | MealShown
