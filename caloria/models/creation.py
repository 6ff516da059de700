"""Creating a row once, however often its form arrives."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import make_transient_to_detached

from caloria.extensions import db, insert


class FormReused(Exception):
    """A form arrived with the id of an earlier one but says something else."""


def create_once(row):
    """Insert a row whose form carried its id; return it, or the row that the same form made before.

    A row that was edited or deleted since is returned as it is now. Raises FormReused where the id was used
    for other content, or by somebody else.
    """
    return insert_if_new(row) or made_before(row)


def insert_if_new(row):
    """Insert a row and return it as it is stored; None if its id is there already. One statement."""
    # What waits to be written comes first, as before any other statement about rows.
    db.session.flush()
    done = _insert(row)
    if done.rowcount == 0:
        return None
    return keep(row, dict.fromkeys(_names(type(row))) | done.last_inserted_params())


def is_new(row) -> bool:
    """Insert a row that nobody asks for again; whether its id was not there yet. One statement.

    Of such rows there is one with each thing that is logged.
    """
    return _insert(row, prepared_as=f"insert_into_{type(row).__tablename__}").rowcount == 1


def keep(row, stored: Mapping[str, Any]):
    """Have the session hold a row that was inserted beside it, and what was stored of it.

    It is not read back: what the database holds is what it was told.
    """
    for name, value in stored.items():
        if getattr(row, name) is None:
            setattr(row, name, value)
    make_transient_to_detached(row)
    db.session.add(row)
    return row


def _insert(row, prepared_as: str | None = None):
    statement = _silent(db.engine.dialect.name, type(row).__table__, prepared_as)
    return db.session.connection().execute(statement, _said(row))


@cache
def _silent(_dialect: str, table: Any, prepared_as: str | None) -> Any:
    # Without naming an index: two at once may meet in another unique one first, such as the source of a food.
    return insert(table).on_conflict_do_nothing().execution_options(prepared_as=prepared_as)


def _said(row) -> dict[str, Any]:
    return {name: value for name in _names(type(row)) if (value := getattr(row, name)) is not None}


def insert_new(rows):
    """Insert the rows whose ids are not there yet. One statement."""
    if not rows:
        return
    model = type(rows[0])
    names = [name for name in _names(model) if any(getattr(row, name) is not None for row in rows)]
    said = [{name: getattr(row, name) for name in names} for row in rows]
    statement = insert(model).on_conflict_do_nothing(index_elements=_keys(model))
    # Left to itself it makes a statement of every run of rows that leave out the same.
    db.session.execute(statement, said, execution_options={"render_nulls": True})


def made_before(row):
    """The row that the same form made earlier. Raises FormReused."""
    model = type(row)
    # A page may have read a few columns of it already: read it whole, at once and as it is now.
    key = tuple(getattr(row, key) for key in _keys(model))
    stored = db.session.get_one(model, key, populate_existing=True)
    if stored.form_digest != row.form_digest:
        raise FormReused
    return stored


def _names(model) -> list[str]:
    return [column.key for column in inspect(model).column_attrs]


def _keys(model) -> list[str]:
    return [column.name for column in inspect(model).primary_key]
