"""What is in a database, so that two of them can be said to be equal: rows, checksums, rules, sequences.

The checksum of a table is the sum of a hash of each of its rows, so it does not depend on their order. The
hash is that of the row as text under fixed settings; a row of another shape or value gives another one.
"""

from collections.abc import Callable, Iterator
from hashlib import md5
from typing import Any

from sqlalchemy import Connection, inspect, text

from caloria.guard.subject import VERSIONS
from caloria.operations.backup.failure import BackupFailed
from caloria.operations.recognition import described
from settings.shell import named

Progress = Callable[[str, int, int], None]
FIXED = (
    "SET LOCAL DateStyle = 'ISO, MDY'",
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL IntervalStyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL statement_timeout = 0",
)
TABLES = {
    "postgresql": "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition "
    "AND relnamespace = current_schema()::regnamespace ORDER BY relname",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
    "ORDER BY name",
}
ELSEWHERE = """
    SELECT string_agg(relation.oid::regclass::text, ', ') FROM pg_class AS relation
    JOIN pg_namespace AS space ON space.oid = relnamespace
    WHERE relkind IN ('r', 'p') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
      AND relnamespace <> current_schema()::regnamespace
"""
LARGE_OBJECTS = "SELECT count(*) FROM pg_largeobject_metadata"
# What the inspection of tables leaves out, or says less exactly.
DETAILS = {
    "postgresql": """
        SELECT concat_ws(' ', 'column', attrelid::regclass, attname, format_type(atttypid, atttypmod),
                         attgenerated, attidentity)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace
          AND attnum > 0 AND NOT attisdropped
        UNION ALL
        SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
        WHERE relnamespace = current_schema()::regnamespace
        UNION ALL
        SELECT concat_ws(' ', 'view', relname, md5(pg_get_viewdef(oid))) FROM pg_class
        WHERE relkind IN ('v', 'm') AND relnamespace = current_schema()::regnamespace
        UNION ALL
        SELECT concat_ws(' ', 'function', oid::regprocedure, md5(prosrc)) FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace
    """,
    "sqlite": "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master "
    "WHERE name NOT LIKE 'sqlite_%'",
}
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"
CHECKSUM = """
    SELECT count(*), coalesce(sum(('x' || left(md5((counted.*)::text), 16))::bit(64)::bigint), 0)::text
    FROM {table} AS counted
"""
MODULUS = 1 << 64


def contents(connection: Connection, progress: Progress) -> dict[str, Any]:
    """Everything of it, in one transaction's view. Raises BackupFailed."""
    is_postgresql = connection.dialect.name == "postgresql"
    if is_postgresql:
        for setting in FIXED:
            connection.exec_driver_sql(setting)
        require_nothing_uncounted(connection)
    return {
        "revision": revision(connection),
        "sequences": sequences(connection) if is_postgresql else {},
        "rules": rules(connection),
        "tables": dict(tables(connection, progress)),
    }


def require_nothing_uncounted(connection: Connection) -> None:
    """What nobody counts would be in a backup without proof."""
    if connection.scalar(text(LARGE_OBJECTS)):
        raise BackupFailed("The database holds large objects, which are not Caloria's. Move them elsewhere.")
    if others := connection.scalar(text(ELSEWHERE)):
        raise BackupFailed(f"Tables stand outside the schema of Caloria: {others}. Move them elsewhere.")


def rules(connection: Connection) -> list[str]:
    """Columns, keys, checks, indexes, triggers, views and functions, a line each."""
    inspected = {" ".join(map(str, fact)) for fact in described(connection)}
    return sorted(inspected | set(connection.scalars(text(DETAILS[connection.dialect.name]))))


def revision(connection: Connection) -> str:
    if not inspect(connection).has_table(VERSIONS):
        return "nothing"
    return ", ".join(sorted(connection.scalars(text("SELECT version_num FROM alembic_version"))))


def sequences(connection: Connection) -> dict[str, int | None]:
    return {name: value for name, value in connection.execute(text(SEQUENCES))}


def tables(connection: Connection, progress: Progress) -> Iterator[tuple[str, dict[str, Any]]]:
    names = list(connection.scalars(text(TABLES[connection.dialect.name])))
    for number, name in enumerate(names):
        progress("Counting", number, len(names))
        count = counted_there if connection.dialect.name == "postgresql" else counted_here
        rows, checksum = count(connection, name)
        yield name, {"rows": rows, "checksum": checksum}
    progress("Counting", len(names), len(names))


def counted_there(connection: Connection, table: str) -> tuple[int, str]:
    rows, checksum = connection.exec_driver_sql(CHECKSUM.format(table=named(table))).one()
    return rows, checksum


def counted_here(connection: Connection, table: str) -> tuple[int, str]:
    rows, checksum = 0, 0
    for row in connection.exec_driver_sql(f"SELECT * FROM {named(table)}"):  # noqa: S608
        digest = md5(repr(tuple(row)).encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()
        rows, checksum = rows + 1, (checksum + int.from_bytes(digest[:8])) % MODULUS
    return rows, str(checksum)


def differences(expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """In what a restored database is not the one that was backed up, in words; empty where it is."""
    return [
        *of_revision(expected["revision"], found["revision"]),
        *of_tables(expected["tables"], found["tables"]),
        *of_rules(expected["rules"], found["rules"]),
        *of_sequences(expected["sequences"], found["sequences"]),
    ]


def of_revision(expected: str, found: str) -> list[str]:
    return [] if expected == found else [f"revision {found} in place of {expected}"]


def of_tables(expected: dict, found: dict) -> Iterator[str]:
    for name in sorted(expected.keys() | found.keys()):
        before, after = expected.get(name), found.get(name)
        if before is None or after is None:
            yield f"table {name} is {'new' if before is None else 'missing'}"
        elif before["rows"] != after["rows"]:
            yield f"table {name} has {after['rows']:,} rows in place of {before['rows']:,}"
        elif before != after:
            yield f"table {name} has as many rows, but not the same"


def of_rules(expected: list[str], found: list[str]) -> list[str]:
    missing, new = set(expected) - set(found), set(found) - set(expected)
    return [f"missing: {rule}" for rule in sorted(missing)] + [f"new: {rule}" for rule in sorted(new)]


def of_sequences(expected: dict[str, int | None], found: dict[str, int | None]) -> Iterator[str]:
    """Sequences stand outside transactions: one may have gone on while its backup was made, never back."""
    for name, value in expected.items():
        if (found.get(name) or 0) < (value or 0):
            yield f"sequence {name} is at {found.get(name)} in place of {value}"
