"""Rules that every row of a table keeps, counted together."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause, Select, Table, func, select

from caloria.operations.consistency.finding import Finding, as_text


class Beside(NamedTuple):
    """Another table's row that a row belongs to; there is at most one."""

    table: FromClause
    on: ColumnElement[bool]


@dataclass(frozen=True)
class Rule:
    """What no row may be, and what it is compared with."""

    name: str
    broken: ColumnElement[bool]
    beside: tuple[Beside, ...] = ()


class RowPass:
    """One reading of a table, in which every rule counts the rows that break it."""

    def __init__(self, table: Table, rules: list[Rule]):
        self.table, self.rules, self.name = table, rules, table.name

    def find(self, connection: Connection) -> list[Finding]:
        counts = connection.execute(self.counting()).one()
        broken = [(rule, count) for rule, count in zip(self.rules, counts, strict=True) if count]
        return [Finding(rule.name, count, as_text(self.rows(rule), connection)) for rule, count in broken]

    def counting(self) -> Select:
        counts = [func.count().filter(rule.broken) for rule in self.rules]
        return select(*counts).select_from(self.joined(each for rule in self.rules for each in rule.beside))

    def rows(self, rule: Rule) -> Select:
        """Select the keys of the rows that break it."""
        keys = self.table.primary_key.columns
        return select(*keys).select_from(self.joined(rule.beside)).where(rule.broken)

    def joined(self, beside: Iterable[Beside]) -> FromClause:
        source: FromClause = self.table
        for other in dict.fromkeys(beside):
            source = source.outerjoin(other.table, other.on)
        return source


def row_passes(table: Table, rules: list[Rule]) -> list[RowPass]:
    """The rules that look at nothing else apart: in the words of a CHECK no column says whose it is."""
    alone = [rule for rule in rules if not rule.beside]
    compared = [rule for rule in rules if rule.beside]
    return [RowPass(table, some) for some in (alone, compared) if some]
