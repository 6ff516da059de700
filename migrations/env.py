"""How migrations run: one at a time, on a direct connection, whole or not at all."""

import click
from alembic import context
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from caloria import guard
from caloria.extensions import UtcDateTime, db, settings
from caloria.guard import revisions
from caloria.models import AuditEvent
from caloria.operations.backup.before_migration import before_migration
from caloria.operations.connecting import engine_at
from caloria.operations.environments.grants import close_tables
from caloria.operations.explained import explained
from caloria.operations.identify import identify
from caloria.operations.turn import bounds_of, stop_others, take_turn
from caloria.operations.upgrading import note_compatibility


def main():
    """Migrate, or with --sql print what would be done."""
    options = {
        "target_metadata": db.metadata,
        "include_name": is_ours,
        "render_item": render_item,
        "compare_type": True,
        "compare_server_default": True,
        "on_version_apply": note_compatibility,
    }
    if context.is_offline_mode():
        url = settings().migration_database_url
        context.configure(dialect_name=url.get_backend_name(), literal_binds=True, **options)
        with context.begin_transaction():
            for setting in bounds_of(url):
                context.execute(setting)
            context.run_migrations()
        return
    guard.require_for_migration(settings(), command(), named=option("database"))
    url = settings().migration_database_url
    with engine_at(settings(), url).connect() as connection, explained(url):
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
    back_up_first(connection)
    context.configure(connection=connection, transactional_ddl=True, **options)
    with context.begin_transaction():
        before = context.get_context().get_current_heads()
        if is_changing(before):
            stop_others(connection, list(db.metadata.tables))
        context.run_migrations()
        after = context.get_context().get_current_heads()
        is_new = after and not before
        database_id = identify(connection, settings().environment, after[0]) if is_new else None
        note_migration(connection, before, after)
        if connection.dialect.name == "postgresql":
            close_tables(connection)
    connection.commit()
    if database_id:
        announce(database_id)


def back_up_first(connection: Connection) -> None:
    """Take a backup that is kept for 30 days, before the tables of deployed data are changed."""
    if not settings().deployed or option("no_backup"):
        return
    before = MigrationContext.configure(connection).get_current_heads()
    connection.commit()  # it may take longer than a transaction may be idle
    if is_changing(before):
        click.echo(f"Backed up first, as {before_migration(settings())}.", err=True)


def is_changing(before: tuple) -> bool:
    """Whether tables that are there already will be changed."""
    behind = command() == "upgrade" and before != (revisions.head(),)
    return bool(before) and (command() == "downgrade" or behind)


def note_migration(connection: Connection, before: tuple, after: tuple) -> None:
    """Write into the audit which revision was left for which."""
    if before == after:
        return
    name = f"database {connection.engine.url.database}"
    changed = {"before": {"revisions": before}, "after": {"revisions": after}}
    AuditEvent.note_over(connection, f"db {command()}", name, **changed)


def announce(database_id) -> None:
    """Say which database this is from now on, and pin it where that was asked for."""
    line = f"CALORIA_DB_ID={database_id}"
    click.echo(line)
    if option("write_env"):
        with (settings().root / ".env").open("a", encoding="utf-8") as env:
            env.write(f"\n{line}\n")


main()
