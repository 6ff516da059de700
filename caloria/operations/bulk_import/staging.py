"""A temporary table beside the one that rows go into: filled at once, then merged by statements over both."""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, CursorResult, bindparam, text

from caloria.extensions import UtcDateTime, db

# PostgreSQL takes a batch in well below a second; nobody waits longer for a food that is being changed. What
# is done for all foods at the end may take minutes.
PATIENCE = "SET LOCAL statement_timeout = '{}min'"
OF_A_BATCH, OF_ALL = 5, 60
# Of a batch each row is looked up: to read all that is stored for it would take longer with each batch.
BY_INDEX = ("SET LOCAL enable_hashjoin = off", "SET LOCAL enable_mergejoin = off")
ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Staging:
    """Some columns of a table, for one transaction."""

    def __init__(self, name: str, like: str, columns: Sequence[str], key: str, *empty: str):
        self.name, self.like, self.columns, self.key, self.empty = name, like, tuple(columns), key, empty

    def fill(self, rows: Iterable[Sequence]) -> None:
        """Make it anew with these rows in it."""
        self.drop()
        said = ", ".join((*self.columns, *self.empty))
        run(f"CREATE TEMPORARY TABLE {self.name} AS SELECT {said} FROM {self.like} WHERE 1 = 0")
        into = f"{self.name} ({', '.join(each.rpartition(' ')[2] for each in self.columns)})"
        copy(into, rows) if on_postgresql() else self._insert(into, rows)

    def index(self) -> None:
        """Let rows be found by their key from now on."""
        schema = "" if on_postgresql() else "temp."
        run(f"CREATE INDEX {schema}staged_{self.name} ON {self.name} ({self.key})")
        if on_postgresql():
            run(f"ANALYZE {self.name} ({self.key})")

    def _insert(self, into: str, rows: Iterable[Sequence]) -> None:
        said = [tuple(for_sqlite(value) for value in row) for row in rows]
        if said:
            marks = ", ".join("?" * len(said[0]))
            connection().exec_driver_sql(f"INSERT INTO {into} VALUES ({marks})", cast("Any", said))

    def drop(self) -> None:
        run(f"DROP TABLE IF EXISTS {self.name}")


def connection() -> Connection:
    return db.session.connection()


def on_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def begin() -> None:
    """Say how the statements of this transaction are to be carried out."""
    be_patient(OF_A_BATCH)
    for setting in BY_INDEX if on_postgresql() else ():
        run(setting)


def be_patient(minutes: int) -> None:
    """Let statements of this transaction take their time."""
    if on_postgresql():
        run(PATIENCE.format(minutes))


def run(statement: str, **said: Any) -> CursorResult:
    """Run a statement; `now` is a moment, and `keys` are several."""
    asked = text(statement)
    if "keys" in said:
        asked = asked.bindparams(bindparam("keys", expanding=True))
    if "now" in said:
        asked = asked.bindparams(bindparam("now", type_=UtcDateTime()))
    return cast("CursorResult", db.session.execute(asked, said))


def differ(one: str, other: str, columns: Iterable[str]) -> str:
    """Whether two rows differ in any of these columns; what is unknown in both is the same."""
    columns = list(columns)
    sides = [f"({', '.join(f'{side}.{name}' for name in columns)})" for side in (one, other)]
    return (" IS DISTINCT FROM " if on_postgresql() else " IS NOT ").join(sides)


def copy(into: str, rows: Iterable[Sequence]) -> None:
    """COPY rows into columns of a table."""
    lines = io.StringIO()
    for row in rows:
        lines.write("\t".join([for_copy(value) for value in row]))
        lines.write("\n")
    lines.seek(0)
    with cast("Any", connection().connection).cursor() as cursor:
        cursor.copy_expert(f"COPY {into} FROM STDIN", lines)


def for_copy(value: Any) -> str:
    if value is None:
        return "\\N"
    if type(value) is float:
        return repr(value)
    if type(value) is str:
        return value.translate(ESCAPED) if not value.isprintable() or "\\" in value else value
    return value.isoformat() if isinstance(value, datetime) else str(value)


def for_sqlite(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return value
