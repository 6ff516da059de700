"""What a food was called, weighed and held when somebody took some of it."""

from typing import cast
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from caloria.models.food import HEAVIEST_GRAMS, Food, FoodNamed, Portion
from caloria.models.nutrients import HUNDREDS_OF_GRAMS_IN_AN_ENTRY, NutrientAmounts, bounded, capped, scaled

LARGEST_PORTION = 100_000
LEAST = 0.001  # of a portion, and of grams
# What a snapshot says beside its nutrients.
SAID = ("food_id", "name", "brand", "portion_amount", "portion_unit", "gram_weight")


class NotMeasurable(Exception):
    """A share of a food is less, or more, than can be told."""


def snapshot_checks() -> list[CheckConstraint]:
    """The CHECKs of a table of snapshots; they are the table's own, for a mixin's columns lose theirs."""
    return [
        *bounded(HUNDREDS_OF_GRAMS_IN_AN_ENTRY),
        CheckConstraint(f"portion_amount BETWEEN {LEAST} AND {LARGEST_PORTION}", name="portion_amount"),
        CheckConstraint(f"gram_weight BETWEEN {LEAST} AND {HEAVIEST_GRAMS}", name="gram_weight"),
        CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"),
    ]


class Snapshot(NutrientAmounts):
    """So much of a food, with figures of its own: no change of the food changes them.

    Without a food it is quick calories.
    """

    @declared_attr
    def food_id(cls) -> Mapped[UUID | None]:
        return mapped_column(ForeignKey("foods.id"))

    name: Mapped[str]
    brand: Mapped[str | None]
    portion_amount: Mapped[float | None]
    portion_unit: Mapped[str | None]
    gram_weight: Mapped[float | None]

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

    def serve(self, food: Food, portion: Portion, amount: float, language: str = "en") -> None:
        """Take the snapshot: what so many of this portion are, weigh and hold, by what the food says now."""
        self.weigh(food, portion, amount, language)
        self.set_amounts(food.nutrients_in(cast("float", self.gram_weight)))

    def weigh(self, food: Food | FoodNamed, portion: Portion, amount: float, language: str = "en") -> None:
        """What so many of this portion of a food are and weigh; what they hold is yet to be said."""
        self.portion_amount, self.portion_unit = amount, portion.unit_in(language)
        self.gram_weight = amount * portion.grams_per_unit
        self._call(food, language)

    def correct(self, food: Food, language: str = "en") -> None:
        """Hold what this weight of a food holds by what the food says now; the portion stays in its words."""
        self._call(food, language)
        self.set_amounts(food.nutrients_in(cast("float", self.gram_weight)))

    def _call(self, food: Food | FoodNamed, language: str) -> None:
        self.food_id, self.name, self.brand = food.id, food.name_in(language), food.brand

    def repeat(self, earlier: "Snapshot") -> None:
        """Say what an earlier snapshot says, figures and all."""
        for name in SAID:
            setattr(self, name, getattr(earlier, name))
        self.set_amounts(earlier.amounts)

    def take(self, amount: float) -> None:
        """Change how much it was. The figures are scaled, not looked up again."""
        self._scale(amount / cast("float", self.portion_amount))
        self.portion_amount = amount
        # Dividing and multiplying again may end a hair outside of what can be held.
        self.gram_weight = min(max(cast("float", self.gram_weight), LEAST), HEAVIEST_GRAMS)

    def share(self, factor: float) -> None:
        """Take only so much of it, such as 0.4; quick calories shrink too. Raises NotMeasurable."""
        self._scale(factor)
        if self.portion_amount is None or self.gram_weight is None:
            return
        least, most = sorted((self.portion_amount, self.gram_weight))
        if least < LEAST or most > HEAVIEST_GRAMS or self.portion_amount > LARGEST_PORTION:
            raise NotMeasurable

    def _scale(self, factor: float) -> None:
        if self.portion_amount is not None:
            self.gram_weight = self.grams_per_unit * (self.portion_amount * factor)
            self.portion_amount *= factor
        self.set_amounts(capped(scaled(self.amounts, factor)))
