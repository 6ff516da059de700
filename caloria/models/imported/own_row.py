"""One row of an export of Caloria, held against what its table can hold."""

import json
import math
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Column
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from caloria.models.export_words import python_type
from caloria.models.imported.trouble import BadCell, NotReadable
from caloria.models.round_trip import Traveller
from caloria.words import N_

NO_ROW = N_("This is no row of %(table)s.")
UNKNOWN = N_(
    "This file says more than this Caloria knows: “%(name)s”. A newer version wrote it. "
    "Nothing was imported; please ask whoever runs this one to bring it up to date."
)
MISSING = N_("It does not say %(column)s, which every row has.")
WRONG = N_("%(column)s says “%(text)s”, which it cannot.")
LONGEST_TEXT = 5000
MOST_NAMES = 50
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 12, 31, tzinfo=UTC)


def _moment(said: str) -> datetime:
    moment = datetime.fromisoformat(said)
    if moment.tzinfo is None or not EARLIEST <= moment <= LATEST:
        raise ValueError
    return moment.astimezone(UTC)


def _time(said: str) -> time:
    clock = time.fromisoformat(said)
    if clock.tzinfo is not None:
        raise ValueError
    return clock


def _text(said: str) -> str:
    if len(said) > LONGEST_TEXT or "\0" in said:
        raise ValueError
    said.encode()  # half a letter is none
    return said


def _number(said: float) -> float:
    number = float(said)
    if not math.isfinite(number):
        raise ValueError
    return number


def _whole(said: int) -> int:
    if abs(said) > 2**31 - 1:
        raise ValueError
    return said


def _words(said: dict) -> dict[str, str]:
    if len(said) > MOST_NAMES or not all(isinstance(word, str) for word in said.values()):
        raise ValueError
    return {_text(name): _text(word) for name, word in said.items()}


# What SQLite compares as it is; it compares dates as text.
PLAIN = (type(None), int, float, str, bool)
# What JSON says a value as, by the type of its column, and how it is read.
READ: dict[type, tuple[tuple[type, ...], Callable[[Any], Any]]] = {
    UUID: ((str,), UUID),
    date: ((str,), date.fromisoformat),
    datetime: ((str,), _moment),
    time: ((str,), _time),
    bool: ((bool,), bool),
    int: ((int,), _whole),
    float: ((float, int), _number),
    str: ((str,), _text),
    dict: ((dict,), _words),
}


def reader_of(column: Column[Any]) -> Callable[[Any], Any]:
    """What reads a cell as its column has it. It raises BadCell."""
    as_json, read = READ[dict if isinstance(column.type, JSON) else python_type(column)]

    def read_cell(said: Any) -> Any:
        if said is None:
            return None
        try:
            # A truth is a number to Python.
            if type(said) in as_json:
                return read(said)
        except (ValueError, OverflowError):
            pass
        raise BadCell(WRONG, column=column.name, text=json.dumps(said, default=str)[:60])

    return read_cell


class RowReader:
    """Reads the rows of one table."""

    def __init__(self, traveller: Traveller, judge: sqlite3.Connection):
        self.traveller, self._judge = traveller, judge
        self.columns = traveller.columns
        self._known = {column.name for column in traveller.table.columns}
        checks = [each for each in traveller.table.constraints if isinstance(each, CheckConstraint)]
        self._checks = sorted(checks, key=lambda check: str(check.name))
        self._judgement = self._as_sql()
        self._readers = [(column.name, reader_of(column)) for column in self.columns]
        self._needed = [column for column in self.columns if not column.nullable]
        self._every = [column.name for column in traveller.table.columns]

    def _as_sql(self) -> str:
        """The CHECKs of the table as a question, so that no row is only refused by the database."""
        tests = ", ".join(f"({check.sqltext}) IS NOT 0" for check in self._checks) or "1"
        row = ", ".join(f'? AS "{column.name}"' for column in self.traveller.table.columns)
        return f"SELECT {tests} FROM (SELECT {row})"  # noqa: S608  the schema's own words

    def read(self, row: Any) -> dict[str, Any]:
        """The values of a row by their columns. Raises BadCell, and NotReadable for a column unknown here."""
        if not isinstance(row, dict):
            raise BadCell(NO_ROW, table=self.traveller.name)
        if unknown := row.keys() - self._known:
            raise NotReadable(UNKNOWN, name=f"{self.traveller.name}.{min(unknown)}")
        values = {name: read(row.get(name)) for name, read in self._readers}
        for column in self._needed:
            if values[column.name] is None:
                values[column.name] = self._default(column)
        self._ask(values)
        return values

    def _default(self, column: Column[Any]) -> Any:
        """What an older version did not know of. Raises BadCell."""
        default = column.default
        if column.server_default is None or not isinstance(default, ScalarElementColumnDefault):
            raise BadCell(MISSING, column=column.name)
        return default.arg

    def _ask(self, values: dict[str, Any]) -> None:
        """Hold a row against the CHECKs of its table. Raises BadCell."""
        owner = self.traveller.owner
        said = values if owner is None else {**values, owner.name: "somebody"}
        row = [value if type(value) in PLAIN else str(value) for value in map(said.get, self._every)]
        answers = self._judge.execute(self._judgement, row).fetchone()
        for check, is_good in zip(self._checks, answers, strict=False):
            if not is_good:
                name = str(check.name).removeprefix(f"ck_{self.traveller.name}_")
                raise BadCell(WRONG, column=name, text=str(said.get(name, "…")))


def is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
