"""What the questions about a database look at: one connection, and what was read over it, once."""

from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import URL, Connection, MetaData, inspect, text

from caloria.guard import revisions
from config import Config
from settings.database import describe, is_sqlite

VERSIONS = "alembic_version"


class IdentityRow(NamedTuple):
    """The row that says which database this is."""

    uuid: UUID
    environment: str
    created: str
    system_identifier: str | None
    database_oid: int | None
    retired: bool


def binding(connection: Connection) -> tuple[str | None, int | None]:
    """What ties a database to its server: the server's number, where the role may ask, and its own there.

    A SQLite file may be moved, so it has none.
    """
    if connection.dialect.name == "sqlite":
        return None, None
    may_ask = connection.scalar(text("SELECT has_function_privilege('pg_control_system()', 'execute')"))
    server = "SELECT system_identifier::text FROM pg_control_system()"
    number = "SELECT oid::bigint FROM pg_database WHERE datname = current_database()"
    return connection.scalar(text(server)) if may_ask else None, connection.scalar(text(number))


class Subject:
    """A database that answered, beside the configuration that led to it and the code's own tables."""

    def __init__(self, config: Config, url: URL, connection: Connection, metadata: MetaData | None):
        self.config, self.url, self.connection, self.metadata = config, url, connection, metadata
        self.where = describe(url)
        self.is_sqlite = is_sqlite(url)

    def value(self, sql: str) -> Any:
        return self.connection.scalar(text(sql))

    @cached_property
    def tables(self) -> set[str]:
        """The tables beside alembic's own."""
        return set(inspect(self.connection).get_table_names()) - {VERSIONS}

    @cached_property
    def stamped(self) -> list[str]:
        """The revisions this database says it is at."""
        if not inspect(self.connection).has_table(VERSIONS):
            return []
        return sorted(self.connection.scalars(text(f"SELECT version_num FROM {VERSIONS}")))  # noqa: S608

    @cached_property
    def head(self) -> str:
        """The revision this code needs."""
        return revisions.head()

    @cached_property
    def unknown(self) -> list[str]:
        """The stamped revisions that this code does not have."""
        return [revision for revision in self.stamped if not revisions.is_known(revision)]

    @cached_property
    def is_ahead(self) -> bool:
        """Whether the database is newer than this code, and lets it run all the same."""
        oldest = self.value("SELECT oldest_compatible_revision FROM identity") if self.unknown else None
        return revisions.are_ahead(self.stamped, oldest)

    @property
    def has_identity(self) -> bool:
        return self.value("SELECT count(*) FROM identity WHERE id = 1") == 1

    @cached_property
    def identity(self) -> IdentityRow:
        columns = "uuid, environment, created_at, system_identifier, database_oid, retired_at IS NOT NULL"
        row = self.connection.execute(text(f"SELECT {columns} FROM identity WHERE id = 1")).one()  # noqa: S608
        return IdentityRow(UUID(str(row[0])), row[1], str(row[2])[:10], row[3], row[4], bool(row[5]))
