"""The extensions of the app, and how its database behaves."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from flask import Flask, current_app
from flask_babel import Babel
from flask_login import LoginManager, current_user
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import (
    JSON,
    Double,
    Engine,
    MetaData,
    Row,
    Text,
    TypeDecorator,
    event,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy import cast as as_type
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import DateTime

from caloria import languages, pool

CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator):
    """A moment in UTC, aware on both engines (SQLite gives back naive values)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect):
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value


class Base(DeclarativeBase):
    # The map stands on the registry: Flask-SQLAlchemy refuses a base that has both attributes.
    registry = registry(
        metadata=MetaData(naming_convention=CONSTRAINT_NAMES),
        type_annotation_map={float: Double(), str: Text(), datetime: UtcDateTime()},
    )


# A request commits once and then renders: what it holds is as fresh after the commit as before.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate()
login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()


def init_app(app: Flask) -> None:
    """Connect every extension to the app."""
    pool.init_app(app)
    db.init_app(app)
    # Batch mode rebuilds SQLite tables without their CHECKs and triggers, and says nothing.
    migrate.init_app(app, db, render_as_batch=False)
    # A page asks who is signed in only where it says so: the error pages do without the database.
    login_manager.init_app(app, add_context_processor=False)
    app.jinja_env.globals["current_user"] = current_user
    csrf.init_app(app)
    babel.init_app(app, default_locale=languages.FIRST, locale_selector=languages.chosen)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            keep_sqlite_honest(db.engine)


def settings() -> Any:
    """The configuration this app was started with."""
    return current_app.extensions["caloria_config"]


def keep_sqlite_honest(engine: Engine) -> None:
    """Give SQLite foreign keys and real transactions.

    The driver's own transactions start too late, and a transaction that reads before it writes fails at once
    with "database is locked" however long it may wait: only BEGIN IMMEDIATE queues.
    """

    @event.listens_for(engine, "connect")
    def on_connect(connection, _record):
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA busy_timeout=15000")

    @event.listens_for(engine, "begin")
    def on_begin(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def insert(table: Any) -> postgresql.Insert:
    """An INSERT that can say ON CONFLICT, in the dialect of this app's database (both say it alike)."""
    on_postgresql = db.engine.dialect.name == "postgresql"
    return postgresql.insert(table) if on_postgresql else cast("Any", sqlite.insert(table))


def found(statement: Any, values: Mapping[str, Any]) -> Sequence[Row]:
    """The rows of a statement that asks for columns alone.

    Over the connection: the session would take half as long again to look for models among the columns.
    """
    db.session.flush()
    return db.session.connection().execute(statement, values).all()


def insert_many(statement: Any, key: Any, rows: list[dict]) -> None:
    """Insert rows with few statements.

    What gives something back is sent in batches; anything else would go to PostgreSQL row by row. Over the
    connection, since the session makes a statement of its own for each set of columns that are not null.
    """
    db.session.connection().execute(statement.returning(key), rows)


def insert_rows(table: Any, rows: list[dict[str, Any]], *returning: Any) -> list[Any]:
    """Insert very many rows that all have the same columns, in one statement; those that are there stay.

    Return of those that came what is asked for. PostgreSQL reads them from one JSON text: as VALUES, each
    figure would be a parameter of its own, which takes ten times as long.
    """
    if not rows:
        return []
    on_postgresql = db.engine.dialect.name == "postgresql"
    statement = _from_json(table, rows) if on_postgresql else insert(table)
    statement = statement.on_conflict_do_nothing()
    if returning:
        statement = statement.returning(*returning)
    result = db.session.connection().execute(statement, *([] if on_postgresql else [rows]))
    return list(result.all()) if returning else []


def _from_json(table: Any, rows: list[dict[str, Any]]) -> Any:
    nobody = literal_column(f"NULL::{table.name}")
    said = literal(json.dumps(rows, default=str), Text())
    columns = list(rows[0])
    values = func.json_populate_recordset(nobody, as_type(said, JSON())).table_valued(*columns)
    chosen = select(*(values.c[name] for name in columns))
    return insert(table).from_select(columns, chosen, include_defaults=False)
