"""Proof that the role of the app may not change the schema, by trying. Whatever is tried is taken back."""

from collections.abc import Collection, Iterable, Iterator

from psycopg2 import sql
from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from caloria.guard.unreachable import INSUFFICIENT_PRIVILEGE
from caloria.operations.environments import mending
from caloria.operations.environments.finding import PROVEN, UNPROVEN, WRONG, Finding
from caloria.operations.environments.grants import KEPT
from caloria.operations.environments.roles import is_member

FIRST_ROLE = 10
READ_ONLY = "25006"
PERMITTED = "00000"
# A lock that is waited for was permitted, and whoever comes next would wait behind it.
LOCK_TIMEOUT, STATEMENT_TIMEOUT = "1s", "5s"
MADE = ("CREATE TABLE caloria_verify (id integer)", "CREATE SCHEMA caloria_verify")
SCHEMA_ACTS = {
    "alter": "ALTER TABLE {table} ADD COLUMN caloria_verify integer",
    "drop": "DROP TABLE {table}",
    "truncate": "TRUNCATE {table}",
}
WRITES = {
    "INSERT": "INSERT INTO {table} DEFAULT VALUES",
    "UPDATE": "UPDATE {table} SET {column} = {column} WHERE false",
    "DELETE": "DELETE FROM {table} WHERE false",
}
FIRST_COLUMNS = """
    SELECT relname, attname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
      AND attnum = (SELECT min(attnum) FROM pg_attribute WHERE attrelid = pg_class.oid AND attnum > 0
                    AND NOT attisdropped)
    ORDER BY relname
"""
POWERS = {
    "rolsuper": "SUPERUSER",
    "rolcreatedb": "CREATEDB",
    "rolcreaterole": "CREATEROLE",
    "rolreplication": "REPLICATION",
    "rolbypassrls": "BYPASSRLS",
}
# Membership is not seen in a role's own attributes; those named pg_* run programs and read files.
LENT = """
    SELECT rolname FROM pg_roles
    WHERE rolname NOT IN (current_user, 'pg_database_owner') AND pg_has_role(current_user, oid, 'MEMBER')
      AND (starts_with(rolname, 'pg_') OR rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication
           OR rolbypassrls)
    ORDER BY rolname LIMIT 1
"""
OWNED = """
    SELECT count(*) FROM (
        SELECT relowner AS owner FROM pg_class WHERE relnamespace = current_schema()::regnamespace
        UNION ALL SELECT datdba FROM pg_database WHERE datname = current_database()
    ) AS owned WHERE pg_has_role(current_user, owner, 'MEMBER')
"""


def powers_of(connection: Connection, url: URL, allowed: Collection[str] = ()) -> Finding:
    """Whether the role has powers over the whole server, but for those that it is there for."""
    columns = ", ".join(POWERS)
    statement = f"SELECT oid::bigint, rolname, {columns} FROM pg_roles WHERE rolname = current_user"  # noqa: S608
    row = connection.execute(text(statement)).one()
    had = [power for column, power in POWERS.items() if row._mapping[column] and power not in allowed]
    if not had and (lent := connection.scalar(text(LENT))):
        mend = mending.leave(url, row.rolname, lent)
        return Finding(WRONG, f"{row.rolname} is a member of {lent}, and has its powers", mend)
    if not had:
        more = f"more power over the whole server than {' and '.join(allowed)}" if allowed else ""
        return Finding(PROVEN, f"{row.rolname} has no {more or 'power over the whole server'}")
    # The server's first role cannot be without them.
    mend = mending.set_up(url) if row.oid == FIRST_ROLE else mending.give_up(url, row.rolname, had)
    return Finding(WRONG, f"{row.rolname} has the power of {', '.join(had)}", mend)


def app_rights(connection: Connection, url: URL, role: str, owner: str) -> Iterator[Finding]:
    """What the role of the app may do to tables, by trying each thing on each table."""
    mend = mending.set_up(url)
    yield ownership(connection, url, role, owner)
    tables = {row.relname: row.attname for row in connection.execute(text(FIRST_COLUMNS))}
    connection.rollback()
    yield tried(connection, role, "create a table or a schema", MADE, mend)
    if not tables.keys() >= {"alembic_version", "identity"}:
        yield Finding(UNPROVEN, f'"{url.database}" has no tables of Caloria to be tried', "flask db upgrade")
        return
    for act, statement in SCHEMA_ACTS.items():
        statements = [filled(connection, statement, table=table) for table in tables]
        yield tried(connection, role, f"{act} any of {len(tables)} tables", statements, mend)
    for table in sorted(KEPT.keys() & tables.keys()):
        yield writes(connection, role, table, tables[table], mend)


def ownership(connection: Connection, url: URL, role: str, owner: str) -> Finding:
    if not connection.scalar(text(OWNED)):
        return Finding(PROVEN, f"{role} owns nothing in the database")
    mend = mending.hand_over(url, role, owner)
    if role == owner:
        mend = mending.split(url, role)
    elif is_member(connection, role, owner):
        mend = mending.set_up(url)
    return Finding(WRONG, f"{role} owns the database or tables, or is a member of the role that does", mend)


def writes(connection: Connection, role: str, table: str, column: str, mend: str) -> Finding:
    """Whether the role may write a table that is kept for others."""
    kinds = [kind for kind in WRITES if kind not in KEPT[table]]
    statements = [filled(connection, WRITES[kind], table=table, column=column) for kind in kinds]
    return tried(connection, role, f"{' or '.join(kinds)} in {table}", statements, mend)


def tried(connection: Connection, role: str, what: str, statements: Iterable[str], mend: str) -> Finding:
    """What was found once each statement was tried, up to the first that was permitted."""
    for statement in statements:
        answer = attempt(connection, statement)
        if answer in (None, READ_ONLY):
            unsaid = f"{role} got no answer that proves anything to {statement}"
            return Finding(UNPROVEN, unsaid, "run this again, on the primary")
        if answer != INSUFFICIENT_PRIVILEGE:
            return Finding(WRONG, f"{role} may do too much: {statement} was permitted, and taken back", mend)
    return Finding(PROVEN, f"{role} cannot {what}")


def attempt(connection: Connection, statement: str) -> str | None:
    """The SQLSTATE with which PostgreSQL answers, None where it does not. What was done is taken back."""
    try:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT}'")
        connection.exec_driver_sql(statement)
    except DBAPIError as error:
        return PERMITTED if raised_inside(error) else getattr(error.orig, "pgcode", None)
    finally:
        connection.rollback()
    return PERMITTED


def raised_inside(error: DBAPIError) -> bool:
    """Whether a trigger refused: then the grants had let the statement through, with whatever SQLSTATE."""
    diagnosis = getattr(error.orig, "diag", None)
    return bool(diagnosis and diagnosis.context)


def filled(connection: Connection, statement: str, **names: str) -> str:
    identifiers = {key: sql.Identifier(name) for key, name in names.items()}
    return sql.SQL(statement).format(**identifiers).as_string(connection.connection.driver_connection)
