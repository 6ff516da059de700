"""A database as it is at one moment: what identifies it, what is in it, and a dump of just that."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from caloria import guard
from caloria.guard.connection import engine_for
from caloria.guard.subject import binding
from caloria.guard.unreachable import explain
from caloria.models import BackupRun
from caloria.operations.backup import postgresql, sqlite
from caloria.operations.backup.contents import Progress, contents
from caloria.operations.backup.failure import BackupFailed
from caloria.operations.connecting import engine_at
from config import Config
from settings.database import describe, is_in_memory, is_sqlite

MOMENT = {
    "postgresql": "SELECT statement_timestamp()",
    "sqlite": "SELECT strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now')",
}
SAID = {
    "42501": "the role of this address may not do that: {where}. flask database setup makes those that may",
    "53100": "the disk of the database's server is full",
    "55P03": "a table is locked, as while a migration runs",
}
IDENTITY = "SELECT uuid, environment, epoch FROM identity WHERE id = 1"


class Source:
    """The configured database, looked at over one transaction that sees no later change."""

    def __init__(self, config: Config, url: URL, connection: Connection):
        self.url, self.connection = url, connection
        self.kind = sqlite if is_sqlite(url) else postgresql
        self.server = self.kind.server_of(connection)
        self.moment = self.ask_moment()
        self.identity = self.ask_identity(config)

    def ask_moment(self) -> datetime:
        said = self.connection.scalar(text(MOMENT[self.connection.dialect.name]))
        return (datetime.fromisoformat(said) if isinstance(said, str) else said).astimezone(UTC)

    def ask_identity(self, config: Config) -> dict[str, Any]:
        """Raises BackupFailed where this is another database than the one that is pinned."""
        row = self.connection.execute(text(IDENTITY)).one()
        uuid = UUID(str(row.uuid))
        if config.deployed and config.database_id not in (None, uuid):
            raise BackupFailed(f"MIGRATION_DATABASE_URL leads to {uuid}, CALORIA_DB_ID names another one.")
        system_identifier, oid = binding(self.connection)
        return {
            "uuid": str(uuid),
            "environment": row.environment,
            "epoch": row.epoch,
            "engine": self.connection.dialect.name,
            "name": Path(str(self.url.database)).name,
            "system_identifier": system_identifier,
            "oid": oid,
        }

    @property
    def database_id(self) -> UUID:
        return UUID(self.identity["uuid"])

    @property
    def size(self) -> int:
        """Bytes of the database itself."""
        return self.kind.size_of(self.connection)

    def proven_on(self, server: str) -> int:
        """How many backups this machine proved, as the database was told of them."""
        if not inspect(self.connection).has_table(BackupRun.__tablename__):
            return 0
        return self.connection.scalar(BackupRun.number_proven(server)) or 0

    def contents(self, progress: Progress) -> dict[str, Any]:
        return contents(self.connection, progress)


@contextmanager
def opened(config: Config) -> Iterator[Source]:
    """The database of MIGRATION_DATABASE_URL. Raises BackupFailed and StartupRefused."""
    url = guard.usable(config.migration_database_url)
    if is_in_memory(url):
        raise BackupFailed("A database in memory is gone with its process: there is nothing to back up.")
    try:
        with at_one_moment(config, url) as connection:
            yield Source(config, url, connection)
    except DBAPIError as error:
        raise because(error, config, url) from None


@contextmanager
def at_one_moment(config: Config, url: URL) -> Iterator[Connection]:
    """A connection inside a transaction that only reads, and that lasts as long as it has to."""
    engine = engine_for(config, url)
    try:
        with engine.connect() as connection:
            (sqlite if is_sqlite(url) else postgresql).begin(connection)
            yield connection
    finally:
        engine.dispose()


@contextmanager
def plain(config: Config, url: URL, **options: Any) -> Iterator[Connection]:
    """A connection to whatever this address names; committed at the end. Raises BackupFailed."""
    try:
        with engine_at(config, url, **options).begin() as connection:
            yield connection
    except DBAPIError as error:
        raise because(error, config, url) from None


def because(error: DBAPIError, config: Config, url: URL) -> BackupFailed:
    """Why the database did not do it. Its own words may repeat what people wrote."""
    state = getattr(cast("Any", error.orig), "pgcode", None)
    known = SAID.get(str(state), "{where} said SQLSTATE {state}").format(where=describe(url), state=state)
    told = known if state else explain(error, config, url).found
    return BackupFailed(f"{told[0].upper()}{told[1:]}.")
