"""Logging several foods with one form: all of them or none, and once however often it is sent."""

from uuid import UUID

from sqlalchemy import select

from caloria.extensions import db
from caloria.models.act import Act
from caloria.models.creation import FormReused, insert_new
from caloria.models.day import Day
from caloria.models.entry import Entry
from caloria.models.ids import id_from


def log_together(
    day: Day, entries: list[Entry], form_id: UUID, digest: str, kind: str = "logged"
) -> list[Entry]:
    """Store what a form made of a day, or give what it made when it was sent before. Raises FormReused.

    The first entry has the form's id, the others ids that come of it: sent twice at once, it logs once.
    """
    if before := Act.of_form(day.person, form_id, digest):
        return before.entries
    for number, entry in enumerate(entries):
        entry.id, entry.form_digest = id_from(form_id, number) if number else form_id, digest
    insert_new(entries)
    made = _made_by(day, digest)
    if entries and not made:
        raise FormReused
    Act.made(made, kind, form_id, digest)
    return made


def _made_by(day: Day, digest: str) -> list[Entry]:
    """What a form made on a day, also what was deleted since."""
    made = select(Entry).where(
        Entry.user_id == day.person.id, Entry.day == day.date, Entry.form_digest == digest
    )
    return list(db.session.scalars(made.order_by(Entry.id)))
