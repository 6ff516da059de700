"""What the rows of an export are called here, where that is otherwise than in the file."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, or_, select

from caloria.extensions import db
from caloria.models.entry import Entry
from caloria.models.food import OWN, Food
from caloria.models.ids import id_for
from caloria.models.imported_batches import batched
from caloria.models.kept import cached_property
from caloria.models.meal import Meal
from caloria.models.meals import Meals
from caloria.models.reminder import Reminder
from caloria.models.round_trip import FOODS, MEALS, Traveller, travellers
from caloria.models.user import User


class OwnIds:
    """The ids of a file as they are here, for one person, before anything of it comes."""

    def __init__(
        self,
        person: User,
        shared: dict[str, list[str]],
        rows_of: Callable[[Traveller], Iterable[dict[str, Any]]],
    ):
        """shared: where the shared foods of the file come from, by their ids there."""
        self.person, self._shared, self.rows_of = person, shared, rows_of

    @cached_property
    def every(self) -> dict[str, dict[UUID, UUID]]:
        """The ids that foods and meals of the file have here, where those are others."""
        by_name = {each.name: each for each in travellers()}
        return {FOODS: self._foods_renamed(by_name[FOODS]), MEALS: self._meals_renamed(by_name[MEALS])}

    def _foods_renamed(self, foods: Traveller) -> dict[UUID, UUID]:
        """Foods are not keyed by person: where another has one of this id, or did, it gets another."""
        renamed: dict[UUID, UUID] = {}
        for some in batched(self.rows_of(foods)):
            taken = select(Food.id, Food.source_id).where(
                or_(Food.owner_id.is_(None), Food.owner_id != self.person.id),
                or_(
                    Food.id.in_([row["id"] for row in some]),
                    and_(Food.source == OWN, Food.source_id.in_([row["source_id"] for row in some])),
                ),
            )
            words = {str(word) for row in db.session.execute(taken) for word in row}
            alike = (row["id"] for row in some if words & {str(row["id"]), row["source_id"]})
            renamed |= {id_: id_for(id_, self.person.id) for id_ in alike}
        return renamed

    def _meals_renamed(self, meals: Traveller) -> dict[UUID, UUID]:
        """A meal of the same name is the same meal."""
        kept = [meal for meal in self.meals_here if meal not in self.unused_meals]
        by_name = {(meal.name.casefold(), meal.archived_at is None): meal.id for meal in reversed(kept)}
        here = {meal.id for meal in kept}
        alike = {
            row["id"]: by_name.get((row["name"].casefold(), row["archived_at"] is None))
            for row in self.rows_of(meals)
            if row["id"] not in here
        }
        return {id_: same for id_, same in alike.items() if same}

    @cached_property
    def meals_here(self) -> list[Meal]:
        return Meals(self.person).all

    @cached_property
    def unused_meals(self) -> list[Meal]:
        """The meals that an empty diary began with; those of the file take their place."""
        meals = next(each for each in travellers() if each.name == MEALS)
        coming = {row["id"] for row in self.rows_of(meals) if row["archived_at"] is None}
        if not coming or db.session.scalar(select(exists().where(Entry.user_id == self.person.id))):
            return []
        used = set(
            db.session.scalars(select(Reminder.meal_id).where(Reminder.user_id == self.person.id).distinct())
        )
        unused = (meal for meal in self.meals_here if meal.form_digest is None)
        return [meal for meal in unused if meal.id not in coming | used]

    @cached_property
    def _shared_here(self) -> dict[UUID, UUID]:
        """The ids that shared foods have here, by those in the file."""
        wanted: dict[tuple[str, str], list[UUID]] = {}
        for id_, (source, source_id) in self._shared.items():
            wanted.setdefault((source, source_id), []).append(UUID(id_))
        found: dict[UUID, UUID] = {}
        for source in {source for source, _id in wanted}:
            for some in batched(id_ for its, id_ in wanted if its == source):
                here = select(Food.id, Food.source_id).where(
                    Food.owner_id.is_(None), Food.source == source, Food.source_id.in_(some)
                )
                for row in db.session.execute(here):
                    found |= dict.fromkeys(wanted[source, row.source_id], row.id)
        return found

    @cached_property
    def _own_foods(self) -> set[UUID]:
        return set(db.session.scalars(select(Food.id).where(Food.owner_id == self.person.id)))

    def food(self, id_: UUID) -> UUID | None:
        """The food of an id in the file, or None where it is not here."""
        own = self.every[FOODS].get(id_, id_)
        return self._shared_here.get(id_) or (own if own in self._own_foods else None)

    def forget_own_foods(self) -> None:
        """Look again which foods are this person's: more came."""
        self.__dict__.pop("_own_foods", None)

    def portions_renamed(self, some: list[dict[str, Any]]) -> dict[UUID, UUID]:
        """Portions come with new foods alone: what has one of these ids is somebody else's."""
        table = Food.portions.property.mapper.local_table
        taken = select(table.c.id).where(table.c.id.in_([row["id"] for row in some]))
        return {id_: id_for(id_, self.person.id) for id_ in db.session.scalars(taken)}
