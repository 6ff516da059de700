"""Everything of a person in a file that they can read, and other programs too."""

import csv
import json
import re
from collections.abc import Iterator
from datetime import date, time
from io import TextIOWrapper
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Column, select, tuple_

from caloria.extensions import db
from caloria.models.audit_event import AuditEvent
from caloria.models.belongings import Belonging, belongings, kept
from caloria.models.clock import utc_now
from caloria.models.user import User
from caloria.version import VERSION

# Of what the tables in caloria.json are called, and their columns; raised when one changes its meaning.
FORMAT = 1
ROWS_AT_ONCE = 1000
FAST = 1
SECRET = re.compile(r"(^|_)(password|secret|token|hash|key|digest)(_|$)")
# A spreadsheet would execute what begins so (CWE-1236); a number may be negative.
EXECUTED = re.compile(r"^[=+\-@＝＋－＠\t\r\n]")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


class Export:
    """Everything of one person, table by table, but for what lets somebody in."""

    def __init__(self, user: User):
        self.user = user

    def write(self, file: BinaryIO) -> None:
        """Write a zip: caloria.json holds everything, and each table is a CSV file too.

        However long the diary is, a thousand rows are held at once.
        """
        AuditEvent.note("export", self.user)
        with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=FAST) as archive:
            with _member(archive, "caloria.json") as text:
                self._write_json(text)
            for each in self.tables:
                with _member(archive, f"{each.table.name}.csv") as text:
                    self._write_csv(text, each)

    @property
    def tables(self) -> list[Belonging]:
        return [*belongings(), *kept()]

    def _write_json(self, text: TextIOWrapper) -> None:
        head = {"format": FORMAT, "caloria": VERSION, "made_at": _plain(utc_now())}
        text.write(json.dumps(head)[:-1] + ', "tables": {')
        for number, each in enumerate(self.tables):
            text.write(f'{"," if number else ""}\n"{each.table.name}": [')
            names = [column.name for column in told(each)]
            for place, row in enumerate(self._rows(each)):
                said = TO_JSON(dict(zip(names, row, strict=False)))
                text.write(("," if place else "") + "\n" + said)
            text.write("]")
        text.write("\n}}\n")

    def _write_csv(self, text: TextIOWrapper, each: Belonging) -> None:
        table, columns = csv.writer(text), told(each)
        table.writerow(column.name for column in columns)
        for row in self._rows(each):
            table.writerow(map(_cell, row[: len(columns)]))

    def _rows(self, each: Belonging) -> Iterator[tuple[Any, ...]]:
        """The rows of a table in the order of their key, so many at once; the key stands last."""
        keys = [key for key in each.table.primary_key.columns if key is not each.column]
        columns = [*told(each), *(key.label(f"key_{number}") for number, key in enumerate(keys))]
        first = select(*columns).where(each.rows_of(self.user.id)).order_by(*keys).limit(ROWS_AT_ONCE)
        rows = db.session.execute(first).all()
        while rows:
            yield from map(tuple, rows)
            if not keys or len(rows) < ROWS_AT_ONCE:
                return
            last = tuple(rows[-1])[-len(keys) :]
            rows = db.session.execute(first.where(tuple_(*keys) > last)).all()


def told(each: Belonging) -> list[Column[Any]]:
    """The columns that are exported."""
    return [column for column in each.table.columns if not SECRET.search(column.name)]


def _member(archive: ZipFile, name: str) -> TextIOWrapper:
    return TextIOWrapper(archive.open(name, "w", force_zip64=True), "utf-8", newline="")


def _plain(value: Any) -> Any:
    """As JSON can say it; a moment with its offset, and what is unknown as null."""
    return value.isoformat() if isinstance(value, date | time) else str(value)


TO_JSON = json.JSONEncoder(ensure_ascii=False, default=_plain).encode


def _cell(value: Any) -> Any:
    """As a spreadsheet can show it, which executes nothing; what is unknown stays empty."""
    if value is None or type(value) in (float, int):
        return value
    if isinstance(value, dict | list):
        return TO_JSON(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return _harmless(value) if isinstance(value, str) else _plain(value)


def _harmless(text: str) -> str:
    return f"'{text}" if EXECUTED.match(text) and not NUMBER.fullmatch(text) else text
