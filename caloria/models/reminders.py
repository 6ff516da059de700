from datetime import time
from uuid import UUID

from sqlalchemy import select

from caloria.extensions import db
from caloria.models.creation import create_once
from caloria.models.kept import cached_property
from caloria.models.meal import Meal
from caloria.models.plan import LimitReached
from caloria.models.reminder import Reminder
from caloria.models.user import User

REMINDERS = "reminders"


class SameReminder(Exception):
    """A person has this reminder already, and would be mailed the same twice."""


class Reminders:
    """All reminders of a person, in the order of the day."""

    def __init__(self, person: User):
        self.person = person

    @cached_property
    def all(self) -> list[Reminder]:
        mine = select(Reminder).where(Reminder.user_id == self.person.id)
        return list(db.session.scalars(mine.order_by(Reminder.at, Reminder.id)))

    def add(self, at: time, meal: Meal | None, form_id: UUID, digest: str) -> Reminder:
        """Remind at this time, once for each form. Raises SameReminder, LimitReached and FormReused."""
        # The person's row, before they are counted: two at once would each find room.
        db.session.execute(select(User.id).where(User.id == self.person.id).with_for_update(key_share=True))
        meal_id = meal.id if meal else None
        self._refuse(at, meal_id, [each for each in self.all if each.id != form_id])
        said = {"at": at, "meal_id": meal_id, "form_digest": digest}
        return create_once(Reminder(user_id=self.person.id, id=form_id, **said))

    @property
    def is_full(self) -> bool:
        """Whether the plan has no room for another. One of before with more room goes on all the same."""
        return len(self.all) >= self.person.plan.limit(REMINDERS)

    def _refuse(self, at: time, meal_id: UUID | None, others: list[Reminder]) -> None:
        if any((each.at, each.meal_id) == (at, meal_id) for each in others):
            raise SameReminder
        if len(others) >= self.person.plan.limit(REMINDERS):
            raise LimitReached(self.person.plan, REMINDERS)
