"""What a SQLite file that is moved holds.

Everything that is particular to this kind of source is here; another kind has a class with these methods.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import URL, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from caloria.guard import revisions
from caloria.guard.subject import VERSIONS
from caloria.operations.backup import disk
from caloria.operations.backup.contents import Progress
from caloria.operations.backup.sqlite import CACHE_KB, copy
from caloria.operations.transfer import addresses
from caloria.operations.transfer.failure import SourceRetired, TransferFailed
from caloria.operations.transfer.tables import AUDIT, LAST, OF_THE_DATABASE, Table
from caloria.operations.transfer.watched_file import BESIDE, WatchedFile, beside, connected, leave_as_found
from caloria.operations.upgrading import upgrade
from settings.shell import named

ROWS_AT_ONCE = 250
# What PRAGMA integrity_check says of rows is found again with all else that is wrong with them.
OF_ROWS = ("NULL value in", "CHECK constraint failed in", "NUMERIC value in", "TEXT value in")


class Cell(NamedTuple):
    """A cell of the file, in words."""

    table: str
    key: str
    column: str
    value: str | None


class SqliteSource(WatchedFile):
    """The rows of the file, or of a private copy of it that is as today's code has it."""

    mark = "UPDATE identity SET retired_at = ?"
    owner = "'users ' || CAST(id AS TEXT)"  # how a person is spoken of

    def __init__(self, file: Path):
        super().__init__(file)
        self.rows = self.reading
        self.shift = self.hidden = 0
        self.prepare()

    @classmethod
    @contextmanager
    def opened(cls, file: Path, *told: Any) -> Iterator["SqliteSource"]:
        if not file.is_file():
            raise TransferFailed(f"There is no file {file}.")
        before = [ending for ending in BESIDE if beside(file, ending).exists()]
        try:
            with ExitStack() as stack:
                stack.callback(leave_as_found, file, before)
                source = cls(file, *told)
                stack.callback(source.close)
                yield source
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
                raise TransferFailed(
                    f"There is no room to work on {file}, in BACKUP_DIR or TMPDIR."
                ) from None
            raise TransferFailed(f"{file} cannot be read: {error}.") from None

    def close_rows(self) -> None:
        self.rows.close()
        super().close_rows()

    def prepare(self) -> None:
        self.rows.execute("PRAGMA temp_store = FILE")
        self.rows.execute(f"PRAGMA temp.cache_size = -{CACHE_KB}")
        self.rows.execute("CREATE TEMP TABLE left_out (name TEXT, row INTEGER, PRIMARY KEY (name, row))")
        addresses.teach_keys(self.rows)

    # What it is

    def make_ready(self, private: Path, tables: list[Table], progress: Progress) -> str:
        """Its revision; an older one is upgraded on a copy that nobody else sees. Raises TransferFailed."""
        revision = self.require_ours()
        if revision != revisions.head():
            self.upgrade_at(private / "upgraded.db", progress)
        self.require_known(tables)
        return revision

    def require_ours(self) -> str:
        """Its revision. Raises TransferFailed where this is no database of Caloria's that can be moved."""
        if not {VERSIONS, "identity"} <= set(self.tables()):
            hint = " Is it the original Caloria's? Then add --legacy." if "food_log" in self.tables() else ""
            raise TransferFailed(f"{self.file} is no database of Caloria's.{hint}")
        stamped = [said.decode() for (said,) in self.rows.execute("SELECT version_num FROM alembic_version")]
        if len(stamped) != 1 or not revisions.is_known(stamped[0]):
            raise TransferFailed(
                f"{self.file} is at revision {', '.join(stamped) or 'none'}, which this code does not know."
            )
        if self.rows.execute("SELECT count(*) FROM identity WHERE retired_at IS NOT NULL").fetchone()[0]:
            raise SourceRetired(f"{self.file} was retired: its data moved to another database.")
        return stamped[0]

    def require_sound(self) -> None:
        """Read every page of it. Raises TransferFailed."""
        told = [line.decode() for (line,) in self.reading.execute("PRAGMA integrity_check(10000)")]
        damage = [line for line in told if line != "ok" and not line.startswith(OF_ROWS)]
        if damage:
            raise TransferFailed(f"{self.file} is damaged: {damage[0]}. Restore it from a backup.")

    def orphans(self) -> Iterator[tuple[str, int, str]]:
        """Rows that point at nothing: their table, their number and what they should point at."""
        for table, row, parent, _ in self.rows.execute("PRAGMA foreign_key_check"):
            yield table.decode(), row, parent.decode()

    def tables(self) -> list[str]:
        sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        return sorted(name.decode() for (name,) in self.rows.execute(sql))

    def require_known(self, tables: list[Table]) -> None:
        """Raise TransferFailed for what this code would leave behind, or not find."""
        ours = {table.name: {column.name for column in table.columns} for table in tables}
        there = set(self.tables()) - {VERSIONS, *OF_THE_DATABASE}
        strange = [f"table {name}" for name in sorted(there - ours.keys()) if not name.startswith("search_")]
        missing = [f"table {name}" for name in sorted(ours.keys() - there)]
        for name in sorted(there & ours.keys()):
            columns = {row[1].decode() for row in self.rows.execute(f"PRAGMA table_xinfo({named(name)})")}
            strange += [f"column {name}.{column}" for column in sorted(columns - ours[name])]
            missing += [f"column {name}.{column}" for column in sorted(ours[name] - columns)]
        if strange:
            raise TransferFailed(
                f"Caloria does not know {', '.join(strange)} of {self.file}. Nothing was moved: "
                "save what they hold elsewhere and drop them, on a copy of the file."
            )
        if missing:
            raise TransferFailed(f"{self.file} lacks {', '.join(missing)}.")

    def servers(self) -> list[tuple[str, int]]:
        """Which machines wrote to it, and how many seconds ago."""
        if not self.reading.execute("SELECT 1 FROM sqlite_master WHERE name = 'servers'").fetchone():
            return []
        age = "CAST(strftime('%s', 'now') - strftime('%s', last_seen_at) AS INTEGER)"
        told = self.reading.execute(f"SELECT CAST(name AS BLOB), {age} FROM servers WHERE {age} IS NOT NULL")
        return [(name.decode("utf-8", "replace"), seconds) for name, seconds in told]

    # Copies

    def copy_to(self, path: Path, progress: Progress) -> None:
        """Write down this moment of it, for this user alone, in a folder that does not stay.

        Raises TransferFailed and OSError.
        """
        partial = path.with_name(path.name + disk.UNWRITTEN)
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, disk.OURS_ALONE))
        try:
            copy(self.reading, partial, progress, "Keeping a copy")
        except sqlite3.Error as error:
            raise TransferFailed(f"The copy {path} was not written: {error}.") from None
        disk.sync(partial)
        partial.rename(path)

    def upgrade_at(self, path: Path, progress: Progress) -> None:
        """Bring a copy of it to the newest revision, and read from there on."""
        self.copy_to(path, progress)
        engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)
        try:
            with engine.connect() as connection:
                upgrade(connection)
        except DBAPIError as error:
            raise TransferFailed(f"The copy {path} was not upgraded: {error.orig}.") from None
        newest = self.reading.execute("SELECT max(sequence) FROM audit_events").fetchone()[0]
        self.rows = connected(path)
        self.prepare()
        self.rows.execute("BEGIN")
        # That the copy was upgraded is no event of the database that is moved.
        added = self.rows.execute(
            "SELECT rowid FROM audit_events WHERE sequence > ?", [newest or 0]
        ).fetchall()
        self.leave_out((LAST, row) for (row,) in added)
        self.hidden = len(added)

    # Rows

    def leave_out(self, rows: Iterable[tuple[str, int]]) -> None:
        """Give these rows no longer."""
        self.rows.executemany("INSERT OR IGNORE INTO temp.left_out VALUES (?, ?)", rows)

    def count(self, table: Table) -> int:
        return self.rows.execute(f"SELECT count(*) {self.kept(table)}").fetchone()[0]

    def left_out(self, table: Table) -> int:
        """How many rows of a table are left out."""
        sql = "SELECT count(*) FROM temp.left_out WHERE name = ?"
        hidden = self.hidden if table.name == LAST else 0
        return self.rows.execute(sql, [table.name]).fetchone()[0] - hidden

    def kept(self, table: Table) -> str:
        """From where a table's rows come that are not left out."""
        name = named(table.name)
        left_out = f"SELECT row FROM temp.left_out WHERE name = '{table.name}'"
        return f"FROM {name} WHERE {name}.rowid NOT IN ({left_out})"

    def selected(self, table: Table) -> str:
        """A row's number and its columns. The audit goes on behind the events that are there already."""
        shifted = f'"sequence" + {self.shift}'
        names = table.names.replace('"sequence"', shifted) if table.name in AUDIT else table.names
        return f"SELECT {named(table.name)}.rowid, {names} {self.kept(table)}"

    def batches(self, table: Table, after: int | None = None) -> Iterator[list[tuple]]:
        """Rows by their number: in SQLite a primary key may be missing, or of several types."""
        sql = f"{self.selected(table)} AND {named(table.name)}.rowid > ? ORDER BY {named(table.name)}.rowid"
        cursor = self.rows.execute(sql, [-(1 << 63) if after is None else after])
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield rows

    def row_after(self, table: Table, number: int) -> tuple | None:
        """The row of this number or of the next one that is there."""
        sql = f"{self.selected(table)} AND {named(table.name)}.rowid >= ? ORDER BY 1 LIMIT 1"
        return self.rows.execute(sql, [number]).fetchone()

    def numbers(self, table: Table) -> tuple[int, int]:
        """The least and the greatest number of a row."""
        number = f"{named(table.name)}.rowid"
        asked = f"SELECT min({number}), max({number}) {self.kept(table)}"
        least, most = self.rows.execute(asked).fetchone()
        return least or 0, most or 0

    def sums(self, table: Table) -> list[float | None]:
        """SQLite's own sum of each amount, and the greatest of each."""
        asked = [f"{what}({named(name)})" for name in table.amounts for what in ("sum", "max")]
        return list(self.rows.execute(f"SELECT {', '.join(asked)} {self.kept(table)}").fetchone())

    def people(self) -> Iterator[list[tuple[str, str]]]:
        return addresses.people(self.rows)

    def misfolded(self) -> Iterator[tuple[int, str]]:
        return addresses.misfolded(self.rows, self.owner)

    # How a row of it is spoken of

    def cell(self, table: Table, row: tuple, column: str, value: str | None) -> Cell:
        """Where in the file somebody finds what is wrong."""
        return Cell(table.name, table.key_of(row), column, value)

    def as_found(self, table: Table, row: tuple) -> tuple[str, int, dict[str, Any]]:
        """The table, the number and all values of a row, as they are in the file."""
        names = (column.name for column in table.columns)
        return table.name, row[0], dict(zip(names, row[1:], strict=True))

    def unplaced(self) -> Iterable[dict[str, Any]]:
        """What would arrive nowhere: of a file of today's, nothing."""
        return ()
