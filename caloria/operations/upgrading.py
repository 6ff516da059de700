"""Bringing a database that nobody uses yet to the newest revision, over a connection that is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic.config import Config as Settings
from alembic.runtime.environment import EnvironmentContext
from sqlalchemy import Connection, update

from caloria.guard import revisions
from caloria.models import AuditEvent, Identity
from caloria.operations.identify import identify
from caloria.operations.turn import take_turn


def upgrade(connection: Connection) -> None:
    """As `flask db upgrade` does, which asks first whether this is the database of the app."""
    take_turn(connection)
    with migrated(connection) as before:
        changed = {"before": {"revisions": before}, "after": {"revisions": [revisions.head()]}}
        name = f"database {connection.engine.url.database}"
        AuditEvent.note_over(connection, "db upgrade", name, **changed)
    connection.commit()


def lay_out(connection: Connection, environment: str, origin: str) -> None:
    """Make the tables in an empty database, and say what it is; of events there are none in it yet."""
    take_turn(connection)
    with migrated(connection):
        identify(connection, environment, revisions.head())
        connection.execute(update(Identity).values(restored_from=origin))
    connection.commit()


@contextmanager
def migrated(connection: Connection) -> Iterator[tuple[str, ...]]:
    """Give the revisions of before, once those of now are reached, inside the same transaction."""
    with EnvironmentContext(Settings(), revisions.script(), fn=steps_to_head) as environment:
        environment.configure(
            connection=connection, transactional_ddl=True, on_version_apply=note_compatibility
        )
        with environment.begin_transaction():
            before = environment.get_context().get_current_heads()
            environment.run_migrations()
            yield before


def steps_to_head(revision: Any, _context: Any) -> list:
    return revisions.script()._upgrade_revs("head", revision)


def note_compatibility(ctx: Any, step: Any, heads: Any, run_args: Any) -> None:
    """Write down, with each step, which code can still run on the revision that was reached."""
    for revision in heads:
        oldest = revisions.oldest_compatible(revision)
        ctx.execute(update(Identity).values(oldest_compatible_revision=oldest))
