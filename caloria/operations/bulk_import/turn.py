"""One import at a time: two would wait for each other's rows, and count what the other one did."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from caloria.extensions import db
from caloria.operations.turn import Busy

LOCK = 0x0CA10F00D  # any number that is ours alone
RUNNING = "Another import into this database is running. Try again when it is done."


@contextmanager
def alone() -> Iterator[None]:
    """Keep every other import of this database away; a run that is killed gives it up. Raises Busy."""
    with _on_postgresql() if db.engine.dialect.name == "postgresql" else _on_sqlite():
        yield


@contextmanager
def _on_postgresql() -> Iterator[None]:
    # A connection of its own: the lock lasts as long as that, whatever is committed meanwhile.
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LOCK})").scalar_one():
            raise Busy(RUNNING)
        try:
            yield
        finally:
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({LOCK})")


@contextmanager
def _on_sqlite() -> Iterator[None]:
    # On the folder of the database: on the file it would undo SQLite's own locks, and nothing is left behind.
    folder = os.open(Path(db.engine.url.database or "").resolve().parent, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Busy(RUNNING) from None
        yield
    finally:
        os.close(folder)
