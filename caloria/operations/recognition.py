"""Which revision a database without one is at: the one whose migrations make just these tables."""

from collections.abc import Iterator
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, Inspector, create_engine, inspect, text

from caloria.guard.revisions import script
from caloria.guard.subject import VERSIONS

REFERENCE = "caloria_reference"
TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname || ' ' || tgenabled::text || ' ' || md5(prosrc) FROM pg_trigger "
    "JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid "
    "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace "
    "UNION ALL SELECT relname || ' unlogged' FROM pg_class "
    "WHERE relpersistence = 'u' AND relnamespace = current_schema()::regnamespace",
}


def recognise(connection: Connection) -> str | None:
    """The newest revision whose tables, rules and triggers these are; nothing is left of the comparison."""
    found = described(connection)
    matching = [revision for revision, made in references(connection) if made == found]
    return matching[-1] if matching else None


def references(connection: Connection) -> Iterator[tuple[str, set]]:
    """What each revision makes, made beside the database and thrown away."""
    if connection.dialect.name == "sqlite":
        with create_engine("sqlite://").connect() as beside:
            yield from made_by_each(beside)
        return
    with connection.begin_nested() as beside:
        connection.execute(text(f"CREATE SCHEMA {REFERENCE}"))
        connection.execute(text(f"SET LOCAL search_path = {REFERENCE}"))
        yield from made_by_each(connection)
        beside.rollback()


def made_by_each(connection: Connection) -> Iterator[tuple[str, set]]:
    steps = list(script().walk_revisions())[::-1]
    with Operations.context(MigrationContext.configure(connection)):
        for step in steps:
            step.module.upgrade()
            yield step.revision, described(connection)


def described(connection: Connection) -> set[tuple]:
    """Everything that a migration decides, but for the order in which it was said."""
    inspector = inspect(connection)
    schema = (
        connection.scalar(text("SELECT current_schema()")) if connection.dialect.name != "sqlite" else None
    )
    names = [name for name in inspector.get_table_names(schema) if is_compared(name)]
    triggers = {("trigger", name) for name in connection.scalars(text(TRIGGERS[connection.dialect.name]))}
    return {fact for name in names for fact in facts_of(inspector, name, schema)} | triggers


def is_compared(name: str) -> bool:
    return name != VERSIONS and not name.startswith("search_")


def facts_of(inspector: Inspector, table: str, schema: str | None) -> Iterator[tuple]:
    for column in inspector.get_columns(table, schema):
        default = (column["default"] or "").replace(f'"{schema}".', "")
        yield table, "column", column["name"], str(column["type"]), column["nullable"], default
    yield table, "key", *inspector.get_pk_constraint(table, schema)["constrained_columns"]
    for key in inspector.get_foreign_keys(table, schema):
        columns = zip(key["constrained_columns"], key["referred_columns"], strict=True)
        is_here = key["referred_schema"] in (None, schema)
        yield table, "foreign key", key["referred_table"], is_here, *columns, str(key["options"])
    for unique in inspector.get_unique_constraints(table, schema):
        yield table, "unique", *unique["column_names"]
    for check in inspector.get_check_constraints(table, schema):
        yield table, "check", check["sqltext"]
    for index in inspector.get_indexes(table, schema):
        if not index.get("duplicates_constraint"):
            yield table, "index", *_expressions(index), bool(index["unique"])


def _expressions(index: Any) -> list[str]:
    return index.get("expressions") or index["column_names"]
