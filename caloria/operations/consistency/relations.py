"""Rows that point nowhere, or at what is somebody else's."""

from collections.abc import Iterator
from functools import cache

from sqlalchemy import ForeignKeyConstraint, Table, and_

from caloria.operations.consistency.rows import Beside, Rule


def rules(table: Table) -> Iterator[Rule]:
    """Each foreign key holds, also where the database was told not to look."""
    for key in sorted(table.foreign_key_constraints, key=lambda key: list(key.column_keys)):
        yield points_somewhere(table, key)
        if key.referred_table.name == "foods" and "user_id" in table.columns:
            yield is_no_strangers_food(table, key)


def points_somewhere(table: Table, key: ForeignKeyConstraint) -> Rule:
    other = beside(key)
    theirs = other.table.columns[key.elements[-1].column.name]
    broken = and_(*(column.is_not(None) for column in key.columns), theirs.is_(None))
    missing = "missing or somebody else's" if len(key.elements) > 1 else "missing"
    return Rule(f"{table.name} whose {word(key)} is {missing}", broken, (other,))


def is_no_strangers_food(table: Table, key: ForeignKeyConstraint) -> Rule:
    """A food of one's own is nobody else's; no foreign key says so, because shared foods have no owner."""
    food = beside(key)
    return Rule(
        f"{table.name} of somebody else's own food", food.table.c.owner_id != table.c.user_id, (food,)
    )


@cache
def beside(key: ForeignKeyConstraint) -> Beside:
    """The row that a foreign key points at."""
    other = key.referred_table.alias(f"its_{word(key).replace(' ', '_')}")
    pairs = [(element.parent, other.c[element.column.name]) for element in key.elements]
    return Beside(other, and_(*(theirs == ours for ours, theirs in pairs)))


def word(key: ForeignKeyConstraint) -> str:
    """What the last column of the key is called after, such as "meal"."""
    return list(key.columns)[-1].name.removesuffix("_id").replace("_", " ")
