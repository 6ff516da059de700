"""What a person did to their diary, with what it takes to undo it and to do it again."""

from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, inspect, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.creation import FormReused, is_new
from caloria.models.entry import Entry
from caloria.models.ids import new_id
from caloria.models.nutrients import NUTRIENT_NAMES
from caloria.models.ownership import FromForm, Owned
from caloria.models.user import User

# What changes together: half of an entry with the fibre of a whole one would be nobody's.
FIGURES = frozenset({"gram_weight", "portion_amount", *NUTRIENT_NAMES})
# What no act changes: whose and which entry it is, and when and by which form it was written.
KEPT = frozenset({"user_id", "id", "created_at", "updated_at", "form_digest"})
# Where the session keeps how many entries were logged and are not committed yet.
LOGGED = "entries_logged"


class ChangedSince(Exception):
    """What an act did was changed by something else since, so it cannot be taken back."""


class Act(Owned, FromForm, db.Model):
    """Something that a person did to entries: what each was before, and what it was after."""

    __tablename__ = "acts"
    __table_args__ = (
        Index(None, "user_id", "day"),
        CheckConstraint("day BETWEEN '1900-01-01' AND '2200-12-31'", name="day"),
        CheckConstraint("length(kind) BETWEEN 1 AND 20", name="kind"),
        CheckConstraint("entry_count BETWEEN 1 AND 1000000", name="entry_count"),
    )

    # A correction of the past belongs to no day.
    day: Mapped[date | None]
    kind: Mapped[str]
    subject: Mapped[str]
    entry_count: Mapped[int]
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(default=utc_now)
    undone_at: Mapped[datetime | None]

    @classmethod
    def made(cls, entries: list[Entry], kind: str, id_: UUID, digest: str | None) -> None:
        """Note that a form made entries; one that was sent before is noted once."""
        if entries:
            act = cls.on_entries(entries, kind, id_)
            act.form_digest = digest
            # What was moved to another day since is not taken back from there.
            sides = [{"deleted_at": when, "day": _packed(act.day)} for when in (_packed(utc_now()), None)]
            act.changes = {str(entry.id): sides for entry in entries}
            if is_new(act):
                cls.note_logged(len(entries))

    @classmethod
    def note_logged(cls, number: int) -> None:
        """Have so many entries counted as logged, once the session commits."""
        db.session.info[LOGGED] = db.session.info.get(LOGGED, 0) + number

    @classmethod
    @contextmanager
    def noting(cls, kind: str, entries: list[Entry], id_: UUID | None = None, digest: str | None = None):
        """Note what is done to entries meanwhile, under the id of its form where it has one.

        Yields the act. Where nothing changes, nothing is noted.
        """
        before = {entry.id: _said(entry) for entry in entries}
        act = cls.on_entries(entries, kind, id_ or new_id())
        act.form_digest = digest
        yield act
        pairs = {str(entry.id): _differing(before[entry.id], _said(entry)) for entry in entries}
        act.changes = {id_: pair for id_, pair in pairs.items() if any(pair)}
        act.entry_count = len(act.changes)
        if act.changes:
            db.session.add(act)

    @classmethod
    def of_form(cls, person: User, form_id: UUID, digest: str) -> "Act | None":
        """What a form did when it was sent before. Raises FormReused where it said something else then."""
        act = db.session.get(cls, (person.id, form_id))
        if act and act.form_digest != digest:
            raise FormReused
        return act

    @classmethod
    def on_entries(cls, entries: list[Entry], kind: str, id_: UUID) -> "Act":
        """An act on some entries of a day, of which nothing is known yet."""
        first = entries[0]
        subject = first.name if len(entries) == 1 else ""
        said = {"day": first.day, "kind": kind, "subject": subject, "entry_count": len(entries)}
        return cls(user_id=first.user_id, id=id_, **said)

    @classmethod
    def on(cls, person: User, day: date):
        """Select what was done on a day, the newest first."""
        return cls._on(person.id, day)

    @classmethod
    def _on(cls, user_id: UUID, day: date):
        of_the_day = select(cls).where(cls.user_id == user_id, cls.day == day)
        return of_the_day.order_by(cls.made_at.desc(), cls.id.desc())

    @classmethod
    def last_of(cls, entry: Entry) -> "Act | None":
        """What last made, deleted or brought back an entry on its day, also if it was undone."""
        of_the_day = db.session.scalars(cls._on(entry.user_id, entry.day))
        sides = ((act, act.changes.get(str(entry.id))) for act in of_the_day)
        return next((act for act, side in sides if side and "deleted_at" in side[0]), None)

    @classmethod
    def corrections_of(cls, person: User):
        """Select the corrections of a person's past, which belong to no day, the newest first."""
        theirs = (cls.user_id == person.id, cls.day.is_(None), cls.kind == "corrected")
        return select(cls).where(*theirs).order_by(cls.made_at.desc())

    @property
    def entries(self) -> list[Entry]:
        """The entries that it was about, as they are now and locked; those that are deleted too."""
        ids = [UUID(id_) for id_ in self.changes]
        mine = select(Entry).where(Entry.user_id == self.user_id, Entry.id.in_(ids))
        fresh = mine.with_for_update().execution_options(populate_existing=True)
        return list(db.session.scalars(fresh.order_by(Entry.day, Entry.id)))

    def undo(self) -> None:
        """Make the entries what they were before. Raises ChangedSince."""
        if self.undone_at is None:
            self._turn(was=1, becomes=0)
            self.undone_at = utc_now()

    def redo(self) -> None:
        """Make the entries again what this made of them. Raises ChangedSince."""
        if self.undone_at is not None:
            self._turn(was=0, becomes=1)
            self.undone_at = None

    def _turn(self, was: int, becomes: int) -> None:
        entries = self.entries
        if any(not _still_says(entry, self.changes[str(entry.id)][was]) for entry in entries):
            raise ChangedSince
        for entry in entries:
            for name, value in self.changes[str(entry.id)][becomes].items():
                setattr(entry, name, _unpacked(name, value))


def _still_says(entry: Entry, side: dict[str, Any]) -> bool:
    """Whether an entry is as an act left it; when exactly it was deleted does not matter."""
    said = _said(entry)
    deleted = "deleted_at" not in side or bool(side["deleted_at"]) == entry.is_deleted
    return deleted and all(said[name] == value for name, value in side.items() if name != "deleted_at")


def _said(entry: Entry) -> dict[str, Any]:
    return {name: _packed(getattr(entry, name)) for name in _NAMES}


def _differing(before: dict, after: dict) -> list[dict]:
    """What differs, before and after; one figure of a food stands for all of them."""
    names = [name for name in before if before[name] != after[name]]
    if not FIGURES.isdisjoint(names):
        names = [name for name in before if name in FIGURES or name in names]
    return [{name: side[name] for name in names} for side in (before, after)]


def _packed(value: Any) -> Any:
    """A value as JSON can hold it."""
    return value if value is None or isinstance(value, (bool, int, float, str)) else _text(value)


def _text(value: Any) -> str:
    return str(value) if isinstance(value, UUID) else value.isoformat()


def _unpacked(name: str, value: Any) -> Any:
    """A value that JSON held, as the column of this name has it."""
    return _READ[name](value) if value is not None and name in _READ else value


_NAMES = tuple(each.key for each in inspect(Entry).column_attrs if each.key not in KEPT)
# How what JSON holds as text is read; all else it holds as it is.
_READ = {
    "day": date.fromisoformat,
    "eaten_at": time.fromisoformat,
    "deleted_at": datetime.fromisoformat,
    "meal_id": UUID,
    "food_id": UUID,
}
