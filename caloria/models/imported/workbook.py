"""The sheets of an Excel file (.xlsx, ECMA-376), as values alone.

No formula is worked out, and no entity expanded.
"""

from collections.abc import Callable, Iterator
from itertools import product
from string import ascii_uppercase
from typing import BinaryIO
from xml.parsers import expat
from zipfile import ZipFile

from caloria.models.imported.table import LONGEST_CELL, MOST_COLUMNS, Row, Table, table_of
from caloria.models.imported.trouble import NotReadable
from caloria.words import N_

BROKEN = N_("This Excel file is damaged. Please export it once more.")
MOST_SHEETS = 30
CHUNK = 1 << 16
LETTERS = ["", *ascii_uppercase]
# The columns by their letters; what is further right is not read, and counts as that.
PLACES = {a + b: place for place, (a, b) in enumerate(product(LETTERS, ascii_uppercase))}
# What nearly all files call these.
LOCAL = {name: name for name in ("c", "v", "t", "row", "is")}


def sheets(book: ZipFile, open_: Callable[[str], BinaryIO]) -> Iterator[Table]:
    """The tables of an Excel file. Raises NotReadable."""
    members = set(book.namelist())
    strings = _strings(open_("xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in members else []
    places = {each["Id"]: each.get("Target", "") for each in _tags(open_, "xl/_rels/workbook.xml.rels")}
    for sheet in _tags(open_, "xl/workbook.xml")[:MOST_SHEETS]:
        target = places.get(sheet.get("id", ""), "").removeprefix("/xl/")
        if (member := f"xl/{target}") not in members:
            continue
        read = _reader(open_, member, strings)
        if table := table_of(sheet.get("name", ""), read):
            yield table


def _reader(open_, member: str, strings: list[str]) -> Callable[[], Iterator[Row]]:
    return lambda: _rows(open_(member), strings)


class _Parser:
    """Events of XML; names come with their prefixes, where a file has any."""

    def __init__(self):
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        parser.CharacterDataHandler = self.text
        self.parser = parser

    def feed(self, stream: BinaryIO) -> Iterator[None]:
        """Read on, a piece at a time. Raises NotReadable."""
        try:
            while piece := stream.read(CHUNK):
                self.parser.Parse(piece, False)
                yield
            self.parser.Parse(b"", True)
        except expat.ExpatError:
            raise NotReadable(BROKEN) from None

    def _refuse(self, *_said) -> None:
        raise NotReadable(BROKEN)

    def start(self, name: str, said: dict) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, text: str) -> None: ...


class _Tags(_Parser):
    """What the sheets of a workbook and its relations say of themselves."""

    def __init__(self):
        super().__init__()
        self.found: list[dict[str, str]] = []

    def start(self, name, said):
        if _local(name) in ("sheet", "Relationship"):
            self.found.append({_local(key): value for key, value in said.items()})


class _Strings(_Parser):
    """The texts that cells refer to by number."""

    def __init__(self):
        super().__init__()
        self.found: list[str] = []
        self.hears = False

    def start(self, name, said):
        name = _local(name)
        if name == "si":
            self.found.append("")
        self.hears = name == "t"

    def end(self, name):
        self.hears = False

    def text(self, text):
        if self.hears and self.found and len(self.found[-1]) <= LONGEST_CELL:
            self.found[-1] += text


class _Cells(_Parser):
    """The rows of a sheet, as far as they were read.

    There are millions of cells: only what a row holds is gone through here, and nothing is asked twice.
    """

    def __init__(self, strings: list[str]):
        super().__init__()
        self.strings = strings
        self.ready: list[Row] = []
        self.line = 0
        self.cells: list[str] = []
        self.place, self.kind, self.value = -1, "n", ""
        self.parser.CharacterDataHandler = None

    def start(self, name, said):
        name = LOCAL.get(name) or _local(name)
        if name == "c":
            reference = said.get("r")
            self.place = _place(reference, self.place + 1) if reference else self.place + 1
            self.kind, self.value = said.get("t", "n"), ""
        elif name in ("v", "t"):
            self.parser.CharacterDataHandler = self.text
        elif name == "row":
            self.line, self.cells, self.place = self.line + 1, [], -1

    def end(self, name):
        name = LOCAL.get(name) or _local(name)
        if name == "c":
            if self.value and 0 <= self.place < MOST_COLUMNS:
                self._put(self._said())
        elif name in ("v", "t"):
            self.parser.CharacterDataHandler = None
        elif name == "row":
            self.ready.append((self.line, self.cells))

    def text(self, text):
        if len(self.value) <= LONGEST_CELL:
            self.value += text

    def _put(self, text: str) -> None:
        missing = self.place - len(self.cells)
        if missing >= 0:
            self.cells += [""] * missing
            self.cells.append(text)
        else:
            self.cells[self.place] = text

    def _said(self) -> str:
        if self.kind != "s":
            return self.value
        number = int(self.value) if self.value.isascii() and self.value.isdigit() else -1
        return self.strings[number] if 0 <= number < len(self.strings) else ""


def _rows(stream: BinaryIO, strings: list[str]) -> Iterator[Row]:
    with stream:
        cells = _Cells(strings)
        for _piece in cells.feed(stream):
            yield from cells.ready
            cells.ready = []
        yield from cells.ready


def _strings(stream: BinaryIO) -> list[str]:
    with stream:
        strings = _Strings()
        for _piece in strings.feed(stream):
            pass
        return strings.found


def _tags(open_: Callable[[str], BinaryIO], member: str) -> list[dict[str, str]]:
    with open_(member) as stream:
        tags = _Tags()
        for _piece in tags.feed(stream):
            pass
        return tags.found


def _place(reference: str, following: int) -> int:
    """Which column a cell such as "AB12" stands in, from 0."""
    letters = reference.rstrip("0123456789")
    return PLACES.get(letters, MOST_COLUMNS if letters.isalpha() else following)


def _local(name: str) -> str:
    return name.rpartition(":")[2]
