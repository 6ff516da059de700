"""What PostgreSQL has against rows: asked of all at once, in a table without rules beside the real one."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import psycopg2

from caloria.models.kept import cached_property
from caloria.operations.transfer.tables import Table
from caloria.operations.transfer.target import Target
from settings.shell import named

RULES = """
    SELECT con.conname, con.contype::text, pg_get_constraintdef(con.oid), con.confrelid::regclass::text,
      (SELECT array_agg(attname ORDER BY place) FROM unnest(con.conkey) WITH ORDINALITY AS k(number, place)
       JOIN pg_attribute ON attrelid = con.conrelid AND attnum = number),
      (SELECT array_agg(attname ORDER BY place) FROM unnest(con.confkey) WITH ORDINALITY AS k(number, place)
       JOIN pg_attribute ON attrelid = con.confrelid AND attnum = number)
    FROM pg_constraint AS con
    WHERE con.conrelid = '{}'::regclass AND con.contype IN ('c', 'f', 'u', 'p') ORDER BY con.conname
"""


class Rule(NamedTuple):
    name: str
    kind: str
    definition: str
    parent: str
    columns: list[str]
    parent_columns: list[str] | None


class Against(NamedTuple):
    """One row by its number, the columns that are wrong, and in what; the table that it should point at."""

    row: int
    columns: str
    reason: str
    parent: str | None = None


class Staging:
    """Holds one batch of one table at a time."""

    def __init__(self, target: Target, table: Table):
        self.target, self.table = target, table
        self.place, self.real = f"pg_temp.{named('staged_' + table.name)}", named(table.name)

    @cached_property
    def rules(self) -> list[Rule]:
        found = self.target.ask(RULES.replace("{}", self.real))
        return [Rule(*row) for row in found]

    def load(self, numbers: list[int], rows: bytes) -> None:
        """Raises psycopg2.Error for what is no value of its type."""
        self.target.ask(
            f"CREATE TEMP TABLE IF NOT EXISTS {named('staged_' + self.table.name)} ON COMMIT DROP AS "
            f"SELECT 0::bigint AS staged_row, {self.table.names} FROM {self.real} LIMIT 0"
        )
        self.target.ask(f"TRUNCATE {self.place}")
        numbered = numbered_lines(numbers, rows)
        self.target.copy(self.place, f"staged_row, {self.table.names}", numbered)

    def against(self) -> Iterator[Against]:
        """Everything that the table's own rules have against the rows that are loaded."""
        for rule in self.rules:
            yield from {"c": self.checked, "f": self.pointing, "u": self.repeated, "p": self.repeated}[
                rule.kind
            ](rule)

    def checked(self, rule: Rule) -> Iterator[Against]:
        condition = rule.definition.removeprefix("CHECK ")
        for (row,) in self.target.ask(
            f"SELECT staged_row FROM {self.place} WHERE {condition} IS FALSE ORDER BY 1"
        ):
            yield Against(row, ", ".join(rule.columns), f"breaks the rule {rule.name}")

    def pointing(self, rule: Rule) -> Iterator[Against]:
        pairs = list(zip(rule.columns, rule.parent_columns or [], strict=True))
        said = " AND ".join(f"staged.{named(column)} IS NOT NULL" for column, _ in pairs)
        same = " AND ".join(f"parent.{named(theirs)} = staged.{named(ours)}" for ours, theirs in pairs)
        asked = (
            f"SELECT staged_row FROM {self.place} AS staged WHERE {said} "
            f"AND NOT EXISTS (SELECT FROM {rule.parent} AS parent WHERE {same}) ORDER BY 1"
        )
        for (row,) in self.target.ask(asked):
            reason = f"points at a row of {rule.parent} that is not there"
            yield Against(row, ", ".join(rule.columns), reason, rule.parent)

    def repeated(self, rule: Rule) -> Iterator[Against]:
        same = " AND ".join(f"other.{named(name)} = staged.{named(name)}" for name in rule.columns)
        key = self.table.canonical_key
        there, here = f"{self.real} AS other WHERE {same}", f"{self.place} AS other WHERE {same}"
        first = "ORDER BY other.staged_row LIMIT 1"
        asked = f"""
            SELECT staged_row, (SELECT {key} FROM (SELECT other.* FROM {there} LIMIT 1) AS twin)
            FROM {self.place} AS staged WHERE EXISTS (SELECT FROM {there})
            UNION ALL
            SELECT staged_row, (SELECT {key} FROM (SELECT other.* FROM {here} {first}) AS twin)
            FROM {self.place} AS staged
            WHERE EXISTS (SELECT FROM {here} AND other.staged_row < staged.staged_row)
            ORDER BY 1
        """
        for row, twin in self.target.ask(asked):
            yield Against(row, ", ".join(rule.columns), f"is the same as that of {self.table.name} {twin}")

    def insert(self, least: int, most: int, without: set[int]) -> None:
        """Put the rows of these numbers into the real table. Raises psycopg2.Error."""
        self.target.run(
            f"INSERT INTO {self.real} ({self.table.names}) SELECT {self.table.names} FROM {self.place} "
            "WHERE staged_row BETWEEN :least AND :most AND staged_row <> ALL (:without)",
            least=least,
            most=most,
            without=list(without),
        )


def numbered_lines(numbers: list[int], rows: bytes) -> bytes:
    """Line breaks inside of values are written as \\n, so that each line is one row."""
    lines = zip(numbers, rows.split(b"\n")[:-1], strict=True)
    return b"".join(b"%d\t%b\n" % pair for pair in lines)


def said_by(error: Any) -> tuple[str, str]:
    """What PostgreSQL names of an error, and the kind of it; its words may repeat what people wrote."""
    driver: psycopg2.Error = getattr(error, "orig", error)
    place = driver.diag.constraint_name or driver.diag.column_name
    return place or "a value", f"is refused by PostgreSQL (SQLSTATE {driver.pgcode})"
