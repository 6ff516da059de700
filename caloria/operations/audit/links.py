"""The links of the chain, one after the other, as a database has them."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, select

from caloria.models import AuditEvent, AuditSeal
from caloria.models.audit_seal import EVENT, canonical

AT_ONCE = 1_000
LINKS = (
    select(AuditSeal.position, AuditSeal.sequence, AuditSeal.digest, *EVENT[1:])
    .join(AuditEvent, AuditEvent.sequence == AuditSeal.sequence, isouter=True)
    .order_by(AuditSeal.position)
)


class Link(NamedTuple):
    """One link, with its event as it is written; None where the event is not there."""

    position: int
    sequence: int
    digest: str
    event: str | None
    # What a file needs that is made of it, and a message.
    at: object = None
    act: str | None = None


def read(connection: Connection) -> Iterator[Link]:
    """Every link, without holding them all."""
    for row in connection.execute(LINKS, execution_options={"yield_per": AT_ONCE}):
        event = canonical(row) if row.at is not None else None
        yield Link(row.position, row.sequence, row.digest, event, row.at, row.act)
