"""What a person did to their diary, with what it takes to undo it and to do it again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, inspect, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.creation import insert_if_new
from caloria.models.entry import Entry
from caloria.models.ids import new_id
from caloria.models.ownership import Owned
from caloria.models.user import User

# In the order of the sentences that history shows; what each does is told by filters.act.
KINDS = ("logged", "copied", "changed", "moved", "shared", "eaten", "planned", "deleted", "corrected")
# An entry is its own until these differ. What only tells when it was written is nobody's act.
KEPT = frozenset({"user_id", "id", "created_at", "updated_at", "form_digest"})


class ChangedSince(Exception):
    """What an act did was changed by something else since, so it cannot be taken back."""


class Act(Owned, db.Model):
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
    def made(cls, entries: list[Entry], kind: str, id_: UUID | None = None) -> "Act | None":
        """Note that entries were made; a form that was sent before is noted once."""
        if not entries:
            return None
        gone = {"deleted_at": _packed(utc_now())}
        changes = {str(entry.id): [gone, {"deleted_at": None}] for entry in entries}
        return insert_if_new(cls._of(entries, kind, changes, id_ or entries[0].id))

    @classmethod
    @contextmanager
    def noting(cls, kind: str, entries: list[Entry], day: date | None = None) -> Iterator[None]:
        """Note what is done to entries meanwhile; where nothing changes, nothing is noted."""
        day = day or (entries[0].day if entries else None)
        before = {entry.id: _said(entry) for entry in entries}
        yield
        changes = {
            str(entry.id): list(pair)
            for entry in entries
            if any(pair := _differing(before[entry.id], _said(entry)))
        }
        if changes:
            db.session.add(cls._of(entries, kind, changes, new_id(), day))

    @classmethod
    def _of(cls, entries, kind, changes, id_, day: date | None = None) -> "Act":
        first = entries[0]
        return cls(
            user_id=first.user_id,
            id=id_,
            day=day or first.day,
            kind=kind,
            subject=first.name if len(entries) == 1 else "",
            entry_count=len(entries),
            changes=changes,
        )

    @classmethod
    def on(cls, person: User, day: date):
        """Select what was done on a day, the newest first."""
        return (
            select(cls).where(cls.user_id == person.id, cls.day == day).order_by(cls.made_at.desc(), cls.id)
        )

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
        for entry in self._entries():
            sides = self.changes[str(entry.id)]
            if any(_said(entry)[name] != value for name, value in sides[was].items() if name != "deleted_at"):
                raise ChangedSince
            if ("deleted_at" in sides[was]) and bool(sides[was]["deleted_at"]) != bool(entry.deleted_at):
                raise ChangedSince
            for name, value in sides[becomes].items():
                setattr(entry, name, _unpacked(name, value))

    def _entries(self) -> list[Entry]:
        ids = [UUID(id_) for id_ in self.changes]
        mine = select(Entry).where(Entry.user_id == self.user_id, Entry.id.in_(ids))
        return list(db.session.scalars(mine.with_for_update()))


def _said(entry: Entry) -> dict[str, Any]:
    return {name: _packed(getattr(entry, name)) for name in _NAMES}


def _differing(before: dict, after: dict) -> tuple[dict, dict]:
    names = [name for name in before if before[name] != after[name]]
    return {name: before[name] for name in names}, {name: after[name] for name in names}


def _packed(value: Any) -> Any:
    """A value as JSON can hold it."""
    return value if value is None or isinstance(value, (bool, int, float, str)) else _text(value)


def _text(value: Any) -> str:
    return str(value) if isinstance(value, UUID) else value.isoformat()


def _unpacked(name: str, value: Any) -> Any:
    """A value that JSON held, as the column of this name has it."""
    if value is None or not isinstance(value, str):
        return value
    kind = _TYPES[name]
    if kind is str:
        return value
    return UUID(value) if kind is UUID else kind.fromisoformat(value)


_COLUMNS = {each.key: each.columns[0] for each in inspect(Entry).column_attrs if each.key not in KEPT}
_NAMES = tuple(_COLUMNS)
_TYPES: dict[str, Any] = {name: column.type.python_type for name, column in _COLUMNS.items()}
