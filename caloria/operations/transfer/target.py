"""The empty database that everything is moved into, and how far a move has come there."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple, cast

import psycopg2
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from caloria import guard
from caloria.models import AuditEvent
from caloria.operations.backup.contents import FIXED
from caloria.operations.connecting import engine_at
from caloria.operations.environments.mending import literal
from caloria.operations.transfer.failure import TransferFailed
from caloria.operations.transfer.tables import AUDIT, LAST, SEALS, Table, moved_tables
from caloria.operations.turn import take_turn
from config import Config
from settings.database import describe
from settings.shell import named

SCHEMA = "caloria_transfer"  # while it is there, no app starts on this database
ACT = "transfer"
MADE = f"""
    CREATE SCHEMA {SCHEMA};
    CREATE TABLE {SCHEMA}.move (
        source text, fingerprint text, target uuid, revision text, kept text, shift bigint
    );
    CREATE TABLE {SCHEMA}.progress (
        name text PRIMARY KEY, last_row bigint, rows bigint, checksum numeric, done boolean
    );
    CREATE TABLE {SCHEMA}.left_out (name text, row bigint);
"""
CHECKPOINT = f"""
    INSERT INTO {SCHEMA}.progress VALUES (:name, :last_row, :rows, :checksum, :done)
    ON CONFLICT (name) DO UPDATE SET last_row = excluded.last_row, rows = excluded.rows,
        checksum = excluded.checksum, done = excluded.done
"""
# All rows were tried, so another's is in the way.
INTEGRITY = "23"
MEDDLED = "Somebody else wrote to it. To begin anew, and empty it first: the same command with --start-over"
# A batch is only lost together with the mark of how far it is: the last word alone waits for the disk.
IN_STEPS = ("SET lock_timeout = '10s'", "SET synchronous_commit = off")
LOST = "The connection to the target was lost. The same command goes on where it was."
# The connection, the transaction, locks, room, a shutdown: nothing that a row could be mended for.
OF_THE_SERVER = ("08", "25", "40", "53", "55", "57", "58", "XX")
DISK_FULL = "53100"
FULL = (
    "The disk of the target's server is full (SQLSTATE 53100). What was moved so far is kept: "
    "make room there, and run the same command again."
)


class Checkpoint(NamedTuple):
    """How far one table has come."""

    name: str
    last_row: int | None = None
    rows: int = 0
    checksum: int = 0
    done: bool = False


class Unfinished(NamedTuple):
    """What an interrupted move was about."""

    source: str
    fingerprint: str
    target: str
    revision: str
    kept: str
    shift: int


class Target:
    """PostgreSQL, over the role that owns the tables, which this process alone changes."""

    def __init__(self, connection: Connection, config: Config):
        self.connection = connection
        self.tables = moved_tables()
        take_turn(connection)
        for setting in (*FIXED, *IN_STEPS):
            connection.exec_driver_sql(setting.replace("SET LOCAL", "SET"))
        self.uuid = str(connection.scalar(text("SELECT uuid FROM identity")))
        self.where = describe(guard.usable(config.migration_database_url))
        connection.commit()

    @classmethod
    @contextmanager
    def opened(cls, config: Config) -> Iterator["Target"]:
        """Raises TransferFailed where it goes away: what was committed stays."""
        url = guard.usable(config.migration_database_url)
        try:
            with engine_at(config, url).connect() as connection:
                yield cls(connection, config)
        except (DBAPIError, psycopg2.Error) as error:
            raise TransferFailed(lost(error)) from None

    @property
    def driver(self) -> Any:
        return cast("Any", self.connection.connection.driver_connection)

    def run(self, sql: str, **values: Any) -> Any:
        return self.connection.execute(text(sql), values)

    def ask(self, sql: str) -> Any:
        """As it stands: a colon in it is no parameter."""
        return self.connection.exec_driver_sql(sql.replace("%", "%%"))

    def copy(self, place: str, columns: str, rows: bytes) -> None:
        """Raises psycopg2.Error."""
        with self.driver.cursor() as cursor:
            cursor.copy_expert(f"COPY {place} ({columns}) FROM STDIN", io.BytesIO(rows))

    def require_about_rows(self, error: Exception) -> None:
        """Raise it again where it is not what a row holds that was refused."""
        if self.driver.closed:
            raise TransferFailed(LOST)
        if str(state_of(error))[:2] in OF_THE_SERVER:
            raise error

    def vacuum(self) -> None:
        """Give back the room of rows that were taken back."""
        self.driver.autocommit = True
        try:
            with self.driver.cursor() as cursor:
                for table in self.tables:
                    cursor.execute(f"VACUUM {named(table.name)}")
        finally:
            self.driver.autocommit = False

    def analyze(self) -> None:
        """Let the planner know what is there now."""
        for table in self.tables:
            self.ask(f"ANALYZE {named(table.name)}")
        self.connection.commit()

    # What it is

    def require_empty(self) -> None:
        """Raises TransferFailed with the tables in which there is something, and how much."""
        counts = {table.name: self.count(table) for table in self.tables if table.name != LAST}
        full = [
            f"{name} ({rows:,} {'row' if rows == 1 else 'rows'})" for name, rows in counts.items() if rows
        ]
        if full:
            raise TransferFailed(
                f"{self.where} is not empty: {', '.join(full)}. Nothing was changed. "
                "A move fills a database that was only migrated: make a new one with flask database setup."
            )

    def count(self, table: Table) -> int:
        return self.ask(f"SELECT count(*) FROM {named(table.name)} {self.part(table)}").scalar_one()

    def part(self, table: Table) -> str:
        """Of the audit only what was moved: the database has events of its own before and behind that."""
        if table.name == SEALS:
            return "" if self.source_seals is None else f"WHERE position <= {self.source_seals}"
        if table.name != LAST:
            return ""
        return f"WHERE sequence > {self.shift} AND sequence <= {self.shift + self.source_events}"

    shift = source_events = 0
    source_seals: int | None = None

    def last_event(self) -> int:
        return self.ask(f"SELECT coalesce(max(sequence), 0) FROM {LAST}").scalar_one()

    def finished(self) -> tuple[dict[str, Any] | None, datetime | None]:
        """What the audit says of the move that was verified here, and when that was; if there was one."""
        asked = f"SELECT after, at FROM {LAST} WHERE act = '{ACT}' ORDER BY sequence DESC LIMIT 1"
        row = self.ask(asked).one_or_none()
        return (row.after, row.at) if row else (None, None)

    # How far a move has come

    def unfinished(self) -> Unfinished | None:
        if self.ask(f"SELECT to_regnamespace('{SCHEMA}') IS NULL").scalar_one():
            return None
        return Unfinished(
            *self.ask(
                f"SELECT source, fingerprint, target::text, revision, kept, shift FROM {SCHEMA}.move"
            ).one()
        )

    def begin(self, move: Unfinished, left_out: Iterable[tuple[str, int]]) -> None:
        """From here on no app starts on this database until the move is verified."""
        self.ask(MADE)
        self.ask(f"COMMENT ON SCHEMA {SCHEMA} IS {literal(move.source)}")
        self.run(
            f"INSERT INTO {SCHEMA}.move VALUES (:source, :fingerprint, :target, :revision, :kept, :shift)",
            **move._asdict(),
        )
        rows = "".join(f"{name}\t{row}\n" for name, row in left_out)
        self.copy(f"{SCHEMA}.left_out", "name, row", rows.encode())
        self.connection.commit()

    def left_out(self) -> list[tuple[str, int]]:
        return [tuple(row) for row in self.ask(f"SELECT name, row FROM {SCHEMA}.left_out")]

    def checkpoint(self, table: Table) -> Checkpoint:
        asked = f"SELECT * FROM {SCHEMA}.progress WHERE name = '{table.name}'"
        row = self.ask(asked).one_or_none()
        return Checkpoint(row[0], row[1], row[2], int(row[3]), row[4]) if row else Checkpoint(table.name)

    def check(self, point: Checkpoint) -> None:
        self.run(CHECKPOINT, **point._asdict())

    def clear(self) -> None:
        """Take back what an unfinished move brought. The audit is not among it: that comes with the end."""
        names = ", ".join(named(table.name) for table in self.tables if table.name not in AUDIT)
        self.ask(f"TRUNCATE {names}")
        self.ask(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        self.connection.commit()

    def note(self, after: dict[str, Any]) -> None:
        """The move is verified: say so for good."""
        AuditEvent.note_over(
            self.connection, ACT, f"database {self.connection.engine.url.database}", after=after
        )
        self.ask(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        self.ask("SET LOCAL synchronous_commit = on")

    # What it holds

    def checksum(self, table: Table) -> int:
        return int(self.ask(f"{table.summed} {self.part(table)}").scalar_one())


def lost(error: Exception) -> str:
    """Without the driver's words, which repeat what people wrote."""
    code = state_of(error)
    if code is None:
        return LOST
    if code == DISK_FULL:
        return FULL
    constraint = getattr(getattr(getattr(error, "orig", error), "diag", None), "constraint_name", None)
    told = f"SQLSTATE {code}" + (f" ({constraint})" if constraint else "")
    if code.startswith(INTEGRITY):
        return f"The target refused: {told}. {MEDDLED}"
    return f"The target refused: {told}. What was moved so far is kept; the same command goes on."


def state_of(error: Exception) -> str | None:
    """The SQLSTATE of an error, of which there is none without an answer."""
    return getattr(getattr(error, "orig", error), "pgcode", None)
