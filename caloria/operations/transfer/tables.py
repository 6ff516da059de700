"""Which tables are moved, in which order, and what a row of one is."""

from collections.abc import Iterable, Sequence
from hashlib import md5
from typing import Any, NamedTuple

from sqlalchemy import Table as Described

import caloria.models  # noqa: F401  so that the metadata knows every table
from caloria.extensions import db
from caloria.models.audit_event import SECRET
from caloria.models.kept import cached_property
from caloria.operations.transfer.failure import Unfit
from caloria.operations.transfer.values import NULL, Kind, Read, kind_of, read_double, read_text
from settings.shell import named

# These tell of a database itself. Each server writes into `servers` that it is there, and what is to be done
# stays with whoever works on this one: two databases would mail everybody twice.
OF_THE_DATABASE = ("identity", "servers", "jobs")
# Nothing can be taken out of the audit again, so it comes last, with the proof of everything else. Both name
# events by their numbers, which begin behind those of the target's own.
SEALS, LAST = AUDIT = ("audit_seals", "audit_events")
SHOWN = 60


class ReadColumn(NamedTuple):
    """The values of one column of some rows, in both of their texts."""

    copied: Sequence[str]
    canonical: Sequence[str]

    @classmethod
    def of(cls, read: Iterable[Read]) -> "ReadColumn":
        pairs = list(read)
        return cls([pair[0] for pair in pairs], [pair[1] for pair in pairs])

    def with_gaps(self, values: Sequence[Any]) -> "ReadColumn":
        """The same with an empty place for each value that is missing."""
        copied, canonical = iter(self.copied), iter(self.canonical)
        return ReadColumn(
            [NULL[0] if value is None else next(copied) for value in values],
            [NULL[1] if value is None else next(canonical) for value in values],
        )


class Column(NamedTuple):
    name: str
    kind: Kind
    nullable: bool

    @property
    def is_secret(self) -> bool:
        return bool(SECRET.search(self.name))

    @property
    def canonical(self) -> str:
        return f"coalesce({self.kind.canonical.replace('{}', named(self.name))}, '{NULL[1]}')"

    @property
    def held(self) -> str:
        return self.kind.held.replace("{}", named(self.name))

    def read(self, value: Any) -> Read:
        """Raises Unfit."""
        if value is not None:
            return self.kind.read(value)
        if not self.nullable:
            raise Unfit("is missing")
        return NULL

    def read_all(self, values: Sequence[Any]) -> ReadColumn:
        """The same of many: most cells of a diary hold nothing, or a number. Raises Unfit."""
        empty = values.count(None)
        if empty and not self.nullable:
            raise Unfit("is missing")
        if empty == len(values):
            return ReadColumn([NULL[0]] * empty, [NULL[1]] * empty)
        known = [value for value in values if value is not None] if empty else values
        read = ReadColumn(*(self.kind.read_all(known) or ReadColumn.of(map(self.kind.read, known))))
        return read.with_gaps(values) if empty else read

    def shown(self, value: Any) -> str | None:
        """As much of a value as a report may say."""
        if value is None or self.is_secret:
            return None
        return shortened(value)


def shortened(value: Any) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


class Table:
    """One table, as both sides know it."""

    def __init__(self, described: Described):
        self.name = described.name
        self.columns = [Column(c.name, kind_of(c.type), bool(c.nullable)) for c in described.columns]
        self.key = [column.name for column in described.primary_key.columns]
        self.amounts = [column.name for column in self.columns if column.kind.read is read_double]

    @cached_property
    def names(self) -> str:
        return ", ".join(named(column.name) for column in self.columns)

    @cached_property
    def key_places(self) -> list[int]:
        places = {column.name: place for place, column in enumerate(self.columns)}
        return [places[name] for name in self.key]

    @cached_property
    def canonical(self) -> str:
        """The expression with which PostgreSQL makes a row's canonical text."""
        return " || '|' || ".join(column.canonical for column in self.columns)

    @cached_property
    def canonical_key(self) -> str:
        """The same of the key alone."""
        return " || '|' || ".join(self.columns[place].canonical for place in self.key_places)

    @cached_property
    def summed(self) -> str:
        """How PostgreSQL is asked for the checksum of the rows."""
        return (
            f"SELECT coalesce(sum({NUMBER.replace('{}', self.canonical)}), 0)::text FROM {named(self.name)}"
        )

    def read(self, rows: Sequence[tuple]) -> list[ReadColumn]:
        """Every column of some rows, without their row numbers. Raises Unfit at the first that is none."""
        columns = list(zip(*rows, strict=True))[1:]
        return [column.read_all(values) for column, values in zip(self.columns, columns, strict=True)]

    def key_of(self, row: tuple) -> str:
        """A row's key in words, also where it cannot be read."""
        return ", ".join(self.key_part(place, row[place + 1]) for place in self.key_places)

    def key_part(self, place: int, value: Any) -> str:
        column = self.columns[place]
        try:
            read = column.read(value)
        except Unfit:
            return str(column.shown(value))
        said = read[1].partition(":")[2] if column.kind.read is read_text else read[1]
        return f"{said[:8]}…" if column.is_secret else said[:SHOWN]


def copied_text(read: list[ReadColumn]) -> bytes:
    """The rows as COPY takes them."""
    rows = zip(*(column.copied for column in read), strict=True)
    return b"".join(("\t".join(row) + "\n").encode() for row in rows)


def canonical_rows(read: list[ReadColumn]) -> Iterable[str]:
    return ("|".join(row) for row in zip(*(column.canonical for column in read), strict=True))


def canonical_keys(table: Table, read: list[ReadColumn]) -> Iterable[str]:
    return canonical_rows([read[place] for place in table.key_places])


def number_of(row: str) -> int:
    return int.from_bytes(md5(row.encode(), usedforsecurity=False).digest()[:8], signed=True)


def checksum(rows: Iterable[str]) -> int:
    """The sum of a number for each row, so that their order does not matter; PostgreSQL does likewise."""
    return sum(map(number_of, rows))


NUMBER = "('x' || left(md5({}), 16))::bit(64)::bigint"


def moved_tables() -> list[Table]:
    """In an order in which nothing points at what is not there yet; the audit last."""
    names = [table for table in db.metadata.sorted_tables if table.name not in OF_THE_DATABASE]
    places = {name: place for place, name in enumerate(AUDIT, start=1)}
    return [Table(table) for table in sorted(names, key=lambda table: places.get(table.name, 0))]
