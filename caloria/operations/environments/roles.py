"""The roles of a database: who owns and migrates it, serves from it, only looks, and restores beside it."""

import re
import secrets
from typing import NamedTuple

from psycopg2 import sql
from psycopg2.extensions import encrypt_password
from sqlalchemy import Connection, text

LONGEST_NAME = 57  # with _owner or _proof it is the longest that PostgreSQL does not cut off
RESERVED = re.compile(r"pg_.*|postgres|template[01]", re.IGNORECASE)
# What of an address belongs to the role rather than to the server.
ACCOUNT = ("passfile", "password", "sslcert", "sslkey", "sslpassword", "user")
PLACEHOLDER = "PASSWORD"


class Roles(NamedTuple):
    """Their names."""

    owner: str
    app: str
    read: str
    proof: str

    @classmethod
    def of(cls, database: str) -> "Roles":
        return cls(*(f"{database}_{part}" for part in cls._fields))


def is_usable_name(database: str) -> bool:
    """Whether a database may have this name, and its roles the names that come of it."""
    plain = re.fullmatch(rf"[A-Za-z_][A-Za-z0-9_]{{0,{LONGEST_NAME - 1}}}", database)
    return bool(plain) and not RESERVED.fullmatch(database)


def run(connection: Connection, statement: str, **names: str) -> None:
    """Run a statement in which {name} stands for what has that name, quoted."""
    quoted = {key: sql.Identifier(name) for key, name in names.items()}
    driver = connection.connection.driver_connection
    connection.exec_driver_sql(sql.SQL(statement).format(**quoted).as_string(driver))


def make_roles(connection: Connection, roles: Roles, new_passwords: bool) -> dict[str, str | None]:
    """Make the roles that are missing. Returns each one's new password, or None where it keeps its own."""
    passwords = {role: make_role(connection, role, new_passwords) for role in roles}
    run(connection, "ALTER ROLE {read} SET default_transaction_read_only = on", read=roles.read)
    # It makes databases for the owner, and gives the owner's another name.
    run(connection, "ALTER ROLE {proof} CREATEDB", proof=roles.proof)
    run(connection, "GRANT {owner} TO {proof}", owner=roles.owner, proof=roles.proof)
    for role in (roles.app, roles.read):
        if is_member(connection, role, roles.owner):
            run(connection, "REVOKE {owner} FROM {role}", owner=roles.owner, role=role)
    # Who is no superuser must be a member of a role to make a database for it.
    if not has_attribute(connection, "rolsuper"):
        run(connection, "GRANT {owner} TO CURRENT_USER", owner=roles.owner)
    return passwords


def make_role(connection: Connection, role: str, new_password: bool) -> str | None:
    exists = connection.scalar(text("SELECT count(*) FROM pg_roles WHERE rolname = :role"), {"role": role})
    if exists and not new_password:
        run(connection, "ALTER ROLE {role} LOGIN", role=role)
        return None
    run(connection, ("ALTER" if exists else "CREATE") + " ROLE {role} LOGIN", role=role)
    password = secrets.token_urlsafe(24)
    set_password(connection, role, password)
    return password


def set_password(connection: Connection, role: str, password: str) -> None:
    """Hash it here: the server may log every statement."""
    driver = connection.connection.driver_connection
    hashed = encrypt_password(password, role, scope=driver, algorithm="scram-sha-256")
    statement = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(hashed))
    connection.exec_driver_sql(statement.as_string(driver))


def has_attribute(connection: Connection, *attributes: str) -> bool:
    """Whether the role that asks has all of these columns of pg_roles."""
    every = " AND ".join(attributes)
    return bool(connection.scalar(text(f"SELECT {every} FROM pg_roles WHERE rolname = current_user")))  # noqa: S608


def is_member(connection: Connection, role: str, of: str) -> bool:
    names = {"role": role, "of": of}
    return bool(connection.scalar(text("SELECT pg_has_role(:role, :of, 'MEMBER')"), names))
