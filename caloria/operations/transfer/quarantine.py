"""The rows that are left out, written down whole: this file is the only place where they arrive."""

import json
import os
from array import array
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from caloria.operations.backup import disk
from caloria.operations.transfer.failure import TransferFailed
from caloria.operations.transfer.problems import Problem
from caloria.operations.transfer.sqlite_source import SqliteSource
from caloria.operations.transfer.tables import Table
from caloria.operations.transfer.values import plain


class Quarantine:
    """Without a file it only remembers which rows they are."""

    def __init__(self, file: Path | None, source: SqliteSource):
        self.file, self.source, self.writing = file, source, None
        self.rows: dict[str, array] = {}
        self.written: set[tuple] = set()
        self.is_whole = False
        if file is not None:
            self.partial = unwritten(file)
            self.writing = opened(self.partial, file)

    def put(self, table: Table, row: tuple, problems: list[Problem]) -> None:
        self.rows.setdefault(table.name, array("q")).append(row[0])
        if self.writing and self.file:
            line = told(*self.source.as_found(table, row), problems)
            with told_of(self.file):
                self.writing.write(self.new(table, line))

    def new(self, table: Table, line: dict[str, Any]) -> str:
        """The line; nothing where it was written, for one row of the original becomes several."""
        if line["table"] != table.name:
            seen = line["table"], line["row"], *line["problems"]
            if seen in self.written:
                return ""
            self.written.add(seen)
        return json.dumps(line, ensure_ascii=False) + "\n"

    def left_out(self) -> Iterator[tuple[str, int]]:
        for name, numbers in self.rows.items():
            for number in numbers:
                yield name, number

    @property
    def is_empty(self) -> bool:
        return not self.rows

    def finish(self) -> None:
        """Have all of it on the disk, before anything is moved without these rows."""
        if self.writing and self.file:
            with told_of(self.file):
                self.writing.flush()
                os.fsync(self.writing.fileno())
            self.writing.close()
            self.is_whole = True

    def drop(self) -> None:
        """What is whole stays: a move that has begun may need it."""
        if self.writing and not self.is_whole:
            with suppress(OSError):
                self.writing.close()
            self.partial.unlink(missing_ok=True)


def keep(file: Path) -> None:
    """Give a whole one its name, once the move has begun; also where it was interrupted just then."""
    if unwritten(file).exists():
        with told_of(file):
            unwritten(file).replace(file)
            disk.sync(file.parent)


def unwritten(file: Path) -> Path:
    return file.with_name(file.name + disk.UNWRITTEN)


def opened(partial: Path, file: Path) -> IO[str]:
    """For this user alone: it holds what people wrote. Raises TransferFailed."""
    if file.exists():
        raise TransferFailed(f"{file} is there already: name a new file for the rows that are left out.")
    with told_of(file):
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        return open(os.open(partial, flags, disk.OURS_ALONE), "w", encoding="utf-8")


@contextmanager
def told_of(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TransferFailed(f"{file} cannot be written: {error.strerror}.") from None


def told(table: str, number: int, values: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    reasons = [f"{problem.column} {problem.reason}" for problem in problems]
    said = {name: plain(value) for name, value in values.items()}
    return {"table": table, "row": number, "problems": reasons, "values": said}
