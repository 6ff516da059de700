from collections.abc import Iterable
from uuid import UUID

from caloria.extensions import db
from caloria.models.food import Food, Portion
from caloria.models.ids import id_from
from caloria.models.kept import cached_property
from caloria.models.own_portion import OwnPortion
from caloria.models.units import GRAMS_PER_OUNCE, ML_PER_FLUID_OUNCE
from caloria.models.user import User

# What one of a volume holds in ml, and how many are usual.
_VOLUMES = {"ml": (1.0, 100.0), "fl oz": (ML_PER_FLUID_OUNCE, 8.0)}


AnyPortion = Portion | OwnPortion


class PortionChoices:
    """The portions of a food among which one person chooses."""

    def __init__(self, food: Food, person: User, own: list[OwnPortion] | None = None):
        self.food, self.person = food, person
        # For many foods at once they are known beforehand.
        if own is not None:
            self.own = own

    @classmethod
    def of_foods(cls, foods: Iterable[Food], person: User) -> dict[UUID, "PortionChoices"]:
        """Those of several foods, by the ids of these. One statement."""
        by_id = {food.id: food for food in foods}
        own: dict[UUID, list[OwnPortion]] = {}
        for portion in db.session.scalars(OwnPortion.of_foods(person, list(by_id))) if by_id else ():
            own.setdefault(portion.food_id, []).append(portion)
        return {id_: cls(food, person, own.get(id_, [])) for id_, food in by_id.items()}

    @cached_property
    def own(self) -> list[OwnPortion]:
        """What this person measured. One statement."""
        return list(db.session.scalars(OwnPortion.of(self.person, self.food)))

    @property
    def all(self) -> list[AnyPortion]:
        """The food's own portions, those the person measured, volumes where they are known, and weights."""
        return [*self.food.portions, *self.own, *self._volumes, *self._ounces, Portion.of_grams(1)]

    @property
    def usual(self) -> AnyPortion:
        """What a person most likely takes: the food's first portion, else their own first, else 100 g."""
        known: list[AnyPortion] = [*self.food.portions, *self.own]
        return known[0] if known else Portion.of_grams(100)

    def find(self, portion_id: UUID | None) -> AnyPortion | None:
        """One of these by its id; no id stands for plain grams."""
        if portion := self.food.portion(portion_id):
            return portion
        others: list[AnyPortion] = [*self._volumes, *self._ounces, *self.own]
        return next((each for each in others if each.id == portion_id), None)

    def put_away(self, portion_id: UUID | None) -> bool:
        """Whether this is a portion of the food that this person measured and put away."""
        own = db.session.get(OwnPortion, (self.person.id, portion_id)) if portion_id else None
        return own is not None and own.food_id == self.food.id and own.archived_at is not None

    @property
    def _ounces(self) -> list[Portion]:
        """An ounce, for whoever weighs in ounces, where the food has none of its own."""
        if self.person.units != "us" or any(portion.unit == "oz" for portion in self.food.portions):
            return []
        return [Portion(id=id_from(self.food.id, 2000), amount=1, unit="oz", gram_weight=GRAMS_PER_OUNCE)]

    @property
    def _volumes(self) -> list[Portion]:
        if self.food.density_g_per_ml is None:
            return []
        units = ("ml", "fl oz") if self.person.units == "us" else ("ml",)
        return [self._volume(unit, self.food.density_g_per_ml) for unit in units]

    def _volume(self, unit: str, density_g_per_ml: float) -> Portion:
        """A volume as a portion; stored nowhere, it has the same id each time."""
        ml, usual = _VOLUMES[unit]
        id_ = id_from(self.food.id, 1000 + list(_VOLUMES).index(unit))
        return Portion(id=id_, amount=usual, unit=unit, gram_weight=usual * ml * density_g_per_ml)
