"""The original Caloria's file as a source: its rows are converted privately, and moved as all others are."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from caloria.models.audit_event import MASK, SECRET
from caloria.models.meal import FIRST_MEALS
from caloria.operations.backup.contents import Progress
from caloria.operations.transfer.failure import SourceRetired, TransferFailed
from caloria.operations.transfer.legacy.conversion import ORIGINAL, Original, columns_of, convert
from caloria.operations.transfer.legacy.layout import CALLED, NEEDED, has_place
from caloria.operations.transfer.sqlite_source import SqliteSource, Told
from caloria.operations.transfer.tables import Table, shortened
from caloria.operations.transfer.values import RawText, plain
from settings.shell import named

MARK = "caloria_moved"
# Where rows of today's tables come from; those with numbers below zero from the second.
CAME_FROM = {
    "users": ("user", "admin_user"),
    "meals": ("user", "admin_user"),
    "entries": ("food_log", ""),
    "subscriptions": ("subscription", "user"),
}
# Whose secrets nobody needs again: they stay in the file, and in the copy of it that is kept.
HAVE_SECRETS = ("user", "admin_user")
ARRIVED_AS = {"user": "users", "food_log": "entries", "subscription": "subscriptions"}


class LegacySource(SqliteSource):
    def __init__(self, file: Path, original: Original):
        self.original = original
        super().__init__(file)

    def digest(self) -> str:
        """What is told of its people belongs to what is moved."""
        return f"{super().digest()} in {self.original.time_zone}, {self.original.language}"

    def make_ready(self, private: Path, tables: list[Table], progress: Progress) -> str:
        there = set(self.tables())
        if MARK in there:
            raise SourceRetired(f"{self.file} was retired: its data moved to another database.")
        if not NEEDED.keys() <= there:
            raise TransferFailed(f"{self.file} is no file of the original Caloria's.")
        progress("Converting", 0, 1)
        self.rows = sqlite3.connect(private / "converted.db", isolation_level=None, uri=True)
        self.prepare()
        self.rows.execute(f"ATTACH ? AS {ORIGINAL}", [self.file.absolute().as_uri() + "?mode=ro"])
        self.require_columns()
        self.rows.execute("BEGIN")
        convert(self.rows, tables, self.original)
        self.rows.execute("COMMIT")
        self.rows.text_factory = RawText
        self.rows.execute("BEGIN")
        progress("Converting", 1, 1)
        return "legacy"

    def require_columns(self) -> None:
        for table, columns in NEEDED.items():
            missing = sorted(columns - set(columns_of(self.rows, table)))
            if missing:
                lacking = ", ".join(f"column {table}.{column}" for column in missing)
                raise TransferFailed(f"{self.file} lacks {lacking}.")

    # Whatever is wrong with a row is told in the original's words

    def orphans(self) -> Iterator[tuple[str, int, str]]:
        """Rows of people that are not there."""
        for table, name in (("entries", "food_log"), ("subscriptions", "subscription")):
            known = "SELECT id FROM old_user WHERE id IS user_id"
            for (row,) in self.rows.execute(f"SELECT row FROM old_{name} WHERE NOT EXISTS ({known})"):
                yield table, row, "users"

    def told(self, table: Table, row: tuple, column: str, value: str | None) -> Told:
        name, number, found = self.as_found(table, row)
        theirs = column if table.name == "users" else CALLED.get(column, column)
        if theirs in found and value is not None:
            value = shortened(found[theirs])
        return Told(name, str(plain(found.get("id", number))), theirs, value)

    def as_found(self, table: Table, row: tuple) -> tuple[str, int, dict[str, Any]]:
        name, number = came_from(table, row[0])
        columns = columns_of(self.rows, name)
        found = self.reading.execute(f"SELECT * FROM {named(name)} WHERE rowid = ?", [number]).fetchone()
        return name, number, dict(zip(columns, found, strict=True))

    # What has no place

    def unplaced(self) -> Iterator[dict[str, Any]]:
        """Everything that is in the file and in no column of today's, row by row."""
        for (name,) in self.reading.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
            "ORDER BY name"
        ).fetchall():
            yield from self.unplaced_of(name.decode())

    def unplaced_of(self, table: str) -> Iterator[dict[str, Any]]:
        columns = columns_of(self.rows, table)
        for row in self.reading.execute(f"SELECT * FROM {named(table)}"):
            values = {column: plain(value) for column, value in zip(columns, row, strict=True)}
            kept = {
                column: MASK if SECRET.search(column) and table in HAVE_SECRETS else value
                for column, value in values.items()
                if value is not None and not has_place(table, column, value)
            }
            if kept:
                yield {"table": table, **self.arrived(table, values), "values": kept}

    def arrived(self, table: str, values: dict[str, Any]) -> dict[str, Any]:
        """The id that a row has by now, beside the one that it had."""
        if table not in ARRIVED_AS:
            return {}
        now = f"SELECT id FROM {ARRIVED_AS[table]} WHERE rowid = ?"
        number = self.rows.execute(f"SELECT row FROM old_{table} WHERE id = ?", [values["id"]]).fetchone()
        found = self.rows.execute(now, number).fetchone()
        return {"id": values["id"], "became": found and found[0].decode()}

    def mark(self, last: sqlite3.Connection, moment: str) -> None:
        last.execute(f"CREATE TABLE {MARK} (at TEXT)")
        last.execute(f"INSERT INTO {MARK} VALUES (?)", [moment])


def came_from(table: Table, number: int) -> tuple[str, int]:
    """The original's table and the number of the row there."""
    first, second = CAME_FROM.get(table.name, ("user", "admin_user"))
    if table.name == "meals":
        number //= len(FIRST_MEALS)
    return (first, number) if number > 0 else (second, -number)
