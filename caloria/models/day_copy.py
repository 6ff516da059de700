from datetime import date
from uuid import UUID

from sqlalchemy import select

from caloria.extensions import db
from caloria.models.act import Act
from caloria.models.creation import FormReused, insert_new
from caloria.models.day import Day
from caloria.models.entry import Entry
from caloria.models.ids import id_from


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
        if self.meal_id:
            chosen = chosen.where(Entry.meal_id == self.meal_id)
        return list(db.session.scalars(chosen.order_by(Entry.created_at, Entry.id)))

    def complete(self, form_id: UUID, digest: str) -> list[Entry]:
        """Log the copies; a form that was sent before gives what it made then. Raises FormReused.

        The first copy has the form's id, the others ids that come of it: sent twice at once, it copies once.
        """
        if made := made_by(self.day, digest):
            return made
        entries = self.entries
        insert_new([self._copied(*numbered, form_id, digest) for numbered in enumerate(entries)])
        made = made_by(self.day, digest)
        if entries and not made:
            raise FormReused
        Act.made(made, "copied", form_id)
        return made

    def _copied(self, number: int, entry: Entry, form_id: UUID, digest: str) -> Entry:
        id_ = id_from(form_id, number) if number else form_id
        return self.day.again(entry, entry.meal_id, id_, digest)


def made_by(day: Day, digest: str) -> list[Entry]:
    """What a form made on a day, also what was deleted since."""
    made = select(Entry).where(
        Entry.user_id == day.person.id, Entry.day == day.date, Entry.form_digest == digest
    )
    return list(db.session.scalars(made.order_by(Entry.id)))
