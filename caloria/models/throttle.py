from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import CheckConstraint, case, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db, insert
from caloria.models.clock import utc_now

WINDOW = timedelta(minutes=15)
UNSYNCHRONIZED = {"synchronize_session": False}


class Throttle(db.Model):
    """How often something was tried lately. In the database: it counts across workers and restarts."""

    __tablename__ = "throttles"
    __table_args__ = (CheckConstraint("attempts BETWEEN 0 AND 1000000000", name="attempts"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    attempts: Mapped[int]
    since: Mapped[datetime]

    @classmethod
    def is_exceeded(cls, limits: dict[str, int]) -> bool:
        """Count one attempt under each key; tell whether any has had more than its limit in the window."""
        # All are counted, in one order: another worker's attempt waits instead of deadlocking.
        return any([cls._count(key) > limits[key] for key in sorted(limits)])

    @classmethod
    def _count(cls, key: str) -> int:
        now = utc_now()
        fresh = insert(cls).values(key=_hidden(key), attempts=1, since=now)
        over = cls.since < now - WINDOW
        statement = fresh.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "attempts": case((over, 1), else_=cls.attempts + 1),
                "since": case((over, now), else_=cls.since),
            },
        ).returning(cls.attempts)
        return db.session.execute(statement).scalar_one()

    @classmethod
    def forget(cls, *keys: str) -> None:
        """Start counting anew, since the attempt was a good one."""
        db.session.execute(delete(cls).where(cls.key.in_([_hidden(key) for key in keys])))

    @classmethod
    def prune(cls) -> None:
        """Forget the windows that are over, but for those that another worker is counting in."""
        over = select(cls.key).where(cls.since < utc_now() - WINDOW).with_for_update(skip_locked=True)
        db.session.execute(delete(cls).where(cls.key.in_(over)), execution_options=UNSYNCHRONIZED)


def _hidden(key: str) -> str:
    """Keys hold addresses of people and of machines, which need not be readable in a backup."""
    return sha256(key.encode()).hexdigest()
