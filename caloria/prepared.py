"""Statements that PostgreSQL reads and plans once for each connection, not each time they are sent.

The driver sends texts. Of a page whose statements find their few rows by an index, PostgreSQL spent more than
half of its time on reading and planning what it had planned a moment before. What a page asks again and again
says so with the execution option prepared_as, a name that pg_stat_activity then shows.
"""

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from flask import Flask
from psycopg2.errors import FeatureNotSupported, InvalidSqlStatementName
from sqlalchemy import event

from caloria.extensions import db

KNOWN = "caloria_prepared"


class Prepared(NamedTuple):
    name: str
    prepare: str
    execute: str


def init_app(app: Flask) -> None:
    """Come after what counts statements, which is to count those that people wait for."""
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            db.engine.dialect.do_execute = executing_prepared(db.engine.dialect.do_execute)  # type: ignore[method-assign]
            event.listen(db.engine, "handle_error", leave_outdated)


def executing_prepared(execute: Callable[..., None]) -> Callable[..., None]:
    """Say to the database what stands for a statement, once it has been prepared on this connection."""

    def execute_prepared(cursor: Any, statement: str, values: Any, context: Any = None) -> None:
        name = context.execution_options.get("prepared_as") if context else None
        if name is not None:
            info = context.root_connection.info
            known = info.get(KNOWN) or info.setdefault(KNOWN, Known(cursor))
            statement = known.said(name, statement, cursor)
        execute(cursor, statement, values, context)

    return execute_prepared


class Known:
    """What is prepared on a connection: nothing behind a pooler, whose next transaction may be another's."""

    def __init__(self, cursor: Any) -> None:
        cursor.execute("SELECT pg_backend_pid()")
        # A pooler tells each client a process number of its own making.
        self.is_direct = cursor.fetchone()[0] == cursor.connection.info.backend_pid
        self.names: set[str] = set()

    def said(self, name: str, statement: str, cursor: Any) -> str:
        if not self.is_direct:
            return statement
        prepared = as_prepared(name, statement)
        if prepared.name not in self.names:
            cursor.execute(prepared.prepare)
            self.names.add(prepared.name)
        return prepared.execute


@lru_cache
def as_prepared(name: str, statement: str) -> Prepared:
    """How to prepare a statement, and how to say it then; another text of that name has another digest."""
    places = _Places()
    text = statement % places
    whole_name = f"{name}_{sha256(text.encode()).hexdigest()[:12]}"
    values = ", ".join(f"%({place})s" for place in places)
    execute = f"EXECUTE {whole_name} ({values})" if values else f"EXECUTE {whole_name}"
    return Prepared(whole_name, f"PREPARE {whole_name} AS {text}", execute)


class _Places(dict[str, str]):
    """The names in a statement as PREPARE has them: $1, $2 and so on."""

    def __missing__(self, name: str) -> str:
        self[name] = f"${len(self) + 1}"
        return self[name]


def leave_outdated(context: Any) -> None:
    """Give up a connection whose plans a migration has overtaken; the next one makes its own."""
    if isinstance(context.original_exception, (FeatureNotSupported, InvalidSqlStatementName)):
        context.is_disconnect = True
        context.invalidate_pool_on_disconnect = False
