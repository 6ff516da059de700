from datetime import date, datetime, time
from typing import cast
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.food import HEAVIEST_GRAMS, Food, Portion
from caloria.models.meal import Meal
from caloria.models.nutrients import (
    HUNDREDS_OF_GRAMS_IN_AN_ENTRY,
    NutrientAmounts,
    bounded,
    capped,
    scaled,
)
from caloria.models.ownership import FromForm, Owned, owned

LARGEST_PORTION = 100_000


class Entry(Owned, NutrientAmounts, FromForm, db.Model):
    """One food in one amount at one meal of one day, as it was when it was logged.

    A snapshot: name, weight and nutrients are its own, so that no change of a food changes a past day.
    Without a food it is quick calories.
    """

    __tablename__ = "entries"
    __table_args__ = (
        *bounded(HUNDREDS_OF_GRAMS_IN_AN_ENTRY),
        ForeignKeyConstraint(["user_id", "meal_id"], ["meals.user_id", "meals.id"]),
        Index(None, "user_id", "day"),
        CheckConstraint(f"portion_amount BETWEEN 0.001 AND {LARGEST_PORTION}", name="portion_amount"),
        CheckConstraint(f"gram_weight BETWEEN 0.001 AND {HEAVIEST_GRAMS}", name="gram_weight"),
        CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"),
        CheckConstraint("day BETWEEN '1900-01-01' AND '2200-12-31'", name="day"),
    )

    day: Mapped[date]
    eaten_at: Mapped[time | None]
    meal_id: Mapped[UUID]
    food_id: Mapped[UUID | None] = mapped_column(ForeignKey("foods.id"))
    name: Mapped[str]
    brand: Mapped[str | None]
    portion_amount: Mapped[float | None]
    portion_unit: Mapped[str | None]
    gram_weight: Mapped[float | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)
    # A deleted entry stays as a mark: it can be undone, and its form sent again does not bring it back.
    deleted_at: Mapped[datetime | None]

    meal: Mapped[Meal] = owned("Entry", "meal_id", "Meal")

    @property
    def is_quick(self) -> bool:
        """Whether calories were logged without a food."""
        return self.portion_amount is None

    @property
    def grams_per_unit(self) -> float:
        """What one of the portion weighs. Raises ValueError for quick calories, which have none."""
        if self.gram_weight is None or self.portion_amount is None:
            raise ValueError("quick calories have no portion")
        return self.gram_weight / self.portion_amount

    def serve(self, food: Food, portion: Portion, amount: float) -> None:
        """Take the snapshot: what so many of this portion are, weigh and hold, by what the food says now."""
        self.food_id, self.name, self.brand = food.id, food.name, food.brand
        self.portion_amount, self.portion_unit = amount, portion.unit
        self.gram_weight = amount * portion.grams_per_unit
        self.set_amounts(food.nutrients_in(self.gram_weight))

    def take(self, amount: float) -> None:
        """Change how much was eaten. The entry's own figures are scaled, not looked up again."""
        grams = self.grams_per_unit * amount
        factor = amount / cast("float", self.portion_amount)
        self.gram_weight, self.portion_amount = grams, amount
        # Dividing and multiplying again may end a hair above what an entry can hold.
        self.set_amounts(capped(scaled(self.amounts, factor)))

    def say(self, name: str, amounts: dict[str, float | None]) -> None:
        """Change what quick calories say."""
        self.name = name
        self.set_amounts(amounts)

    def delete(self) -> None:
        self.deleted_at = self.deleted_at or utc_now()

    def restore(self) -> None:
        self.deleted_at = None
