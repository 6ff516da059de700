"""What the engine says is in a database, whatever our models know."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

# Whatever holds values and would go into a dump: also in another schema, and what no table holds.
COLUMNS = {
    "postgresql": r"""
SELECT CASE WHEN nspname = current_schema() THEN relname ELSE nspname || '.' || relname END, attname
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
WHERE relkind IN ('r', 'p', 'm', 'f') AND nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema'
UNION ALL SELECT 'pg_largeobject', 'data' WHERE EXISTS (SELECT FROM pg_largeobject_metadata)""",
    "sqlite": r"""
SELECT tables.name, columns.name FROM sqlite_master AS tables, pragma_table_xinfo(tables.name) AS columns
WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite\_%' ESCAPE '\'""",
}
# The table of each trigger, what lifts it, and what puts it back.
TRIGGERS = {
    "postgresql": """
SELECT tgrelid::regclass::text, format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname),
    format('ALTER TABLE %s ENABLE TRIGGER %I', tgrelid::regclass, tgname)
FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'""",
    "sqlite": """
SELECT tbl_name, 'DROP TRIGGER "' || name || '"', sql FROM sqlite_master WHERE type = 'trigger'""",
}
STATISTICS = r"SELECT name FROM sqlite_master WHERE name LIKE 'sqlite\_stat%' ESCAPE '\'"


def columns_of(connection: Connection) -> set[tuple[str, str]]:
    """Every table with each of its columns."""
    return {(table, column) for table, column in connection.execute(text(COLUMNS[connection.dialect.name]))}


@contextmanager
def without_triggers(connection: Connection, *tables: str) -> Iterator[None]:
    """Lift the triggers of these tables, or of all, and put them back.

    What fails meanwhile is to be rolled back whole.
    """
    found = connection.execute(text(TRIGGERS[connection.dialect.name])).all()
    triggers = [each for each in found if not tables or each[0] in tables]
    for _table, lift, _put_back in triggers:
        connection.exec_driver_sql(lift)
    yield
    for _table, _lift, put_back in triggers:
        connection.exec_driver_sql(put_back)


def forget_statistics(connection: Connection) -> None:
    """SQLite keeps samples of what its indexes hold in tables of its own; a dump of PostgreSQL has none."""
    if connection.dialect.name == "sqlite":
        for name in connection.scalars(text(STATISTICS)).all():
            connection.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608  a name of SQLite's own
