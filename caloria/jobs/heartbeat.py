"""Every process that serves or works says so in the database, now and then, from a thread of its own."""

import logging
import os
import time
from datetime import datetime
from threading import Thread
from uuid import UUID

import click
import psycopg2
from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from caloria import shared_clock
from caloria.extensions import db
from caloria.models import Identity
from caloria.models.clock import utc_now
from caloria.models.server import HEARTBEAT, Server
from caloria.version import VERSION

BOOTED_AT = "CALORIA_BOOTED_AT"  # gunicorn.conf.py writes it, for all workers alike
log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    heartbeat = app.extensions["caloria_heartbeat"] = Heartbeat(app)
    context = click.get_current_context(silent=True)
    if context and context.info_name == "run":
        heartbeat.start()  # gunicorn's workers start it after the fork, in gunicorn.conf.py


class Heartbeat:
    """Notes this server, at once and then every few seconds. No request waits for it."""

    def __init__(self, app: Flask, name: str | None = None):
        self.app, self.config = app, app.extensions["caloria_config"]
        self.name = name or self.config.server
        self.database_id: UUID | None = None
        self.is_home = True
        self.booted_at = datetime.fromisoformat(os.environ.get(BOOTED_AT) or utc_now().isoformat())

    def start(self) -> None:
        Thread(target=self.run, name="heartbeat", daemon=True).start()

    def run(self) -> None:
        while True:
            self.beat()
            time.sleep(HEARTBEAT.total_seconds())

    def is_ours(self, connection: Connection) -> bool:
        """Whether this is still the database of the first beat: another may have taken its place and name."""
        found = connection.scalar(select(Identity.uuid))
        self.database_id = self.database_id or found
        self.is_home = found == self.database_id
        if not self.is_home:
            log.error("The database is %s now, and was %s: start this server anew.", found, self.database_id)
        return self.is_home

    def beat(self) -> None:
        """Note this server now. A database that is away is noticed elsewhere, and tried again here."""
        said = {"version": VERSION, "environment": self.config.environment, "booted_at": self.booted_at}
        try:
            with self.app.app_context(), db.engine.begin() as connection:
                if connection.dialect.name == "postgresql":
                    shared_clock.ask(connection.connection)
                if self.is_ours(connection):
                    Server.note(connection, self.name, **said)
        except (SQLAlchemyError, psycopg2.Error) as error:
            log.info("The heartbeat did not reach the database (%s)", type(error).__name__)
