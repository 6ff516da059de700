"""The original Caloria's file as a source: its rows are converted privately, and moved as all others are."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from caloria.operations.backup.contents import Progress
from caloria.operations.transfer.failure import SourceRetired, TransferFailed
from caloria.operations.transfer.legacy import layout
from caloria.operations.transfer.legacy.conversion import SCHEMA, Home, columns_of, convert
from caloria.operations.transfer.legacy.unplaced import TABLES, unplaced
from caloria.operations.transfer.sqlite_source import Cell, SqliteSource
from caloria.operations.transfer.tables import Table, shortened
from caloria.operations.transfer.values import RawText, plain
from settings.shell import named

MARK = "caloria_moved"


class LegacySource(SqliteSource):
    mark = f"CREATE TABLE {MARK} AS SELECT ? AS at"
    owner = """old_table || ' ' || CASE old_table
        WHEN 'user' THEN (SELECT id FROM old_user WHERE row = old_row)
        ELSE (SELECT id FROM old_admin_user WHERE row = old_row) END"""

    def __init__(self, file: Path, home: Home):
        self.home = home
        super().__init__(file)

    def digest(self) -> str:
        """What is said of its people belongs to what is moved."""
        return f"{super().digest()} in {self.home.time_zone}, {self.home.language}"

    def make_ready(self, private: Path, tables: list[Table], progress: Progress) -> str:
        self.require_original()
        progress("Converting", 0, 1)
        self.rows = sqlite3.connect(private / "converted.db", isolation_level=None, uri=True)
        self.prepare()
        self.rows.execute(f"ATTACH ? AS {SCHEMA}", [self.file.absolute().as_uri() + "?mode=ro"])
        self.require_columns()
        self.rows.execute("BEGIN")
        convert(self.rows, tables, self.home)
        self.require_one_of_each()
        self.rows.execute("COMMIT")
        self.rows.text_factory = RawText
        self.rows.execute("BEGIN")
        progress("Converting", 1, 1)
        return "legacy"

    def require_original(self) -> None:
        there = self.names()
        if MARK in there:
            raise SourceRetired(f"{self.file} was retired: its data moved to another database.")
        if not there >= layout.MUST_BE_THERE:
            raise TransferFailed(f"{self.file} is no file of the original Caloria's.")
        for name in sorted(there):
            self.require_readable(name)

    def require_readable(self, name: str) -> None:
        """A table may be one of a module of SQLite's that is not here. Raises TransferFailed."""
        try:
            self.reading.execute(f"SELECT * FROM main.{named(name)} LIMIT 0")
        except sqlite3.OperationalError as error:
            raise TransferFailed(f"The table {name} of {self.file} cannot be read: {error}.") from None

    def require_columns(self) -> None:
        """Raises TransferFailed for what cannot be read as the table that its name says it is."""
        for table, needed in layout.NEEDED.items():
            columns = set(columns_of(self.rows, table))
            lacking = [f"column {table}.{column}" for column in sorted(needed - columns)]
            if columns and lacking:
                raise TransferFailed(f"{self.file} lacks {', '.join(lacking)}.")
            if columns and (not self.has_numbers(table) or "rowid" in map(str.lower, columns)):
                raise TransferFailed(f"{table} of {self.file} is no ordinary table.")

    def require_one_of_each(self) -> None:
        """Raises TransferFailed where it cannot be known whose a diary is."""
        asked = "SELECT id FROM old_user WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1"
        if twice := self.rows.execute(asked).fetchone():
            raise TransferFailed(f"{self.file} has several rows of user with the id {twice[0]}.")

    def names(self) -> set[str]:
        """The tables that the file itself has, where there is a converted one beside it."""
        return {name.decode() for (name,) in self.reading.execute(TABLES)}

    def has_numbers(self, table: str) -> bool:
        """Whether its rows are known by a number: those of a view, or of some tables, are not."""
        if table not in self.names():
            return False
        try:
            self.reading.execute(f"SELECT rowid FROM main.{named(table)} LIMIT 0")
        except sqlite3.OperationalError:
            return False
        return True

    # Whatever is wrong with a row is told in the original's words

    def orphans(self) -> Iterator[tuple[str, int, str]]:
        """Rows of people that are not there."""
        for table, name in (("entries", "food_log"), ("subscriptions", "subscription")):
            people = f"SELECT row FROM old_{name} WHERE user_id IN (SELECT old_id FROM people)"
            yield from (
                (table, row, "users")
                for (row,) in self.rows.execute(
                    f"SELECT rowid FROM {table} WHERE old_table = '{name}' AND old_row NOT IN ({people})"
                )
            )

    def cell(self, table: Table, row: tuple, column: str, value: str | None) -> Cell:
        name, number, found = self.as_found(table, row)
        theirs = layout.MADE_OF.get((table.name, name), {}).get(column, column)
        if theirs in found and value is not None:
            value = shortened(found[theirs])
        return Cell(name, str(plain(found.get("id", number))), theirs, value)

    def as_found(self, table: Table, row: tuple) -> tuple[str, int, dict[str, Any]]:
        made_of = f"SELECT old_table, old_row FROM {named(table.name)} WHERE rowid = ?"
        name, number = self.rows.execute(made_of, [row[0]]).fetchone()
        found = self.reading.execute(f"SELECT * FROM main.{named(name.decode())} WHERE rowid = ?", [number])
        columns = [described[0] for described in found.description]
        return name.decode(), number, dict(zip(columns, found.fetchone(), strict=True))

    def unplaced(self) -> Iterator[dict[str, Any]]:
        return unplaced(self.reading, self.rows)
