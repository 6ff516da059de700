from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.audit_event import AuditEvent
from caloria.models.clock import utc_now
from caloria.models.creation import create_once
from caloria.models.imported.amounts import plain
from caloria.models.imported.layouts import TRACKERS
from caloria.models.imported.own_file import CALORIA, OwnFile, opener_of
from caloria.models.imported.reader import read
from caloria.models.imported_rows import Choices
from caloria.models.own_import import OwnImport
from caloria.models.ownership import FromForm, Owned
from caloria.models.tracker_import import TrackerImport
from caloria.models.user import User

# Puts a word of ours into the person's language.
Say = Callable[[str], str]
# A large file takes some 200 MB while it is read: one at a time.
one_file = Lock()
# An upload waits so long for its person, and so many wait at most.
WAITS = timedelta(days=7)
MOST_WAITING = 10


class DiaryImport(Owned, FromForm, db.Model):
    """A file of another tracker, or of Caloria: what was read of it, and what became of that.

    Until it is imported it holds all that was read, and afterwards only what it takes to undo that.
    """

    __tablename__ = "diary_imports"
    __table_args__ = (
        CheckConstraint(f"tracker IN {tuple(TRACKERS)}", name="tracker"),
        CheckConstraint("length(file_name) BETWEEN 1 AND 200", name="file_name"),
        CheckConstraint("entry_count BETWEEN 0 AND 1000000", name="entry_count"),
        CheckConstraint("weight_count BETWEEN 0 AND 1000000", name="weight_count"),
        CheckConstraint("undone_at IS NULL OR imported_at IS NOT NULL", name="undone_at"),
    )

    tracker: Mapped[str]
    file_name: Mapped[str]
    # What the preview says: counts, days, the names of meals, what is wrong with which rows.
    summary: Mapped[dict[str, Any]] = mapped_column(JSON)
    # What there is to import; it may be long, and most pages do without.
    content: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    imported_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    entry_count: Mapped[int] = mapped_column(default=0, server_default="0")
    weight_count: Mapped[int] = mapped_column(default=0, server_default="0")

    @classmethod
    def keep(cls, person: User, name: str, file: bytes, form_id: UUID) -> "DiaryImport":
        """Keep what a file says until its person looked at it. Raises NotReadable and FormReused."""
        with one_file:
            own = opener_of(file)
            reading = OwnFile(own).read() if own else read(name, file)
        upload = cls(user_id=person.id, id=form_id, tracker=reading.tracker)
        upload.file_name = plain(name, 200) or "export.csv"
        upload.summary, upload.content = reading.summary, reading.content
        upload.form_digest = sha256(name.encode(errors="replace") + b"\0" + file).hexdigest()
        kept = create_once(upload)
        cls._forget_older(person)
        return kept

    @classmethod
    def _forget_older(cls, person: User) -> None:
        """Of what somebody uploads again and again, only the last wait."""
        waiting = select(cls.id).where(cls.user_id == person.id, cls.imported_at.is_(None))
        older = waiting.order_by(cls.created_at.desc(), cls.id.desc()).offset(MOST_WAITING)
        ids = db.session.scalars(older).all()
        db.session.execute(delete(cls).where(cls.user_id == person.id, cls.id.in_(ids)))

    @classmethod
    def of(cls, person: User):
        """Select what this person uploaded, the last first."""
        return select(cls).where(cls.user_id == person.id).order_by(cls.created_at.desc(), cls.id.desc())

    @classmethod
    def prune(cls) -> None:
        """Forget uploads that nobody imported."""
        waiting = cls.imported_at.is_(None)
        db.session.execute(delete(cls).where(waiting, cls.created_at < utc_now() - WAITS))

    @property
    def tracker_name(self) -> str:
        return TRACKERS[self.tracker]

    @property
    def state(self) -> str:
        """waiting, imported or undone."""
        if self.imported_at is None:
            return "waiting"
        return "undone" if self.undone_at else "imported"

    @property
    def brought(self) -> bool:
        """Whether anything came with it."""
        return bool(self.entry_count or self.weight_count or self.summary.get("brought"))

    @property
    def is_own(self) -> bool:
        """Whether it is an export of Caloria."""
        return self.tracker == CALORIA

    def way(self, person: User) -> OwnImport | TrackerImport:
        """How its rows come into the diary of its person, and out of it again."""
        return OwnImport(self, person) if self.is_own else TrackerImport(self, person)

    def taken_back_before(self):
        """Select what is kept of the imports from there that this person took back."""
        theirs = (DiaryImport.user_id == self.user_id, DiaryImport.tracker == self.tracker)
        return select(DiaryImport.content).where(*theirs, DiaryImport.undone_at.is_not(None))

    def complete(self, person: User, choices: Choices, say: Say = str) -> None:
        """Import it, once: what is here already stays as it is. Raises TooManyMeals."""
        if self.imported_at is not None:
            return
        lock(person)
        came = self.way(person).store(choices, say)
        self.imported_at = utc_now()
        AuditEvent.note("diary import", f"user {person.id}", after={"from": self.tracker_name, **came})

    def undo(self, person: User) -> None:
        """Take back all that came with it, as long as it is there; what was deleted since stays so."""
        if self.state != "imported":
            return
        lock(person)
        self.way(person).take_back()
        self.undone_at = utc_now()

    def redo(self, person: User) -> None:
        """Bring back what was taken back."""
        if self.state != "undone":
            return
        lock(person)
        self.way(person).bring_back()
        self.undone_at = None


def lock(person: User) -> None:
    """Let a second import of the same person wait for the first."""
    row = select(User.id).where(User.id == person.id)
    db.session.execute(row.with_for_update(key_share=True))
