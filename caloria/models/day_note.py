from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db, insert
from caloria.models.clock import utc_now
from caloria.models.user import User

LONGEST_NOTE = 5000


def note_digest(text: str) -> str:
    """What a page remembers of the note that it showed, to tell whether the note was changed since."""
    return sha256(text.encode()).hexdigest()[:32]


class NoteChanged(Exception):
    """The note was changed since the page was opened on which somebody wrote another."""

    def __init__(self, text: str):
        super().__init__()
        self.text = text


class DayNote(db.Model):
    """What a person wrote about a day of theirs: one note for each day."""

    __tablename__ = "day_notes"
    __table_args__ = (
        CheckConstraint(f"length(text) <= {LONGEST_NOTE}", name="text"),
        CheckConstraint("day BETWEEN '1900-01-01' AND '2200-12-31'", name="day"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    text: Mapped[str]
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)

    @classmethod
    def write(cls, person: User, day: date, text: str, seen: str) -> "DayNote":
        """Replace the note of which the digest was seen. Raises NoteChanged where that is another by now."""
        note = cls._locked(person, day)
        if note.text != text:
            if note_digest(note.text) != seen:
                raise NoteChanged(note.text)
            note.text = text
        return note

    @classmethod
    def _locked(cls, person: User, day: date) -> "DayNote":
        """The note of a day, an empty one where there is none, until this change of it is done."""
        empty = insert(cls).values(user_id=person.id, day=day, text="")
        db.session.execute(empty.on_conflict_do_nothing(index_elements=["user_id", "day"]))
        return db.session.get_one(cls, (person.id, day), populate_existing=True, with_for_update=True)
