from datetime import date
from uuid import UUID

from sqlalchemy import select

from caloria.extensions import db
from caloria.models.day import Day
from caloria.models.entry import Entry
from caloria.models.together import log_together


class DayCopy:
    """What was eaten on another day, to be logged once more: each food at the meal where it was."""

    def __init__(self, day: Day, other_day: date, meal_id: UUID | None = None):
        self.day, self.other_day, self.meal_id = day, other_day, meal_id

    @property
    def entries(self) -> list[Entry]:
        """A meal of the other day, or all of it. One statement."""
        chosen = select(Entry).where(
            Entry.user_id == self.day.person.id, Entry.day == self.other_day, Entry.deleted_at.is_(None)
        )
        if self.other_day <= self.day.today:
            # What was meant and not eaten is no part of what was had.
            chosen = chosen.where(Entry.planned.is_(False))
        if self.meal_id:
            chosen = chosen.where(Entry.meal_id == self.meal_id)
        return list(db.session.scalars(chosen.order_by(Entry.created_at, Entry.id)))

    def complete(self, form_id: UUID, digest: str) -> list[Entry]:
        """Log the copies; a form that was sent before gives what it made then. Raises FormReused."""
        copies = [self.day.again(entry, entry.meal_id, form_id, digest) for entry in self.entries]
        return log_together(self.day, copies, form_id, digest, "copied")
