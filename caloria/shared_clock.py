"""All servers go by one clock, the database's: see models/clock.py."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import event

from caloria.extensions import db
from caloria.models import clock


def init_app(app: Flask) -> None:
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            event.listen(db.engine, "connect", on_connect)


def on_connect(connection: Any, _record: Any) -> None:
    """Ask with every new connection: no page that reads the database goes by another clock."""
    ask(connection)
    connection.rollback()


def ask(connection: Any) -> None:
    """Compare our own clock with that of PostgreSQL."""
    with connection.cursor() as cursor:
        before = datetime.now(UTC)
        cursor.execute("SELECT clock_timestamp()")
        clock.agree(cursor.fetchone()[0], before, datetime.now(UTC))
