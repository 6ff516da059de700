"""What of the schema belongs to people, read from its foreign keys: so no new table can be forgotten.

A row belongs to the person that it refers to, and a row of a table that names nobody to whom the row belongs
that it refers to. Where a row refers to a second person, it only mentions them.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, MetaData, Table, select

from caloria.extensions import db

USERS = "users"
# What is kept when somebody is erased, and why; it names them by a number that nobody has any more.
KEPT = {"payments": "tax law"}
# Neither exported nor erased: what says that they were erased.
MARKS = {"erasures"}


class UnclearOwner(Exception):
    """A table refers to several people, and it cannot be told to whom its rows belong."""


@dataclass(frozen=True)
class Belonging:
    """A table, what its rows refer to their person by, and what else of them mentions people."""

    table: Table
    column: Column[Any]
    through: "Belonging | None" = None
    mentions: tuple[Column[Any], ...] = ()

    def rows_of(self, user_id: UUID) -> ColumnElement[bool]:
        """The condition that finds this person's rows."""
        if self.through is None:
            return self.column == user_id
        (key,) = self.through.table.primary_key.columns
        return self.column.in_(select(key).where(self.through.rows_of(user_id)))


def belongings(metadata: MetaData | None = None) -> list[Belonging]:
    """Every table with rows of people, each after those that it refers to. Raises UnclearOwner."""
    found: dict[str, Belonging] = {}
    for table in (metadata or db.metadata).sorted_tables:
        if belonging := _belonging(table, found):
            found[table.name] = belonging
    return list(found.values())


def kept(metadata: MetaData | None = None) -> list[Belonging]:
    """The tables that name people by a number of their own, and outlast them."""
    tables = (metadata or db.metadata).tables
    return [Belonging(tables[name], tables[name].c.user_id) for name in KEPT]


def _belonging(table: Table, found: dict[str, Belonging]) -> Belonging | None:
    if table.name == USERS:
        return Belonging(table, table.c.id)
    people = _referring(table, USERS)
    if people:
        owner = _owner(table, people)
        return Belonging(table, owner, mentions=tuple(each for each in people if each is not owner))
    owned = [(column, found[name]) for name in found for column in _referring(table, name)]
    return Belonging(table, owned[0][0], owned[0][1]) if owned else None


def _referring(table: Table, name: str) -> list[Column[Any]]:
    return [key.parent for key in table.foreign_keys if key.column.table.name == name]


def _owner(table: Table, people: list[Column[Any]]) -> Column[Any]:
    required = [column for column in people if not column.nullable]
    owners = required or people
    if len(owners) != 1:
        raise UnclearOwner(table.name)
    return owners[0]
