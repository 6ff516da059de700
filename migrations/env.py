"""How migrations run: one at a time, on a direct connection, whole or not at all."""

import sys
import time

import click
from alembic import context
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from caloria import guard
from caloria.extensions import UtcDateTime, db, settings
from caloria.operations.identify import identify
from settings.database import connect_args

LOCK = 0x0CA10121A  # any number that is ours alone
WAIT_SECONDS = 60
ASK_AGAIN_SECONDS = 0.2
LOCK_TIMEOUT, STATEMENT_TIMEOUT = "10s", "15min"
ALREADY_RUNNING = 75


def main():
    """Migrate, or with --sql print what would be done."""
    options = {
        "target_metadata": db.metadata,
        "include_name": is_ours,
        "render_item": render_item,
        "compare_type": True,
        "compare_server_default": True,
    }
    if context.is_offline_mode():
        url = settings().migration_database_url
        context.configure(dialect_name=url.get_backend_name(), literal_binds=True, **options)
        with context.begin_transaction():
            context.run_migrations()
        return
    guard.require_for_migration(settings(), command(), named=option("database"))
    url = settings().migration_database_url
    engine = create_engine(url, poolclass=NullPool, connect_args=connect_args(settings(), url))
    with engine.connect() as connection:
        run(connection, options)


def command() -> str:
    """The command that was given, such as "upgrade"; Python calls upgrade."""
    given = click.get_current_context(silent=True)
    return given.info_name if given else "upgrade"


def option(name: str):
    """What the command was given for an option of ours."""
    given = click.get_current_context(silent=True)
    return given.params.get(name) if given else None


def is_ours(name, _kind, _parents) -> bool:
    """What is named search_* is made for one engine by hand, and not compared."""
    return not (name or "").startswith("search_")


def render_item(kind, item, _autogen):
    """Write plain types into revisions: a revision must not change when our code does."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def run(connection: Connection, options: dict) -> None:
    take_turn(connection)
    context.configure(connection=connection, transactional_ddl=True, **options)
    with context.begin_transaction():
        was_empty = not context.get_context().get_current_heads()
        context.run_migrations()
        is_new = was_empty and context.get_context().get_current_heads()
        database_id = identify(connection, settings().environment) if is_new else None
    connection.commit()
    if database_id:
        announce(database_id)


def take_turn(connection: Connection) -> None:
    """Wait until no other migration runs. On SQLite the transaction itself is the lock."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        driver.execute(f"PRAGMA busy_timeout={WAIT_SECONDS * 1000}")
        driver.isolation_level = None
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    wait_for_lock(connection)
    connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
    connection.exec_driver_sql(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'")
    connection.commit()


def wait_for_lock(connection: Connection) -> None:
    """Poll for the lock: waiting inside the server would hold a snapshot that CONCURRENTLY waits for."""
    give_up_at = time.monotonic() + WAIT_SECONDS
    while not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LOCK})").scalar_one():
        connection.commit()
        if time.monotonic() > give_up_at:
            click.echo("Another migration is running. Try again when it is done.", err=True)
            sys.exit(ALREADY_RUNNING)
        time.sleep(ASK_AGAIN_SECONDS)
    connection.commit()


def announce(database_id) -> None:
    """Say which database this is from now on, and pin it where that was asked for."""
    line = f"CALORIA_DB_ID={database_id}"
    click.echo(line)
    if option("write_env"):
        with (settings().root / ".env").open("a", encoding="utf-8") as env:
            env.write(f"\n{line}\n")


main()
