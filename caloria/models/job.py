import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Connection,
    Index,
    UniqueConstraint,
    and_,
    delete,
    or_,
    select,
    text,
    update,
)
from sqlalchemy import insert as sql_insert
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db, insert
from caloria.models.audit_event import AuditEvent
from caloria.models.ids import new_id
from caloria.models.server import NOW, the_time

# Who works on a job says so again every third of this; whoever was killed does not, and another takes it.
LEASE = timedelta(seconds=60)
# How long after each failure it is tried again: about a day in all, then it is given up.
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 25, 120, 480, 840)]
FINISHED_KEPT_FOR = timedelta(days=2)
GIVEN_UP_KEPT_FOR = timedelta(days=90)
LOST = "WorkerLost"
# Somebody waits for a link; thousands of reminders may be due at once, and each of them has two hours.
# In words, as in the indexes: SQLite uses none for a condition whose values come beside it.
FIRST, REMINDERS = "task <> 'reminder'", "task = 'reminder'"
OPEN = "finished_at IS NULL AND given_up_at IS NULL"
UNSYNCHRONIZED = {"synchronize_session": False}


def over(name: str, *columns: str, which: str) -> Index:
    """An index of some rows: what has ended is by far the most."""
    return Index(name, *columns, postgresql_where=text(which), sqlite_where=text(which))


class Job(db.Model):
    """Something that is done outside requests: at least once, when it is due and somebody works.

    It is put in the transaction of the act that wants it. All times are the database's: many machines work.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("length(task) BETWEEN 1 AND 100", name="task"),
        CheckConstraint("length(arguments) BETWEEN 2 AND 2000", name="arguments"),
        CheckConstraint("length(key) BETWEEN 1 AND 200", name="key"),
        CheckConstraint("attempts BETWEEN 0 AND 1000", name="attempts"),
        CheckConstraint("length(last_error) BETWEEN 1 AND 100", name="last_error"),
        CheckConstraint("(leased_by IS NULL) = (leased_until IS NULL)", name="leased"),
        CheckConstraint("finished_at IS NULL OR given_up_at IS NULL", name="ended"),
        UniqueConstraint("key"),
        over("ix_jobs_undone", "id", which="finished_at IS NULL"),
        over("ix_jobs_first", "due_at", "id", which=f"{OPEN} AND {FIRST}"),
        over("ix_jobs_reminders", "due_at", "id", which=f"{OPEN} AND {REMINDERS}"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    task: Mapped[str]
    # As JSON: ids and the like; never what somebody wrote, where mail reaches them or what lets them in.
    arguments: Mapped[str] = mapped_column(default="{}")
    # Of what happens once, however often it is put.
    key: Mapped[str | None]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    leased_by: Mapped[str | None]
    # The name of its class: the words of an error may repeat an address.
    last_error: Mapped[str | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]

    @classmethod
    def put(cls, task: str, key: str | None = None, due_at: datetime | None = None, **arguments: Any) -> bool:
        """Have something done once this transaction is committed; False where that key was put before."""
        said = {"task": task, "key": key, "due_at": due_at or NOW, "arguments": json.dumps(arguments)}
        statement = insert(cls).values(id=new_id(), created_at=NOW, **said).on_conflict_do_nothing()
        return db.session.execute(statement.returning(cls.id)).one_or_none() is not None

    @classmethod
    def put_over(cls, connection: Connection, task: str) -> None:
        """Put a job over a connection of the owner's."""
        said = {"id": new_id(), "task": task, "arguments": "{}", "attempts": 0}
        connection.execute(sql_insert(cls).values(due_at=NOW, created_at=NOW, **said))

    @classmethod
    def take(cls, worker: str, held: Iterable[UUID] = ()) -> "Job | None":
        """Lease the job that waits longest, if one is due and free; reminders after all others.

        Commit before it is done. What this worker still has at hand is `held`, and is not taken again.
        """
        return cls._take(worker, FIRST, held) or cls._take(worker, REMINDERS, held)

    @classmethod
    def _take(cls, worker: str, which: str, held: Iterable[UUID]) -> "Job | None":
        now = the_time()
        is_free = or_(cls.leased_until.is_(None), cls.leased_until < now)
        free = and_(text(which), cls.is_open(), cls.due_at <= now, is_free, cls.id.not_in(list(held)))
        first = select(cls.id).where(free).order_by(cls.due_at, cls.id).limit(1)
        # On SQLite the transaction itself is the lock.
        taken = (
            update(cls)
            .where(cls.id == first.with_for_update(skip_locked=True).scalar_subquery())
            .values(leased_by=worker, leased_until=now + LEASE, attempts=cls.attempts + 1)
            .returning(cls)
        )
        return db.session.scalar(taken, execution_options={**UNSYNCHRONIZED, "populate_existing": True})

    @classmethod
    def is_open(cls) -> ColumnElement[bool]:
        """Whether it is still to be done."""
        return and_(cls.finished_at.is_(None), cls.given_up_at.is_(None))

    @classmethod
    def renew(cls, worker: str, ids: list[UUID]) -> None:
        """Say that this worker is still at these."""
        until = the_time() + LEASE
        mine = (cls.is_open(), cls.leased_by == worker, cls.id.in_(ids))
        cls._change(update(cls).where(*mine).values(leased_until=until))

    def finish(self) -> bool:
        """Note that it is done; False where another worker has it by now."""
        return self._let_go(finished_at=NOW)

    def fail(self, error: str, is_last: bool = False) -> bool:
        """Note what went wrong: it is tried again later, or given up; False where another worker has it."""
        if is_last or self.attempts > len(PAUSES):
            return self._let_go(last_error=error[:100], given_up_at=NOW)
        due_at = the_time() + PAUSES[self.attempts - 1]
        return self._let_go(last_error=error[:100], due_at=due_at)

    def give_back(self) -> bool:
        """Let another worker have it at once: this one is told to stop."""
        return self._let_go(attempts=type(self).attempts - 1)

    @property
    def was_lost_too_often(self) -> bool:
        """Whether every worker that took it has gone without a word, so that it may be what ends them."""
        return self.attempts > len(PAUSES) + 1

    def retry(self) -> bool:
        """Do what was given up; False where it was not, or is being done again."""
        mine = update(Job).where(Job.id == self.id, Job.given_up_at.is_not(None))
        is_retried = self._change(mine.values(given_up_at=None, attempts=0, due_at=NOW)) == 1
        if is_retried:
            AuditEvent.note("job retry", self, after={"task": self.task})
        return is_retried

    def forget(self) -> bool:
        """Have it done no more; False where it was not given up."""
        mine = delete(Job).where(Job.id == self.id, Job.given_up_at.is_not(None))
        is_forgotten = self._change(mine) == 1
        if is_forgotten:
            said = {"task": self.task, "last_error": self.last_error}
            AuditEvent.note("job forget", self, before=said)
        return is_forgotten

    @classmethod
    def forget_given_up(cls, task: str) -> None:
        """Of what is done again and again: an earlier one that was given up says nothing any more."""
        cls._change(
            delete(cls).where(cls.task == task, cls.given_up_at.is_not(None), cls.finished_at.is_(None))
        )

    @classmethod
    def prune(cls) -> None:
        """Forget what was done or given up long ago."""
        now = the_time()
        old = or_(cls.finished_at < now - FINISHED_KEPT_FOR, cls.given_up_at < now - GIVEN_UP_KEPT_FOR)
        cls._change(delete(cls).where(old))

    @classmethod
    def forget_unfinished(cls, connection: Connection) -> None:
        """Of a copy of a database: what its original did since, or will do, is not done twice.

        That goes for what was given up too: it may be tried again in the original.
        """
        connection.execute(delete(cls).where(cls.finished_at.is_(None)))

    def _let_go(self, **said: Any) -> bool:
        """Only whoever holds the lease says what became of it: each taking counts one attempt more."""
        mine = and_(Job.id == self.id, Job.leased_by == self.leased_by, Job.attempts == self.attempts)
        said = {"leased_by": None, "leased_until": None, **said}
        return self._change(update(Job).where(mine, Job.is_open()).values(said)) == 1

    @staticmethod
    def _change(statement: Any) -> int:
        result: Any = db.session.execute(statement, execution_options=UNSYNCHRONIZED)
        return result.rowcount
