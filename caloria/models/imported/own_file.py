"""An export of Caloria, read row by row: what is wrong with a row leaves out that one."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO
from typing import Any, BinaryIO, cast
from uuid import UUID
from zipfile import ZipFile

from caloria.extensions import db
from caloria.models.export import FORMAT
from caloria.models.export_words import SHARED_FOODS
from caloria.models.imported.json_stream import NO_EXPORT, JsonStream
from caloria.models.imported.own_row import UNKNOWN, RowReader, is_id
from caloria.models.imported.pages import Pages
from caloria.models.imported.table import TOO_MANY_ROWS
from caloria.models.imported.trouble import BadCell, NotReadable, Trouble
from caloria.models.imported.upload import BROKEN_ZIP, LOCKED, MEBIBYTE, SWELLS, WHAT_ZIPS_RAISE, Member
from caloria.models.round_trip import LEFT, Traveller, pointed_at, travellers
from caloria.words import N_

CALORIA = "caloria"
MEMBER = "caloria.json"
MOST_UNPACKED = 256 * MEBIBYTE
# Twenty years of twenty foods a day, and what goes with them.
MOST_ROWS = 200_000
MOST_SHARED = 50_000
# Of the names at the head of a file, which are six; those to come are passed over.
MOST_HEADS = 100
PROBLEMS_KEPT = 100
LONGEST_WORD = 200
NOT_THERE = N_("%(column)s points to something that is not in this file.")
NOTHING = N_("There is nothing to import in this export: it holds no diary.")
Opener = Callable[[], BinaryIO]


def opener_of(content: bytes) -> Opener | None:
    """What opens the JSON of an export; None where a file is none. Raises NotReadable."""
    if content.startswith(b"PK"):
        return _packed(content)
    is_json = content[:100].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"
    return (lambda: BytesIO(content.removeprefix(b"\xef\xbb\xbf"))) if is_json else None


def _packed(content: bytes) -> Opener | None:
    try:
        with ZipFile(BytesIO(content)) as packed:
            members = [each for each in packed.infolist() if each.filename.rpartition("/")[2] == MEMBER]
    except WHAT_ZIPS_RAISE:
        raise NotReadable(BROKEN_ZIP) from None
    if not members:
        return None
    if members[0].flag_bits & 1:
        raise NotReadable(LOCKED)
    if members[0].file_size > MOST_UNPACKED:
        raise NotReadable(SWELLS, most=MOST_UNPACKED // MEBIBYTE)
    return lambda: cast("BinaryIO", Member(ZipFile(BytesIO(content)), members[0].filename))


class OwnFile:
    """What an export of Caloria says: twice gone through, and never held as a whole."""

    tracker = CALORIA

    def __init__(self, open_: Opener):
        self._open = open_
        self.problems: list[dict[str, Any]] = []
        self.problem_count = 0
        self.rows: dict[str, int] = {}
        self._shared: dict[str, list[str]] = {}
        self._days: set[str] = set()
        self._eaten: set[str] = set()

    def read(self) -> "OwnFile":
        """Read all of it. Raises NotReadable."""
        every = {each.name: each for each in travellers()}
        with closing(sqlite3.connect(":memory:")) as judge:
            readers = {name: RowReader(each, judge) for name, each in every.items()}
            there = self._points(readers)
            self._packed = {name: Pages() for name in every}
            for name, line, said in self._said(every):
                try:
                    values = readers[name].read(said)
                    self._follow(every[name], values, there)
                except BadCell as trouble:
                    self._note(name, line, trouble)
                else:
                    self._keep(name, said, values)
        if not any(self.rows.values()):
            raise NotReadable(NOTHING)
        return self

    def _points(self, readers: dict[str, RowReader]) -> dict[tuple[str, str], set]:
        """What rows of this file can refer to, by table and column."""
        there: dict[tuple[str, str], set] = {each: set() for each in pointed_at()}
        by_table = {table: [key for name, key in there if name == table] for table, _key in there}
        heads: dict[str, Any] = {}
        for name, _line, said in self._said(by_table, heads):
            try:
                values = readers[name].read(said)
            except BadCell:
                continue
            for key in by_table[name]:
                there[name, key].add(values[key])
        self._judge(heads)
        return there

    def _judge(self, heads: dict[str, Any]) -> None:
        """Refuse what is no export, or a later one than can be read."""
        number = heads.get("format")
        if type(number) is not int or number < 1 or "tables" not in heads:
            raise NotReadable(NO_EXPORT)
        if number > FORMAT:
            raise NotReadable(UNKNOWN, name=f"format {number}")

    def _said(self, wanted, heads: dict[str, Any] | None = None) -> Iterator[tuple[str, int, Any]]:
        """The rows of some tables as they stand there, each with its place; the head where it is wanted."""
        heads = {} if heads is None else heads
        with closing(self._open()) as stream:
            text = JsonStream(stream)
            for name in text.names():
                # Each is said once: so many rows are in all of them.
                if name in heads or len(heads) == MOST_HEADS:
                    raise NotReadable(NO_EXPORT)
                heads[name] = None
                if name == "format":
                    heads[name] = text.value()
                elif name == SHARED_FOODS:
                    self._take_shared(text)
                elif name == "tables":
                    yield from self._tables(text, wanted)
                else:
                    text.skip()
            if text.peek():
                raise NotReadable(NO_EXPORT)

    def _tables(self, text: JsonStream, wanted) -> Iterator[tuple[str, int, Any]]:
        count, before = 0, set[str]()
        for name in text.names():
            if name not in db.metadata.tables:
                raise NotReadable(UNKNOWN, name=name)
            if name in before:
                raise NotReadable(NO_EXPORT)
            before.add(name)
            if name not in wanted:
                text.skip()
                continue
            for line, _place in enumerate(text.places(), start=1):
                count += 1
                if count > MOST_ROWS:
                    raise NotReadable(TOO_MANY_ROWS, most=f"{MOST_ROWS:,}")
                yield name, line, text.value()

    def _take_shared(self, text: JsonStream) -> None:
        """Of which shared foods the ids speak; what says nothing of that is left out."""
        for count, _place in enumerate(text.places()):
            if count == MOST_SHARED:
                raise NotReadable(TOO_MANY_ROWS, most=f"{MOST_SHARED:,}")
            said = text.value()
            food = said if isinstance(said, dict) else {}
            id_, *source = (str(food.get(name, "")) for name in ("id", "source", "source_id"))
            if max(len(id_), *map(len, source)) <= LONGEST_WORD and is_id(id_):
                self._shared[str(UUID(id_))] = source

    def _follow(self, each: Traveller, values: dict[str, Any], there: dict[tuple[str, str], set]) -> None:
        """See that a row points to nothing that will not be there. Raises BadCell."""
        for to in each.references:
            value = values[to.column.name]
            is_shared = to.table == "foods" and str(value) in self._shared
            known = value in there[to.table, to.key] or is_shared
            if value is not None and not known and (not to.column.nullable or to.table != "foods"):
                raise BadCell(NOT_THERE, column=to.column.name)

    def _keep(self, name: str, said: dict[str, Any], values: dict[str, Any]) -> None:
        self.rows[name] = self.rows.get(name, 0) + 1
        self._packed[name].add([_as_json(said.get(key), value) for key, value in values.items()])
        if "day" in values:
            self._days.add(day := values["day"].isoformat())
            if name == "entries":
                self._eaten.add(day)

    def _note(self, table: str, line: int, trouble: Trouble) -> None:
        self.problem_count += 1
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append({"file": table, "line": line, "text": trouble.text, "said": trouble.said})

    @property
    def content(self) -> dict[str, Any]:
        """What there is to import."""
        packed = {name: rows.packed() for name, rows in self._packed.items() if self.rows.get(name)}
        columns = {each.name: [column.name for column in each.columns] for each in travellers()}
        return {"rows": packed, "columns": columns, "shared": self._shared}

    @property
    def summary(self) -> dict[str, Any]:
        """What there is to say of it before anything is imported."""
        return {
            "rows": self.rows,
            "foods": self.rows.get("entries", 0),
            "weights": self.rows.get("weights", 0),
            "days": len(self._eaten),
            "first_day": min(self._days, default=None),
            "last_day": max(self._days, default=None),
            "meals": [],
            "problems": self.problems,
            "problem_count": self.problem_count,
            "left": sorted(LEFT),
        }


def _as_json(said: Any, value: Any) -> Any:
    """A value as JSON says it: as the file did, or as it is where the file did not."""
    return value if said is None else said
