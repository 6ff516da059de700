import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, Integer, Row, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.audit_event import AuditEvent
from caloria.models.clock import utc_now

# What the first link is made of, in the place of the digest before it.
START = "0" * 64
# What a link says of its event. Not its number: a move to PostgreSQL counts on behind what is there.
SAID = ("actor", "act", "object", "before", "after", "server", "request_id")
EVENT = tuple(AuditEvent.__table__.columns)
BATCH, MOST_BATCHES = 1_000, 50
# A transaction that lasts longer than this is found by the pass that looks at everything, once an hour.
LOOK_BACK = timedelta(days=1)
LOCK = 0x0CA10A0D17  # any number that is ours alone


def canonical(event: Any) -> str:
    """The one way to write an event down: JSON in ASCII, names in order, no spaces, the time in UTC."""
    said = {name: getattr(event, name) for name in SAID}
    said["at"] = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    return json.dumps(said, sort_keys=True, separators=(",", ":"))


def linked(previous: str, written: str) -> str:
    """The digest of a link: of the digest before it, a line break, and the event as it is written."""
    return sha256(f"{previous}\n{written}".encode()).hexdigest()


class AuditSeal(db.Model):
    """A link of the chain over the audit: made of the event and of the link before. Nothing changes it.

    A job adds links in batches, in the order in which it finds events: a lock of all changes would be the
    price of a chain in the order of their numbers.
    """

    __tablename__ = "audit_seals"
    __table_args__ = (CheckConstraint("length(digest) = 64", name="digest"),)

    position: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    # Which event; no key, since archived ones are gone.
    sequence: Mapped[int] = mapped_column(BigInteger, unique=True)
    # SHA-256, in hexadecimal.
    digest: Mapped[str]
    sealed_at: Mapped[datetime] = mapped_column(default=utc_now)

    @classmethod
    def head(cls):
        """Select the newest link; nothing follows it."""
        return select(cls.position, cls.digest).order_by(cls.position.desc()).limit(1)

    @classmethod
    def seal(cls, everything: bool = False) -> int:
        """Add a link for each event that has none yet; how many. Nothing, where another process is at it.

        A transaction may be stored long after others that began later: so each time the events of the last
        day are looked at again, and all there are where that is asked for.
        """
        if not cls._is_alone():
            return 0
        end = db.session.execute(cls.head()).one_or_none()
        position, digest = (end.position, end.digest) if end else (0, START)
        first = position
        for events in cls._batches(None if everything else cls._recent()):
            links = []
            for event in events:
                position, digest = position + 1, linked(digest, canonical(event))
                links.append({"position": position, "sequence": event.sequence, "digest": digest})
            db.session.execute(insert(cls), links)
        return position - first

    @classmethod
    def unsealed(cls):
        """Select the events that no link is about, in the order of their numbers."""
        is_sealed = select(cls.position).where(cls.sequence == AuditEvent.sequence).exists()
        return select(*EVENT).where(~is_sealed).order_by(AuditEvent.sequence)

    @classmethod
    def _batches(cls, which: ColumnElement[bool] | None) -> Iterator[list[Row]]:
        waiting, last = cls.unsealed().limit(BATCH), 0
        if which is not None:
            waiting = waiting.where(which)
        for _ in range(MOST_BATCHES):
            events = list(db.session.execute(waiting.where(AuditEvent.sequence > last)))
            if not events:
                return
            yield events
            last = events[-1].sequence

    @classmethod
    def _recent(cls) -> ColumnElement[bool] | None:
        """The events from a day before the one that was sealed last; all, where none was."""
        last = select(AuditEvent.at).join(cls, cls.sequence == AuditEvent.sequence)
        at = db.session.scalar(last.order_by(cls.position.desc()).limit(1))
        return AuditEvent.at > at - LOOK_BACK if at else None

    @staticmethod
    def _is_alone() -> bool:
        """One process adds links at a time. On SQLite the transaction itself is the lock."""
        if db.engine.dialect.name == "sqlite":
            return True
        return bool(db.session.scalar(select(func.pg_try_advisory_xact_lock(LOCK))))
