"""What a form names to be logged."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, select

from caloria.extensions import found
from caloria.models.food import Food, FoodNamed, Portion, shared_or_of
from caloria.models.meal import Meal, MealShown
from caloria.models.own_portion import OwnPortion
from caloria.models.portion_choices import AnyPortion, PortionChoices
from caloria.models.user import User


class ToLog(NamedTuple):
    """A food, one of its portions and a meal."""

    food: Food | FoodNamed
    portion: AnyPortion
    meal: MealShown

    @classmethod
    def named(
        cls, person: User, food_id: UUID | None, portion_id: UUID | None, meal_id: UUID | None
    ) -> "ToLog | None":
        """What these ids name, where this person can log all three as they are, else None. One statement."""
        named = {"user_id": person.id, "food_id": food_id, "portion_id": portion_id, "meal_id": meal_id}
        rows = found(_NAMED, named)
        if not rows:
            return None
        said = rows[0]._mapping
        portions, own = _of(Portion, said), _of(OwnPortion, said)
        food: Any = FoodNamed(*(said[column] for column in _FOOD), portions=portions)
        portion = PortionChoices(food, person, own).find(portion_id)
        return cls(food, portion, MealShown(*(said[column] for column in _MEAL))) if portion else None


def _of(model: Any, said: Any) -> list[Any]:
    """The portion of this kind that was found, as a list; it is not stored again."""
    read = {column.name: said[column] for column in _READ[model]}
    return [model(**read)] if read["id"] else []


_foods, _meals = Food.__table__.c, Meal.__table__.c
_portions, _own = Portion.__table__.c, OwnPortion.__table__.c
_FOOD = [_foods[name] for name in FoodNamed._fields if name != "portions"]
_MEAL = [_meals[name] for name in MealShown._fields]
_READ = {
    Portion: [_portions[name] for name in ("id", "amount", "unit", "gram_weight")],
    OwnPortion: [_own[name] for name in ("id", "unit", "gram_weight")],
}
_named_portion = and_(_portions.food_id == _foods.id, _portions.id == bindparam("portion_id"))
_own_portion = and_(
    _own.user_id == bindparam("user_id"),
    _own.food_id == _foods.id,
    _own.id == bindparam("portion_id"),
    _own.archived_at.is_(None),
)
_NAMED = (
    select(*_FOOD, *_MEAL, *_READ[Portion], *_READ[OwnPortion])
    .select_from(
        Food.__table__.join(Meal.__table__, _meals.id == bindparam("meal_id"))
        .outerjoin(Portion.__table__, _named_portion)
        .outerjoin(OwnPortion.__table__, _own_portion)
    )
    .where(
        _foods.id == bindparam("food_id"),
        shared_or_of(bindparam("user_id")),
        _meals.user_id == bindparam("user_id"),
        _meals.archived_at.is_(None),
    )
    .execution_options(prepared_as="named_to_log")
)
