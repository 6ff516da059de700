"""Rows of text files, by the names in their head or as JSON; each is bounded, however long a line is."""

import csv
import json
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any, BinaryIO

from caloria.operations.bulk_import.unfit import UnfitFile

# The longest records that are published come to some 2 MB; JSON takes up to thirty times its size in memory.
LONGEST = 3 << 20
CHUNK = 1 << 20

# Says of a row by its line, and its id where that is known, why it is not imported.
Reject = Callable[[int, str, str], None]

TOO_LONG = "the line is longer than 3 MiB"
NO_TEXT = "it is not UTF-8"

csv.field_size_limit(CHUNK)


class Lines:
    """The lines of a file, numbered from 1; what is wrong with one is said once."""

    def __init__(self, file: BinaryIO):
        self.file, self.number, self.flaw = file, 0, ""
        # Whether the last line was ended; where a file was cut off it is not.
        self.is_ended = True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.file.readline(LONGEST)
        if not line:
            raise StopIteration
        self.number += 1
        self.is_ended = line.endswith(b"\n")
        if len(line) == LONGEST and not self.is_ended:
            self.flaw = TOO_LONG
            return self._skip()
        if self.number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        try:
            return line.decode()
        except UnicodeDecodeError:
            self.flaw = NO_TEXT
            return line.decode(errors="replace")

    def _skip(self) -> str:
        while not self.is_ended and (more := self.file.readline(CHUNK)):
            self.is_ended = more.endswith(b"\n")
        return "\n"

    def take_flaw(self) -> str:
        flaw, self.flaw = self.flaw, ""
        return flaw


def table(
    name: str, file: BinaryIO, needed: tuple[str, ...], also: tuple[str, ...], reject: Reject
) -> Iterator:
    """The line and some columns of each row, by the names in the head; "" for a column that is not there.

    Commas or tabs, whichever the head has. Raises UnfitFile where a column is missing that is needed, and
    where the file was cut off within a row.
    """
    lines = Lines(file)
    head = next(lines, "").rstrip("\r\n")
    by_tab = "\t" in head
    names = head.split("\t") if by_tab else _names(head)
    if lines.flaw:
        raise UnfitFile(f"{name} does not begin with the names of its columns: {lines.flaw}.")
    if missing := [each for each in needed if each not in names]:
        raise UnfitFile(f"{name} has no column {', '.join(missing)}.")
    places = [names.index(each) if each in names else len(names) for each in (*needed, *also)]
    rows = _split(lines) if by_tab else csv.reader(lines)
    return _picked(name, lines, rows, len(names), places, reject)


def _names(head: str) -> list[str]:
    try:
        return next(csv.reader([head]), [])
    except csv.Error:
        return []


def _split(lines: Lines) -> Iterator[list[str]]:
    """Columns between tabs. Nothing is quoted there: a quotation mark is one."""
    for line in lines:
        yield line.rstrip("\r\n").split("\t")


def _picked(
    name: str, lines: Lines, read: Iterator[list[str]], width: int, places: list[int], reject: Reject
) -> Iterator:
    pick: Any = itemgetter(*places)
    while True:
        first = lines.number + 1
        try:
            row = next(read)
        except StopIteration:
            if lines.flaw:
                reject(lines.number, "", lines.take_flaw())
            return
        except csv.Error as error:
            reject(lines.number, "", f"it is no row of CSV: {error}{_taken(first, lines.number)}")
            continue
        if not lines.is_ended and len(row) != width:
            raise UnfitFile(f"{name} ends within a row: it may have been cut off.")
        if lines.flaw:
            reject(lines.number, "", lines.take_flaw())
        elif len(row) == width:
            row.append("")
            yield lines.number, pick(row)
        elif row and row != [""]:
            reason = f"it has {len(row)} columns where the head names {width}{_taken(first, lines.number)}"
            reject(lines.number, row[0][:40], reason)


def _taken(first: int, last: int) -> str:
    """Of what is no row, the lines that it takes with it."""
    return f" (lines {first:,} to {last:,}; a quotation mark may be missing)" if last > first else ""


def json_lines(name: str, file: BinaryIO, reject: Reject) -> Iterator[tuple[int, dict]]:
    """The line and the object of each line. Raises UnfitFile where the file was cut off within one."""
    lines = Lines(file)
    for text in lines:
        flaw = lines.take_flaw()
        found: Any = None
        if not flaw and text.strip():
            try:
                found = json.loads(text)
            except (ValueError, RecursionError):
                flaw = "it is no JSON"
                if not lines.is_ended:
                    raise UnfitFile(f"{name} ends within a line: it may have been cut off.") from None
        if isinstance(found, dict):
            yield lines.number, found
        elif flaw or text.strip():
            reject(lines.number, "", flaw or "it is no object")


def json_items(name: str, file: BinaryIO, lists: tuple[str, ...]) -> Iterator[tuple[int, dict]]:
    """Each object in the list of a JSON file that has one of these names, with its place from 1.

    Only one object is held at a time. Raises UnfitFile where the file is not such a one, or ends too early.
    """
    text = _Ahead(name, file)
    text.skip_to_list(lists)
    number = 0
    while (found := text.next_item()) is not None:
        number += 1
        if not isinstance(found, dict):
            raise UnfitFile(f"{name} holds something that is no food, at place {number}.")
        yield number, found


class _Ahead:
    """Text of which only so much is held as the next object needs."""

    decoder = json.JSONDecoder()

    def __init__(self, name: str, file: BinaryIO):
        self.name, self.file, self.text, self.place = name, file, "", 0
        self.rest = b""

    def skip_to_list(self, lists: tuple[str, ...]) -> None:
        self.more()
        head = self.text[:CHUNK].lstrip("\ufeff \t\r\n")
        starts = [head.find("[", head.find(f'"{each}"')) for each in lists if f'"{each}"' in head[:200]]
        if not starts:
            raise UnfitFile(f"{self.name} begins with none of {', '.join(lists)}.")
        self.place = self.text.find(head[:1]) + starts[0] + 1

    def next_item(self) -> Any:
        at = self._past(" \t\r\n,")
        if self.text[at : at + 1] == "]":
            return None
        wanted = CHUNK
        while True:
            try:
                found, self.place = self.decoder.raw_decode(self.text, self.place)
                return found
            except (ValueError, RecursionError):
                left = LONGEST - (len(self.text) - self.place)
                if left <= 0 or not self.more(min(wanted, left)):
                    raise UnfitFile(
                        f"{self.name} is no JSON, ends too early, or has a food of more than 3 MiB."
                    ) from None
                wanted *= 2

    def _past(self, letters: str) -> int:
        while True:
            while self.place < len(self.text) and self.text[self.place] in letters:
                self.place += 1
            if self.place < len(self.text):
                return self.place
            if not self.more():
                raise UnfitFile(f"{self.name} ends too early.")

    def more(self, size: int = CHUNK) -> bool:
        """Read on; what was used is given up."""
        read = self.file.read(size)
        taken, self.rest = _whole_letters(self.rest + read)
        self.text, self.place = self.text[self.place :] + self._decoded(taken), 0
        return bool(read)

    def _decoded(self, taken: bytes) -> str:
        try:
            return taken.decode()
        except UnicodeDecodeError:
            raise UnfitFile(f"{self.name} is not UTF-8.") from None


def _whole_letters(read: bytes) -> tuple[bytes, bytes]:
    """What ends with a whole letter of UTF-8, and the beginning of the next one."""
    for back in range(1, min(4, len(read)) + 1):
        if read[-back] & 0xC0 != 0x80:
            length = 1 if read[-back] < 0x80 else 2 if read[-back] < 0xE0 else 3 if read[-back] < 0xF0 else 4
            return (read[:-back], read[-back:]) if length > back else (read, b"")
    return read, b""
