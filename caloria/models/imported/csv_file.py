"""A CSV file, whatever its letters, line ends and separators are. It is read row by row."""

import csv
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from typing import BinaryIO

from caloria.models.imported.encodings import BINARY, encoding_of
from caloria.models.imported.table import LONGEST_CELL, MOST_COLUMNS, Row, Table, table_of
from caloria.models.imported.trouble import NotReadable
from caloria.words import N_

SEPARATORS = ",;\t"
LONGEST_LINE = 200_000
HUGE_LINE = N_("Line %(line)s is too long to be a row. A quotation mark may be missing at its end.")


def csv_table(name: str, open_: Callable[[], BinaryIO]) -> Table | None:
    """The table of a CSV file; None where nothing is in it. Raises NotReadable."""
    with open_() as stream:
        encoding = encoding_of(stream)
    with _text(open_(), encoding) as text:
        separator = _separator(text)
    return table_of(name, lambda: _rows(open_, encoding, separator))


def _text(stream: BinaryIO, encoding: str) -> TextIOWrapper:
    return TextIOWrapper(stream, encoding, errors="replace", newline="")


def _separator(text: TextIOWrapper) -> str:
    """The sign that separates the names in the first line."""
    first = next((line for line in _lines(text) if line.strip()), "")
    return max(SEPARATORS, key=first.count)


def _rows(open_: Callable[[], BinaryIO], encoding: str, separator: str) -> Iterator[Row]:
    with _text(open_(), encoding) as text:
        reader = csv.reader(_lines(text), delimiter=separator, skipinitialspace=True)
        before = 0
        try:
            for cells in reader:
                if len(cells) > MOST_COLUMNS or max(map(len, cells), default=0) > LONGEST_CELL:
                    raise NotReadable(HUGE_LINE, line=before + 1)
                yield before + 1, cells
                before = reader.line_num
        except csv.Error:
            raise NotReadable(HUGE_LINE, line=before + 1) from None


def _lines(text: TextIOWrapper) -> Iterator[str]:
    """The lines, none of which is read further than a row can be long. Old ends of lines are ends as well."""
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if "\0" in line:
            raise NotReadable(BINARY)
        if len(line) == LONGEST_LINE:
            raise NotReadable(HUGE_LINE, line=number)
        yield line
