"""What the original's file holds and no column of today's does, row by row."""

import re
import sqlite3
from collections.abc import Iterator
from typing import Any

from caloria.models.audit_event import MASK
from caloria.operations.transfer.legacy.layout import ARRIVES_IN, EXACT
from caloria.operations.transfer.values import plain
from settings.shell import named

# Secrets stay in the file, and in the copy of it that is kept.
SECRET = re.compile(
    r"passw|passcode|pwd|secret|hash|token(?!s_)|api_?key|(^|_)(keys?|otp|pin|cvv|cvc)(_|$)",
    re.IGNORECASE,
)
TABLES = "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@'"


def unplaced(original: sqlite3.Connection, converted: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """Every row that has more to say than what arrived of it, with the id that it has by now."""
    for (name,) in original.execute(f"{TABLES} ORDER BY name").fetchall():
        table = name.decode()
        number = "rowid" if table in ARRIVES_IN else "NULL"
        found = original.execute(f"SELECT {number}, * FROM main.{named(table)}")
        columns = [described[0] for described in found.description[1:]]
        for row, *values in found:
            said = dict(zip(columns, values, strict=True))
            yield {"table": table, **arrived(converted, table, row, said), "values": kept(table, said)}


def kept(table: str, values: dict[str, Any]) -> dict[str, Any]:
    """What did not arrive as it is. The id stands beside it."""
    placed = EXACT.get(table, set()) | ({"id"} if table in ARRIVES_IN else set())
    return {
        column: MASK if SECRET.search(column) else plain(value)
        for column, value in values.items()
        if value is not None and column not in placed
    }


def arrived(converted: sqlite3.Connection, table: str, row: int, values: dict[str, Any]) -> dict[str, Any]:
    """The id that a row had, and the one that it has; none where it was left out."""
    if table not in ARRIVES_IN:
        return {}
    name = ARRIVES_IN[table]
    left_out = f"SELECT row FROM temp.left_out WHERE name = '{name}'"
    asked = f"SELECT id FROM {name} WHERE old_table = ? AND old_row = ? AND rowid NOT IN ({left_out})"
    found = converted.execute(asked, [table, row]).fetchone()
    return {"id": plain(values["id"]), "became": found and found[0].decode()}
