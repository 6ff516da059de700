"""A table of a file: its name, the names of its columns, and its rows as often as they are asked for."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from caloria.models.imported.trouble import NotReadable
from caloria.words import N_

MOST_ROWS = 60_000
MOST_COLUMNS = 300
LONGEST_CELL = 10_000
TOO_MANY_ROWS = N_(
    "There are more than %(most)s rows in this file. "
    "Please export a few years at a time: nothing is taken twice."
)
UNIT = re.compile(r"^(?P<name>.+?)\s*\((?P<unit>[a-zµ%]{1,5})\)$")
# Both signs for micro.
MICRO = str.maketrans({"\N{GREEK SMALL LETTER MU}": "u", "\N{MICRO SIGN}": "u"})

Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Column:
    """What a column is called, without its unit, and the unit that stands behind it."""

    name: str
    unit: str | None
    title: str

    @classmethod
    def of(cls, title: str) -> "Column":
        plain = " ".join(title.replace("_", " ").split()).casefold().translate(MICRO)
        parts = UNIT.match(plain)
        return cls(parts["name"], parts["unit"], title.strip()) if parts else cls(plain, None, title.strip())


@dataclass(frozen=True)
class Table:
    """Rows under a line of names. Each row comes with its line in the file."""

    name: str
    columns: list[Column]
    read: Callable[[], Iterator[Row]]

    @property
    def names(self) -> set[str]:
        return {column.name for column in self.columns}

    def rows(self) -> Iterator[Row]:
        """Every row that says something. Raises NotReadable where there are too many."""
        said = (row for row in self.read() if any(map(str.strip, row[1])))
        for number, row in enumerate(islice(said, MOST_ROWS + 1)):
            if number == MOST_ROWS:
                raise NotReadable(TOO_MANY_ROWS, most=f"{MOST_ROWS:,}")
            yield row


def table_of(name: str, read: Callable[[], Iterator[Row]]) -> Table | None:
    """The table whose first row that says something names the columns; None of nothing."""
    first = next((row for row in read() if any(map(str.strip, row[1]))), None)
    if first is None:
        return None
    columns = [Column.of(cell) for cell in first[1][:MOST_COLUMNS]]
    return Table(name, columns, lambda: (row for row in read() if row[0] > first[0]))
