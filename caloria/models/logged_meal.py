from uuid import UUID

from sqlalchemy import select

from caloria.extensions import db
from caloria.models.day import Day
from caloria.models.entry import Entry
from caloria.models.kept import cached_property
from caloria.models.meal import AnyMeal
from caloria.models.saved_meal import SavedMeal, SavedMealItem
from caloria.models.together import log_together


class LoggedMeal:
    """A saved meal, or a share of it such as 0.5, eaten at a meal of a day."""

    def __init__(self, day: Day, saved: SavedMeal, meal: AnyMeal, share: float = 1.0):
        self.day, self.saved, self.meal, self.share = day, saved, meal, share

    @cached_property
    def items(self) -> list[SavedMealItem]:
        """Every food of the saved meal, with all that it says. One statement."""
        its = select(SavedMealItem).where(
            SavedMealItem.user_id == self.day.person.id, SavedMealItem.saved_meal_id == self.saved.id
        )
        return list(db.session.scalars(its.order_by(SavedMealItem.position, SavedMealItem.id)))

    def complete(self, form_id: UUID, digest: str) -> list[Entry]:
        """Log every food; a form that was sent before gives what it made then.

        Raises FormReused, and NotMeasurable where the share of a food is too little or too much.
        """
        entries = [self._eaten(item, form_id, digest) for item in self.items]
        return log_together(self.day, entries, form_id, digest)

    def _eaten(self, item: SavedMealItem, form_id: UUID, digest: str) -> Entry:
        entry = self.day.again(item, self.meal.id, form_id, digest)
        if self.share != 1:
            entry.share(self.share)
        return entry
