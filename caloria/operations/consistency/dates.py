"""Dates outside a life, and moments that have yet to come."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

from sqlalchemy import Column, Date, Table, extract, or_

from caloria.extensions import UtcDateTime
from caloria.models.day import EARLIEST
from caloria.operations.consistency.rows import Beside, Rule

AHEAD = timedelta(days=731)
CLOCK_SLACK = timedelta(days=1)
# Of things that happened; what expires or begins lies ahead by right.
HAPPENED = {
    "archived_at",
    "at",
    "booted_at",
    "created_at",
    "deleted_at",
    "last_seen_at",
    "retired_at",
    "since",
    "updated_at",
}


def rules(table: Table) -> Iterator[Rule]:
    for column in table.columns:
        if isinstance(column.type, Date):
            yield from day_rules(table, column)
        if isinstance(column.type, UtcDateTime) and column.name in HAPPENED:
            ahead = column > datetime.now(UTC).replace(microsecond=0) + CLOCK_SLACK
            yield Rule(f"{table.name} whose {column.name} lies in the future", ahead)


def day_rules(table: Table, day: Column) -> Iterator[Rule]:
    outside = or_(day < EARLIEST, day > datetime.now(UTC).date() + AHEAD)
    yield Rule(
        f"{table.name} whose {day.name} is before {EARLIEST.year}, or more than two years ahead", outside
    )
    if "user_id" in table.columns:
        body = its_body(table)
        unborn = extract("year", day) < body.table.c.birth_year
        yield Rule(f"{table.name} whose {day.name} is before the person was born", unborn, (body,))


@cache
def its_body(table: Table) -> Beside:
    """What the person whose row it is told about their body."""
    body = table.metadata.tables["bodies"].alias("its_body")
    return Beside(body, body.c.user_id == table.c.user_id)
