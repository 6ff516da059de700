"""What the engine says is in a database, whatever our models know."""

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
STATISTICS = r"SELECT name FROM sqlite_master WHERE name LIKE 'sqlite\_stat%' ESCAPE '\'"


def columns_of(connection: Connection) -> set[tuple[str, str]]:
    """Every table with each of its columns."""
    return {(table, column) for table, column in connection.execute(text(COLUMNS[connection.dialect.name]))}


def forget_statistics(connection: Connection) -> None:
    """SQLite keeps samples of what its indexes hold in tables of its own; a dump of PostgreSQL has none."""
    if connection.dialect.name == "sqlite":
        for name in connection.scalars(text(STATISTICS)).all():
            connection.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608  a name of SQLite's own
