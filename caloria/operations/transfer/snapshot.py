"""The configured PostgreSQL as it is at one moment: read over the role that the app has, never written."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from caloria import guard
from caloria.guard import revisions
from caloria.operations.backup.contents import FIXED, revision
from caloria.operations.backup.source import at_one_moment, because
from caloria.operations.transfer.failure import TransferFailed
from caloria.operations.transfer.sqlite_source import ROWS_AT_ONCE
from caloria.operations.transfer.tables import Table
from config import Config
from settings.shell import named

# Without the first, the driver fetches the whole table.
A_PART_AT_A_TIME = {"stream_results": True, "max_row_buffer": ROWS_AT_ONCE}


class Snapshot:
    """Every question is asked of the same moment."""

    def __init__(self, connection: Connection):
        self.connection = connection
        for setting in FIXED:
            connection.exec_driver_sql(setting)
        self.require_known()

    @classmethod
    @contextmanager
    def opened(cls, config: Config) -> Iterator["Snapshot"]:
        """Raises TransferFailed and BackupFailed."""
        url = guard.usable(config.database_url)
        try:
            with at_one_moment(config, url) as connection:
                yield cls(connection)
        except DBAPIError as error:
            raise because(error, config, url) from None

    def require_known(self) -> None:
        """A start is let on a newer database too, but what is new in it would be left behind unsaid."""
        found = revision(self.connection)
        if found != revisions.head():
            raise TransferFailed(
                f"The database is at revision {found}, and this code at {revisions.head()}. "
                "Take the copy with the version that migrated it."
            )

    def ask(self, sql: str) -> Any:
        return self.connection.exec_driver_sql(sql).scalar_one()

    def count(self, table: Table) -> int:
        return self.ask(f"SELECT count(*) FROM {named(table.name)}")

    def checksum(self, table: Table) -> int:
        return int(self.ask(table.summed))

    def batches(self, table: Table) -> Iterator[list[tuple]]:
        """The rows by their key, each value as Caloria holds it in SQLite."""
        name = named(table.name)
        order = ", ".join(f"{name}.{named(column)}" for column in table.key)
        columns = ", ".join(column.held for column in table.columns)
        found = self.connection.exec_driver_sql(
            f"SELECT {columns} FROM {name} ORDER BY {order}", execution_options=A_PART_AT_A_TIME
        )
        for rows in found.partitions(ROWS_AT_ONCE):
            yield [tuple(row) for row in rows]
