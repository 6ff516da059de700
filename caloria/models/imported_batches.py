"""Statements about very many rows: so many at once, and past the session, which holds none of them."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Table, tuple_

from caloria.extensions import db

AT_ONCE = 1000


def batched(every: Iterable) -> Iterator[list]:
    """So many at once as one statement should hold."""
    rest = iter(every)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def run(statement: Any) -> Any:
    """Nobody holds these rows as objects: what the session knows need not be searched for them."""
    return db.session.execute(statement, execution_options={"synchronize_session": False})


def among(table: Table, names: list[str], values: list[list[Any]]) -> ColumnElement[bool]:
    """Whether a row of a table says one of these in these columns."""
    columns = [table.c[name] for name in names]
    if len(columns) == 1:
        return columns[0].in_([value[0] for value in values])
    return tuple_(*columns).in_([tuple(value) for value in values])
