from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from alembic.migration import MigrationContext
from sqlalchemy import Connection, select, update

from caloria import guard
from caloria.guard.revisions import script
from caloria.guard.subject import binding
from caloria.models import AuditEvent, Identity, Job, Reminder
from caloria.operations.connecting import engine_at
from caloria.operations.identify import identify
from caloria.operations.recognition import recognise
from caloria.operations.turn import take_turn
from config import Config


class AdoptionRefused(Exception):
    """Why a database is not adopted, in a sentence."""


def adopt(config: Config, as_copy: bool) -> UUID:
    """Bind the database to the server it is on now; a copy becomes one of its own. Returns its id."""
    with turn_at_database(config) as connection:
        before = connection.execute(select(Identity)).mappings().one()
        system_identifier, oid = binding(connection)
        changed: dict[str, Any] = {"system_identifier": system_identifier, "database_oid": oid}
        if as_copy:
            changed |= {"uuid": uuid4(), "environment": config.environment, "epoch": before["epoch"] + 1}
            changed["restored_from"] = str(before["uuid"])
            # Its original goes on mailing people.
            Job.forget_unfinished(connection)
            Reminder.turn_all_off(connection)
        connection.execute(update(Identity).values(changed))
        note(connection, config, {name: before[name] for name in changed}, changed)
        return changed.get("uuid", before["uuid"])


def adopt_tables(config: Config) -> tuple[UUID, str]:
    """Give tables that no migration made the revision that they equal, and an identity.

    Returns both. Raises AdoptionRefused.
    """
    with turn_at_database(config) as connection:
        migrations = MigrationContext.configure(connection)
        if migrations.get_current_heads():
            raise AdoptionRefused("It has a revision already. Say which it is: --moved or --copy.")
        revision = recognise(connection)
        if revision is None:
            raise AdoptionRefused("Its tables are those of no version of Caloria that this one knows.")
        migrations.stamp(script(), revision)
        known = connection.scalar(select(Identity.uuid))
        database_id = known or identify(connection, config.environment, revision)
        note(connection, config, {"revision": None}, {"revision": revision, "uuid": database_id})
        return database_id, revision


@contextmanager
def turn_at_database(config: Config) -> Iterator[Connection]:
    """A connection of the owner's, alone with the database; what was done is kept if nothing was raised."""
    url = guard.usable(config.migration_database_url)
    with engine_at(config, url).connect() as connection:
        take_turn(connection)
        yield connection
        connection.commit()


def note(connection: Connection, config: Config, before: dict, after: dict) -> None:
    """Write into the audit what became of the identity."""
    told = [{name: str(value) for name, value in said.items()} for said in (before, after)]
    name = f"database {guard.usable(config.database_url).database}"
    AuditEvent.note_over(connection, "database adopt", name, before=told[0], after=told[1])
