import re
from contextvars import ContextVar
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, BigInteger, Connection, Index, Integer, Select, insert, inspect, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now

SECRET = re.compile(r"password|secret|token|hash|key", re.IGNORECASE)
MASK = "•••"


class Origin(NamedTuple):
    """Who acts, on which machine, and in which request or command."""

    actor: str
    server: str
    request_id: str


NOBODY = Origin("unknown", "unknown", "none")
# Said at the edge, in caloria/origin.py: a model knows neither requests nor terminals.
origin: ContextVar[Origin] = ContextVar("origin", default=NOBODY)


class AuditEvent(db.Model):
    """Something that somebody did, noted in the transaction that did it. Nothing changes or removes it.

    Entries of diaries are not noted here: what a person eats is nobody's business, and theirs to delete.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index(None, "at"),
        Index(None, "actor", "sequence"),
        Index(None, "act", "sequence"),
        Index(None, "object", "sequence"),
    )

    # Gaps are rolled back transactions.
    sequence: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utc_now)
    actor: Mapped[str]
    act: Mapped[str]
    object: Mapped[str]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    server: Mapped[str]
    request_id: Mapped[str]

    @classmethod
    def values(
        cls,
        act: str,
        subject: Any,
        *,
        before: dict | None = None,
        after: dict | None = None,
        actor: Any = None,
    ) -> dict[str, Any]:
        """The columns of an event of now, with secrets masked."""
        by = origin.get()
        return {
            "at": utc_now(),
            "actor": named(actor) if actor else by.actor,
            "act": act,
            "object": named(subject),
            "before": masked(before),
            "after": masked(after),
            "server": by.server,
            "request_id": by.request_id,
        }

    @classmethod
    def note(cls, act: str, subject: Any, **more: Any) -> None:
        """Note what was done to whom or what; it is stored with the change, or not at all."""
        db.session.add(cls(**cls.values(act, subject, **more)))

    @classmethod
    def matching(
        cls, actor: str, act: str, subject: str, begins: datetime | None, ends: datetime | None
    ) -> Select:
        """Select what somebody did, what was done to something, and so on; what is empty is any."""
        said = ((cls.actor, actor), (cls.act, act), (cls.object, subject))
        query = select(cls).where(*(column == value for column, value in said if value))
        query = query.where(cls.at >= begins) if begins else query
        return query.where(cls.at < ends) if ends else query

    @classmethod
    def note_over(cls, connection: Connection, act: str, subject: Any, **more: Any) -> None:
        """Note over a connection of the owner's, whose schema may be from before there was an audit."""
        if inspect(connection).has_table(cls.__tablename__):
            connection.execute(insert(cls).values(cls.values(act, subject, **more)))


def named(subject: Any) -> str:
    """Such as "user 0190…": a name that outlives the row, and says nothing about the person."""
    # The signed-in person comes as a stand-in, which only says of which class it is.
    return subject if isinstance(subject, str) else f"{subject.__class__.__name__.lower()} {subject.id}"


def masked(values: dict[str, Any] | None) -> dict[str, Any] | None:
    """The values, except for those that their names call secrets."""
    if values is None:
        return None
    return {name: MASK if SECRET.search(name) else value for name, value in values.items()}
