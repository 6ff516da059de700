"""Everything of a person in a file that they can read, and other programs too."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, time
from io import TextIOWrapper
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Column, select, text, tuple_, union

from caloria.extensions import db
from caloria.models.audit_event import AuditEvent
from caloria.models.belongings import Belonging, belongings, kept
from caloria.models.clock import utc_now
from caloria.models.export_words import (
    CELL_WORDS,
    INTRODUCTION,
    SHARED_FOODS,
    UNIT_WORDS,
    WHAT,
    kind_of,
    unit_of,
)
from caloria.models.food import Food
from caloria.models.user import User
from caloria.version import VERSION

# Of what the tables in caloria.json are called, and their columns; raised when one changes its meaning.
# Tables and columns that are added come with another revision of the schema, which is named beside it.
FORMAT = 1
ROWS_AT_ONCE = 1000
FAST = 1
SECRET = re.compile(r"(^|_)(password|secret|token|hash|key|digest)(_|$)")
# A spreadsheet would execute what begins so (CWE-1236); a number may be negative. An apostrophe is put in
# front of these, and of what begins with one: so it is known which of them are no part of the text.
MARKED = re.compile(r"^[=+\-@＝＋－＠\t\r\n']")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
FOOD_KEYS = ("id", "source", "source_id", "name", "brand")


class Export:
    """Everything of one person, table by table, but for what lets somebody in."""

    def __init__(self, user: User, say: Callable[[str], str] = str):
        """say puts what the files hold into the person's language."""
        self.user, self.say = user, say

    def write(self, file: BinaryIO) -> None:
        """Write a zip: caloria.json holds everything, and each table is a CSV file too.

        However long the diary is, a thousand rows are held at once.
        """
        AuditEvent.note("export", self.user)
        with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=FAST) as archive:
            with _member(archive, "README.txt") as text_file:
                text_file.writelines(self._told())
            with _member(archive, "caloria.json") as text_file:
                self._write_json(text_file)
            for name, head, rows in self._files():
                with _member(archive, f"{name}.csv") as text_file:
                    table = csv.writer(text_file)
                    table.writerow(head)
                    table.writerows(map(_cell, row) for row in rows)

    @property
    def tables(self) -> list[Belonging]:
        return [*belongings(), *kept()]

    def _told(self) -> Iterator[str]:
        """What each file holds, in words."""
        for words in (INTRODUCTION, UNIT_WORDS, CELL_WORDS):
            yield f"{self.say(words)}\n\n"
        for name, _head, _rows in self._files():
            yield f"{name}.csv: {self.say(WHAT[name])}\n"

    def _files(self) -> Iterator[tuple[str, Iterable[str], Iterable[Iterable[Any]]]]:
        """Each table of numbers: its name, the names of its columns, and its rows."""
        yield "columns", ("table", "column", "kind", "unit"), self._columns()
        yield SHARED_FOODS, FOOD_KEYS, self._shared_foods()
        for each in self.tables:
            yield each.table.name, [column.name for column in told(each)], self._rows(each)

    def _columns(self) -> Iterator[tuple[str, str, str, str]]:
        for each in self.tables:
            for column in told(each):
                yield each.table.name, column.name, kind_of(column), unit_of(column)

    def _write_json(self, text_file: TextIOWrapper) -> None:
        said = {"format": FORMAT, "schema": _revision(), "caloria": VERSION, "made_at": _plain(utc_now())}
        text_file.write(TO_JSON(said)[:-1])
        shared = [dict(zip(FOOD_KEYS, food, strict=True)) for food in self._shared_foods()]
        _write_array(text_file, f', "{SHARED_FOODS}"', shared)
        text_file.write(', "tables": {')
        for number, each in enumerate(self.tables):
            names = [column.name for column in told(each)]
            rows = (dict(zip(names, row, strict=True)) for row in self._rows(each))
            _write_array(text_file, f'{"," if number else ""}\n"{each.table.name}"', rows)
        text_file.write("\n}}\n")

    def _shared_foods(self) -> list[tuple[Any, ...]]:
        """The foods of everybody's that this person's rows refer to: another Caloria has them, by source."""
        referring = [
            select(column).where(each.rows_of(self.user.id))
            for each in self.tables
            for column in told(each)
            if column.references(Food.__table__.c.id)
        ]
        keys = [getattr(Food, name) for name in FOOD_KEYS]
        theirs = Food.owner_id.is_(None), Food.id.in_(union(*referring))
        return [tuple(row) for row in db.session.execute(select(*keys).where(*theirs).order_by(Food.id))]

    def _rows(self, each: Belonging) -> Iterator[tuple[Any, ...]]:
        """The rows of a table in the order of their key, so many at once; the key stands last."""
        said = told(each)
        keys = [key for key in each.table.primary_key.columns if key is not each.column]
        columns = [*said, *(key.label(f"key_{number}") for number, key in enumerate(keys))]
        first = select(*columns).where(each.rows_of(self.user.id)).order_by(*keys).limit(ROWS_AT_ONCE)
        rows = db.session.execute(first).all()
        while rows:
            yield from (tuple(row)[: len(said)] for row in rows)
            if not keys or len(rows) < ROWS_AT_ONCE:
                return
            last = tuple(rows[-1])[-len(keys) :]
            rows = db.session.execute(first.where(tuple_(*keys) > last)).all()


def told(each: Belonging) -> list[Column[Any]]:
    """The columns that are exported; who else a row mentions is not the person's to know."""
    theirs = (column for column in each.table.columns if column not in each.mentions)
    return [column for column in theirs if not SECRET.search(column.name)]


def _revision() -> str | None:
    """Which revision of the schema the tables are of."""
    return db.session.scalar(text("SELECT version_num FROM alembic_version"))


def _write_array(text_file: TextIOWrapper, name: str, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows a line each, so that no more than one is held."""
    text_file.write(f"{name}: [")
    for place, row in enumerate(rows):
        text_file.write(("," if place else "") + "\n" + TO_JSON(row))
    text_file.write("]")


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


def _harmless(said: str) -> str:
    return f"'{said}" if MARKED.match(said) and not NUMBER.fullmatch(said) else said
