"""How many statements each request sends to the database, and how long it waits for their answers."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from flask import Flask
from sqlalchemy import Dialect

from caloria import tally
from caloria.extensions import db

TRANSACTION = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")
WAYS = ("do_execute", "do_executemany", "do_execute_no_params")


def init_app(app: Flask) -> None:
    with app.app_context():
        watch(db.engine.dialect)


def watch(dialect: Dialect) -> None:
    """Count what goes through this dialect.

    Not by listeners of the engine: each connection that a request takes would make its own of them all.
    """
    for way in WAYS:
        setattr(dialect, way, counted(getattr(dialect, way)))


def counted(execute: Callable[..., None]) -> Callable[..., None]:
    """Execute, and count that for the request, but for the beginning and the end of transactions."""

    def execute_counted(cursor: Any, statement: str, *more: Any) -> None:
        mine = tally.current.get()
        if mine is None or statement.startswith(TRANSACTION):
            execute(cursor, statement, *more)
            return
        mine.statements += 1
        began = perf_counter()
        execute(cursor, statement, *more)
        mine.sql_seconds += perf_counter() - began

    return execute_counted
