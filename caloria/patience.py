"""How long a serving process waits for its database.

A server that hangs refuses nothing: the driver waits for ever, and one thread after the other, until no
page is served. So no answer is waited for longer than DATABASE_STATEMENT_TIMEOUT, and while the database does
not answer at all, one thread waits for nothing. Where it does, and somebody only keeps others waiting, as a
migration may, people wait for their turn.
"""

import os
import socket
import time
from contextlib import contextmanager, suppress
from math import inf
from threading import Lock, Semaphore, Thread
from typing import Any

import psycopg2
from flask import Flask, has_request_context
from psycopg2.extensions import connection, cursor
from sqlalchemy import Engine, event

from caloria.extensions import db

# Once somebody has waited for so long, it is asked whether the database hangs.
SLOW_SECONDS = 1
LOOKS_EVERY_SECONDS = 0.5
TURNS_EVERY_SECONDS = 0.05


def init_app(app: Flask) -> None:
    with app.app_context():
        seconds = app.extensions["caloria_config"].database_statement_timeout
        app.extensions["caloria_patience"] = Patience(app, db.engine, seconds)


class Patience:
    """Ends connections on which no answer comes, and refuses to have every thread wait for one."""

    def __init__(self, app: Flask, engine: Engine, seconds: int):
        self.app, self.engine, self.seconds = app, engine, seconds
        self.waiting: dict[object, float] = {}
        self.gave_up_at = -inf
        self.lock = Lock()

    def begin(self, threads: int, times: int = 1) -> None:
        """Watch from now on, in a process that has so many threads and no connection yet.

        An answer may take that many times as long as one for a page.
        """
        if self.engine.dialect.name != "postgresql":
            return
        self.seconds *= times
        self.turns = Semaphore(max(1, threads - 1))
        event.listen(self.engine, "do_connect", self.connect)
        Thread(target=self.run, name="patience", daemon=True).start()

    def connect(self, dialect: Any, _record: Any, words: list, named: dict):
        """Connect; that takes DATABASE_CONNECT_TIMEOUT at most, by the driver itself."""
        with self.turn(), self.noted(object()):
            made = dialect.connect(*words, connection_factory=Connection, cursor_factory=Cursor, **named)
        made.patience = self
        return made

    @contextmanager
    def turn(self):
        """Be one of the requests that wait for the database. What else does has a thread of its own."""
        if not has_request_context():
            yield
            return
        self.take_turn()
        try:
            yield
        finally:
            self.turns.release()

    def take_turn(self) -> None:
        """Raises OperationalError where the database hangs, and enough wait for it."""
        give_up_at = time.monotonic() + self.seconds
        while not self.turns.acquire(timeout=TURNS_EVERY_SECONDS):
            if time.monotonic() > give_up_at or (self.is_slow() and self.hangs()):
                raise psycopg2.OperationalError("others have been waiting for the database")

    def hangs(self) -> bool:
        """Whether the database does not answer those either who wait for nobody."""
        return "unreachable" in self.app.extensions["caloria_probe"].latest().reasons

    def is_slow(self) -> bool:
        """Whether somebody waits for long, or did a moment ago: those who come next need not find it out."""
        now = time.monotonic()
        with self.lock:
            is_waiting = any(now - since > SLOW_SECONDS for since in self.waiting.values())
        return is_waiting or now - self.gave_up_at < self.seconds

    @contextmanager
    def noted(self, who: object):
        """Remember since when an answer is waited for."""
        with self.lock:
            self.waiting[who] = time.monotonic()
        try:
            yield
        finally:
            with self.lock:
                del self.waiting[who]

    def run(self) -> None:
        while True:
            time.sleep(LOOKS_EVERY_SECONDS)
            self.look()

    def look(self) -> None:
        # Under the lock: a connection that waits is open, and its number nobody else's.
        with self.lock:
            for who, since in self.waiting.items():
                if time.monotonic() - since > self.seconds and isinstance(who, Connection):
                    hang_up(who)
                    self.gave_up_at = time.monotonic()


class Connection(connection):
    """A connection of psycopg2 that is not waited on for ever."""

    patience: Patience

    def commit(self) -> None:
        with self.patience.turn(), self.patience.noted(self):
            super().commit()

    def rollback(self) -> None:
        with self.patience.noted(self):
            super().rollback()


class Cursor(cursor):
    """A cursor of such a connection."""

    connection: Connection

    def execute(self, *words: Any) -> None:
        with self.connection.patience.turn(), self.connection.patience.noted(self.connection):
            super().execute(*words)

    def executemany(self, *words: Any) -> None:
        with self.connection.patience.turn(), self.connection.patience.noted(self.connection):
            super().executemany(*words)


def hang_up(who: Connection) -> None:
    """Have the thread that waits on a connection see it closed."""
    with suppress(OSError, psycopg2.Error), socket.socket(fileno=os.dup(who.fileno())) as wire:
        wire.shutdown(socket.SHUT_RDWR)
