from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    Delete,
    Index,
    Select,
    Update,
    delete,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.ids import new_id

BACKUP, DRILL = "backup", "drill"
# A night and two hours: so much can be lost where backups are made nightly.
NIGHTLY = timedelta(hours=26)
# A backup of so many bytes takes long to restore, so it is only proven weekly.
LARGE_BYTES = 10_000_000_000
WEEKLY = timedelta(days=7)
FAILED, BROKEN, PROVEN, PASSED = "failed", "broken", "proven", "passed"


class BackupRun(db.Model):
    """What became of a backup or a drill, as the command that ran it told the database.

    The backups themselves lie in BACKUP_DIR, perhaps on another machine than the one that shows this.
    """

    __tablename__ = "backup_runs"
    __table_args__ = (
        CheckConstraint("kind IN ('backup', 'drill')", name="kind"),
        CheckConstraint(
            "state IN ('failed', 'broken', 'stored', 'readable', 'proven', 'passed')", name="state"
        ),
        CheckConstraint("size_bytes BETWEEN 0 AND 1000000000000000", name="size_bytes"),
        CheckConstraint("seconds BETWEEN 0 AND 10000000", name="seconds"),
        Index(None, "kind", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=utc_now)
    server: Mapped[str]
    state: Mapped[str]
    backup: Mapped[str | None]
    snapshot_at: Mapped[datetime | None]
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    seconds: Mapped[float | None]
    suspicion: Mapped[str | None]
    problem: Mapped[str | None]

    @classmethod
    def note_over(cls, connection: Connection, **said: Any) -> None:
        """Note over a connection of the owner's, whose schema may be from before this table."""
        if inspect(connection).has_table(cls.__tablename__):
            connection.execute(insert(cls).values(id=new_id(), at=utc_now(), **said))

    @classmethod
    def number_proven(cls, server: str) -> Select:
        """How many backups this machine proved."""
        return select(func.count()).where(cls.server == server, cls.state == PROVEN)

    @classmethod
    def trusted(cls, backup: str) -> Update:
        """What looked wrong about this backup was meant."""
        return update(cls).where(cls.backup == backup).values(suspicion=None)

    @classmethod
    def forgotten(cls, backup: str) -> Delete:
        """This backup is no longer one that anybody would restore."""
        return delete(cls).where(cls.backup == backup)

    @property
    def is_fine(self) -> bool:
        """Whether nobody has to look at it."""
        return self.state not in (FAILED, BROKEN) and not (self.suspicion or self.problem)

    @classmethod
    def latest(cls, kind: str, number: int) -> Select:
        """The last runs of this kind, the newest first."""
        return select(cls).where(cls.kind == kind).order_by(cls.at.desc()).limit(number)

    @classmethod
    def newest_passed_drill(cls) -> Select:
        """The last drill that passed."""
        return select(cls).where(cls.kind == DRILL, cls.state == PASSED).order_by(cls.at.desc()).limit(1)

    @classmethod
    def newest_proven(cls) -> Select:
        """The run whose backup holds the newest data of all that were proven and look right."""
        proven = select(cls).where(cls.kind == BACKUP, cls.state == PROVEN, cls.suspicion.is_(None))
        return proven.order_by(cls.snapshot_at.desc()).limit(1)


def may_be_old(size_bytes: int) -> timedelta:
    """How old the newest proven backup may be, for a backup of this size."""
    return NIGHTLY + (WEEKLY if size_bytes > LARGE_BYTES else timedelta())
