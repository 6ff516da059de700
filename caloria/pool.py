"""The pool of connections, watched: how many are in use, and how many threads wait for one.

It asks a connection whether it still works, before a request has it, unless it worked a moment ago.
"""

import select
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from threading import Lock
from time import monotonic, perf_counter
from typing import Any

from flask import Flask
from sqlalchemy.exc import TimeoutError
from sqlalchemy.pool import QueuePool

from caloria.metrics import counted

WORKED_LATELY_SECONDS = 5


def init_app(app: Flask) -> None:
    """Have the engine use it, where it has a pool at all."""
    options = app.config["SQLALCHEMY_ENGINE_OPTIONS"]
    if "pool_size" in options:
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {**options, "poolclass": WatchedPool}


class WatchedPool(QueuePool):
    """A pool that tells what it told nobody."""

    # SQLAlchemy logs under this name: its lines are to be shown by DATABASE_ECHO_POOL alone.
    __module__ = "sqlalchemy.pool"

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.telling = Lock()
        self.at_most = self.size() + self._max_overflow
        counted.POOL_SIZE.set(self.at_most)

    def connect(self):
        """A connection, once there is one."""
        try:
            with self.waiting() if self.checkedout() >= self.at_most else nullcontext():
                return super().connect()
        except TimeoutError:
            counted.POOL_TIMEOUTS.inc()
            raise
        finally:
            self.tell()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        began = perf_counter()
        counted.POOL_WAITING.inc()
        try:
            yield
        finally:
            counted.POOL_WAITING.dec()
            counted.POOL_WAITED.inc(perf_counter() - began)

    def _do_get(self) -> Any:
        """One that worked a moment ago, and that nobody hung up since, need not be asked whether it works."""
        record = super()._do_get()
        if monotonic() - record.info.get("worked_at", float("-inf")) < WORKED_LATELY_SECONDS:
            record.fresh = is_silent(record.dbapi_connection)
        return record

    def _do_return_conn(self, record: Any) -> None:
        record.info["worked_at"] = monotonic()
        try:
            super()._do_return_conn(record)
        finally:
            self.tell()

    def tell(self) -> None:
        """Tell what is true now; whoever tells last has seen what all others did before."""
        with self.telling:
            counted.POOL_IN_USE.set(self.checkedout())


def is_silent(connection: Any) -> bool:
    """Whether nothing has come since the last answer: where the server hung up, its farewell has."""
    if getattr(connection, "closed", True):  # SQLite's has no such word, and no wire either
        return False
    look = select.poll()
    look.register(connection.fileno(), select.POLLIN)
    return not look.poll(0)
