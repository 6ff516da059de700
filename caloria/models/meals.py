from collections.abc import Iterable
from contextlib import suppress
from datetime import time
from uuid import UUID

from sqlalchemy import select

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.creation import FormReused, create_once
from caloria.models.entry import Entry
from caloria.models.kept import cached_property
from caloria.models.meal import Meal
from caloria.models.user import User

MOST = 12
LONGEST_NAME = 60


class TooManyMeals(Exception):
    """A person has as many meals as a day can show."""


class LastMeal(Exception):
    """The last meal that a person has cannot be put away."""


class Meals:
    """All meals of a person, in their order; locked, a second change of them waits for the first."""

    def __init__(self, person: User, lock: bool = False):
        self.person, self.lock = person, lock

    @cached_property
    def all(self) -> list[Meal]:
        """Every meal, also those that are put away. One statement, or two where they are locked."""
        if self.lock:
            # The person's row: locked meals would not hold back a new one.
            person = select(User.id).where(User.id == self.person.id)
            db.session.execute(person.with_for_update(key_share=True))
        mine = select(Meal).where(Meal.user_id == self.person.id).order_by(Meal.position, Meal.id)
        return list(db.session.scalars(mine.with_for_update() if self.lock else mine))

    @property
    def in_use(self) -> list[Meal]:
        return [meal for meal in self.all if meal.archived_at is None]

    @property
    def put_away(self) -> list[Meal]:
        return [meal for meal in self.all if meal.archived_at is not None]

    def find(self, meal_id: UUID) -> Meal | None:
        """One of this person's meals."""
        return next((meal for meal in self.all if meal.id == meal_id), None)

    def add(self, name: str, usual_from: time | None, form_id: UUID, digest: str) -> Meal:
        """Add a meal behind the others, once for each form. Raises TooManyMeals and FormReused."""
        if before := self.find(form_id):
            if before.form_digest != digest:
                raise FormReused
            return before
        self._make_room()
        self._renumber(self.all)
        said = {"name": name, "usual_from": usual_from, "position": len(self.all) + 1}
        return create_once(Meal(user_id=self.person.id, id=form_id, form_digest=digest, **said))

    def named(self, name: str, id_: UUID) -> Meal:
        """The meal of this name, brought back where it is put away, or a new one. Raises TooManyMeals."""
        name = name[:LONGEST_NAME].strip()
        known = [meal for meal in (*self.in_use, *self.put_away) if meal.name.casefold() == name.casefold()]
        if not known:
            meal = self.add(name, None, id_, "")
            self.all.append(meal)
            return meal
        self.unarchive(known[0])
        return known[0]

    def move(self, meal: Meal, by: int) -> None:
        """Put a meal so many places further down among those in use, or up where that is below zero."""
        others = [each for each in self.in_use if each is not meal]
        at = self.in_use.index(meal) + by if meal in self.in_use else len(others)
        others.insert(max(0, at), meal)
        self._renumber([*others, *(each for each in self.put_away if each is not meal)])

    def archive(self, meal: Meal) -> None:
        """Put a meal away; days on which it has entries go on showing it. Raises LastMeal."""
        if self.in_use == [meal]:
            raise LastMeal
        meal.archived_at = meal.archived_at or utc_now()

    def unarchive(self, meal: Meal) -> None:
        """Bring a meal back. Raises TooManyMeals."""
        if meal.archived_at is not None:
            self._make_room()
            meal.archived_at = None

    def archive_unused(self, ids: Iterable[UUID]) -> None:
        """Put away those of these meals at which nothing is logged any more."""
        for meal in filter(None, map(self.find, ids)):
            live = select(Entry.id).where(Entry.user_id == meal.user_id, Entry.meal_id == meal.id)
            if db.session.scalar(live.where(Entry.deleted_at.is_(None)).limit(1)) is None:
                with suppress(LastMeal):
                    self.archive(meal)

    def bring_back(self, ids: Iterable[UUID]) -> None:
        """Have these meals in use again, as far as there is room."""
        for meal in filter(None, map(self.find, ids)):
            with suppress(TooManyMeals):
                self.unarchive(meal)

    def _make_room(self) -> None:
        if len(self.in_use) >= MOST:
            raise TooManyMeals

    def _renumber(self, meals: list[Meal]) -> None:
        for position, meal in enumerate(meals, start=1):
            meal.position = position
