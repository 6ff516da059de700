from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.act import Act
from caloria.models.audit_event import AuditEvent
from caloria.models.clock import utc_now
from caloria.models.creation import create_once
from caloria.models.ids import id_from
from caloria.models.imported.amounts import plain
from caloria.models.imported.layouts import TRACKERS
from caloria.models.imported.own_file import CALORIA, OwnFile, opener_of
from caloria.models.imported.reader import read
from caloria.models.imported_beside import put_back, remove
from caloria.models.imported_rows import IMPORTED, NEW, Choices, ImportedRows, Placed, bring_back, take_back
from caloria.models.meal import Meal
from caloria.models.meals import Meals
from caloria.models.own_rows import OwnRows, take_out
from caloria.models.own_rows import take_back as take_back_own
from caloria.models.ownership import FromForm, Owned
from caloria.models.round_trip import ENTRIES, FOODS, WEIGHTS
from caloria.models.user import User

# Puts a word of ours into the person's language.
Say = Callable[[str], str]
# What may come beside entries and weights.
OTHERS = ("measured", "drinks", "notes")
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

    def own_rows(self, person: User) -> OwnRows:
        """The rows of an export of Caloria on their way into a diary. Nothing is stored."""
        return OwnRows(person, self.content)

    def placed(self, person: User, choices: Choices | None = None, say: Say = str) -> Placed:
        """What would become of its rows, by these choices. Nothing is stored."""
        return ImportedRows(person, self.tracker, self.content, choices or Choices(), say).placed()

    def complete(self, person: User, choices: Choices, say: Say = str) -> None:
        """Import it, once: what is here already stays as it is. Raises TooManyMeals."""
        if self.imported_at is not None:
            return
        lock(person)
        came = self._bring_own(person) if self.is_own else self._bring(person, choices, say)
        self.imported_at = utc_now()
        AuditEvent.note("diary import", f"user {person.id}", after={"from": self.tracker_name, **came})

    def _bring(self, person: User, choices: Choices, say: Say) -> dict[str, int]:
        """Store what another tracker's file says; how many rows came, by what they are."""
        new = self._new_meals(person, choices)
        chosen = {**choices.meals, **{name: str(meal.id) for name, meal in new.items()}}
        placed = self.placed(person, replace(choices, meals=chosen), say)
        made = placed.store()
        beside = {**placed.beside.store(), "meals": [str(meal.id) for meal in new.values()]}
        self._note(made)
        self.entry_count, self.weight_count = len(made), len(beside["weights"])
        self.content = beside
        others = {name: len(beside[name]) for name in OTHERS if beside[name]}
        last = max((place.day for place in placed.places if place.id in placed.new_ids), default=None)
        self.summary = {**self.summary, "brought": others, "last_day": last and last.isoformat()}
        return {"entries": self.entry_count, "weights": self.weight_count, **others}

    def _bring_own(self, person: User) -> dict[str, int]:
        """Store what an export of Caloria says; how many rows came, by their tables."""
        rows = self.own_rows(person)
        rows.store()
        rows.bring_out(self._put_away_before())
        came = {name: len(made) for name, made in rows.made.items() if made}
        self.entry_count, self.weight_count = came.get(ENTRIES, 0), came.get(WEIGHTS, 0)
        self.summary, self.content = {**self.summary, "came": came}, rows.keys
        return {"entries": self.entry_count, "weights": self.weight_count}

    def _put_away_before(self) -> list[str]:
        """The foods that were put away when imports were taken back."""
        undone = (DiaryImport.tracker == CALORIA, DiaryImport.undone_at.is_not(None))
        before = select(DiaryImport.content).where(DiaryImport.user_id == self.user_id, *undone)
        return [id_ for content in db.session.scalars(before) for id_ in content["put_away"]]

    def _new_meals(self, person: User, choices: Choices) -> dict[str, Meal]:
        """The meals that are to be new, by the names in the file."""
        theirs = Meals(person, lock=True)
        names = (name for name, chosen in choices.meals.items() if chosen == NEW)
        return {name: theirs.named(name, id_from(self.id, number)) for number, name in enumerate(names)}

    def _note(self, ids: list[UUID]) -> None:
        """Note it as one act, which belongs to many days and so to none."""
        if ids:
            sides = [{"deleted_at": utc_now().isoformat()}, {"deleted_at": None}]
            act = Act(user_id=self.user_id, id=self.id, kind=IMPORTED, subject=self.tracker_name, day=None)
            act.entry_count, act.changes = len(ids), {str(id_): sides for id_ in ids}
            db.session.add(act)

    def undo(self, person: User) -> None:
        """Take back all that came with it, as long as it is there; what was deleted since stays so."""
        if self.state != "imported":
            return
        lock(person)
        if self.is_own:
            self.content = take_back_own(person, self.content)
        else:
            self._take_back(person)
        self.undone_at = utc_now()

    def _take_back(self, person: User) -> None:
        if act := self._act:
            taken = take_back(self.user_id, act.changes)
            act.changes = {id_: act.changes[id_] for id_ in taken}
            act.undone_at = utc_now()
        self.content = {**self.content, **remove(self.user_id, self.content)}
        Meals(person, lock=True).archive_unused(map(UUID, self.content["meals"]))

    def redo(self, person: User) -> None:
        """Bring back what was taken back."""
        if self.state != "undone":
            return
        lock(person)
        if self.is_own:
            self._bring_back_own(person)
        else:
            self._bring_back(person)
        self.undone_at = None

    def _bring_back_own(self, person: User) -> None:
        rows = self.own_rows(person)
        rows.store()
        away = [UUID(id_) for id_ in self.content["put_away"]]
        rows.made.setdefault(FOODS, []).extend([id_] for id_ in away)
        take_out(person, away)
        self.content = rows.keys

    def _bring_back(self, person: User) -> None:
        if act := self._act:
            bring_back(self.user_id, act.changes)
            act.undone_at = None
        self.content = {**self.content, **put_back(self.user_id, self.content)}
        Meals(person, lock=True).bring_back(map(UUID, self.content["meals"]))

    @property
    def _act(self) -> Act | None:
        return db.session.get(Act, (self.user_id, self.id), with_for_update=True)


def lock(person: User) -> None:
    """Let a second import of the same person wait for the first."""
    row = select(User.id).where(User.id == person.id)
    db.session.execute(row.with_for_update(key_share=True))
