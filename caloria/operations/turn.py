"""One at a time: what changes a whole database waits for whatever else does."""

import time
from typing import Any, cast

import click
from sqlalchemy import URL, Connection, inspect
from sqlalchemy.exc import OperationalError

from settings.database import is_sqlite

LOCK = 0x0CA10121A  # any number that is ours alone
WAIT_SECONDS = 60
ASK_AGAIN_SECONDS = 0.2
LOCK_TIMEOUT, STATEMENT_TIMEOUT = "10s", "15min"
# Shorter than the second after which PostgreSQL ends one of those who wait for each other.
ALL_AT_ONCE = "SET LOCAL lock_timeout = '500ms'"
TRY_FOR_SECONDS = 10
ALREADY_RUNNING = 75


class Busy(click.ClickException):
    """Somebody else is changing this database."""

    exit_code = ALREADY_RUNNING


def take_turn(connection: Connection) -> None:
    """Wait until no other migration runs. On SQLite the transaction itself is the lock. Raises Busy."""
    if connection.dialect.name == "sqlite":
        driver = cast("Any", connection.connection.driver_connection)
        driver.execute(f"PRAGMA busy_timeout={WAIT_SECONDS * 1000}")
        driver.isolation_level = None
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    wait_for_lock(connection)
    for setting in bounds_of(connection.engine.url):
        connection.exec_driver_sql(setting)
    connection.commit()


def bounds_of(url: URL) -> list[str]:
    """How long a change may wait for others, and keep them waiting: others queue behind whoever waits."""
    if is_sqlite(url):
        return []
    return [f"SET lock_timeout = '{LOCK_TIMEOUT}'", f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"]


def wait_for_lock(connection: Connection) -> None:
    """Poll for the lock: waiting inside the server would hold a snapshot that CONCURRENTLY waits for."""
    give_up_at = time.monotonic() + WAIT_SECONDS
    while not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LOCK})").scalar_one():
        connection.commit()
        if time.monotonic() > give_up_at:
            raise Busy("Another migration is running. Try again when it is done.")
        time.sleep(ASK_AGAIN_SECONDS)
    connection.commit()


def stop_others(connection: Connection, tables: list[str]) -> None:
    """Lock all of these tables at once, or none, again and again.

    One after the other, as revisions come to them, they would soon be waited for by somebody who is waited
    for: PostgreSQL would end the migration, or the request of a person.
    """
    there = inspect(connection).get_table_names()
    names = ", ".join(name for name in sorted(tables) if name in there)
    give_up_at = time.monotonic() + TRY_FOR_SECONDS
    while names and connection.dialect.name == "postgresql":
        try:
            with connection.begin_nested():
                connection.exec_driver_sql(ALL_AT_ONCE)
                connection.exec_driver_sql(f"LOCK TABLE {names}")
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            return
        except OperationalError:
            if time.monotonic() > give_up_at:
                raise
        time.sleep(ASK_AGAIN_SECONDS)
