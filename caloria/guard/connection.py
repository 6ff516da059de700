"""Opening the one connection, and the questions about the server behind it."""

import os
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.pool import NullPool

from caloria.guard.mending import point
from caloria.guard.refusal import CONFIGURATION, READ_ONLY, Notice, Refusal
from caloria.guard.subject import Subject
from config import Config
from settings.database import connect_args, is_sqlite
from settings.shell import createdb, named, sql

SUPPORTED_POSTGRESQL = range(15, 19)
OLDEST_SQLITE = (3, 35)
READ_ONLY_SETTING = "default_transaction_read_only"


@contextmanager
def opened(config: Config, url: URL) -> Iterator[Connection]:
    """A connection that makes no file and writes nothing."""
    engine = engine_for(config, url)
    # One view for all questions: between two of them somebody may finish an upgrade.
    try:
        with engine.connect() as connection:
            if is_sqlite(url):
                connection.exec_driver_sql("PRAGMA query_only=ON")
                connection.exec_driver_sql("BEGIN")
            else:
                connection.exec_driver_sql("SET LOCAL statement_timeout = '10s'")
            yield connection
    finally:
        engine.dispose()


def engine_for(config: Config, url: URL) -> Engine:
    if not is_sqlite(url):
        named = {"connect_args": connect_args(config, url), "isolation_level": "REPEATABLE READ"}
        return create_engine(url, poolclass=NullPool, **named)
    # Without mode=rw SQLite makes an empty file where there is none.
    address = f"file:{quote(str(url.database))}?mode=rw"
    return create_engine(
        "sqlite://", poolclass=NullPool, creator=lambda: sqlite3.connect(address, uri=True, timeout=5)
    )


def database_can_be_written(subject: Subject) -> Refusal | None:
    """Row 25."""
    answer = sqlite_is_read_only(subject) if subject.is_sqlite else postgresql_is_read_only(subject)
    if answer is None:
        return None
    reason, mend = answer
    return Refusal(READ_ONLY, "database_read_only", f"{subject.where} {reason}", "a writable database", mend)


def sqlite_is_read_only(subject: Subject) -> tuple[str, str] | None:
    file = Path(str(subject.url.database))
    if os.access(file, os.W_OK) and os.access(file.parent, os.W_OK):
        return None
    mend = f"chmod u+w {shlex.quote(str(file))} {shlex.quote(str(file.parent))}"
    return "or its folder cannot be written by this user", mend


def postgresql_is_read_only(subject: Subject) -> tuple[str, str] | None:
    """Why nothing can be written, and what mends it."""
    if subject.value("SELECT pg_is_in_recovery()"):
        reason = "is in recovery: a standby, or a server that is being restored"
        return reason, point(subject.config, subject.url, host="HOST")
    if subject.value("SHOW transaction_read_only") != "on":
        return None
    source = subject.value(f"SELECT source FROM pg_settings WHERE name = '{READ_ONLY_SETTING}'")  # noqa: S608
    return f"is read-only, by a setting of the {source}", end_read_only(subject, source)


def end_read_only(subject: Subject, source: str) -> str:
    """What takes the setting back, where it was made."""
    database, role = named(subject.url.database), named(subject.value("SELECT current_user"))
    owners = {
        "database": f"DATABASE {database}",
        "user": f"ROLE {role}",
        "database user": f"ROLE {role} IN DATABASE {database}",
    }
    if source == "client":
        return point(subject.config, subject.url)
    if source in owners:
        return sql(subject.url, f"ALTER {owners[source]} RESET {READ_ONLY_SETTING}")
    return sql(subject.url, f"ALTER SYSTEM SET {READ_ONLY_SETTING} = off", "SELECT pg_reload_conf()")


def encoding_is_utf8(subject: Subject) -> Refusal | None:
    """Row 26."""
    encoding = subject.value("PRAGMA encoding" if subject.is_sqlite else "SHOW server_encoding")
    if encoding in ("UTF8", "UTF-8"):
        return None
    found = f"{subject.where} is encoded in {encoding}"
    expected = "UTF-8, which holds every name of a food"
    return Refusal(CONFIGURATION, "encoding_not_utf8", found, expected, move_to_utf8(subject))


def move_to_utf8(subject: Subject) -> str:
    """An encoding cannot be changed: make a database beside this one, and use that."""
    fresh = f"{subject.url.database}_utf8"
    use = point(subject.config, subject.url, database=fresh)
    if subject.is_sqlite:
        return use
    make = createdb(subject.url, fresh, "--encoding=UTF8", "--template=template0")
    return f"{make}\n{use}"


def server_is_supported(subject: Subject) -> Notice | None:
    """Row 29, first part."""
    if subject.config.environment == "test":
        return None
    if subject.is_sqlite:
        version, supported = sqlite3.sqlite_version, sqlite3.sqlite_version_info >= OLDEST_SQLITE
    else:
        version = subject.value("SHOW server_version")
        supported = int(subject.value("SHOW server_version_num")) // 10000 in SUPPORTED_POSTGRESQL
    text = f"Version {version} of the database server is not among those Caloria is tested with."
    return None if supported else Notice("server_unsupported", text)


def role_is_no_superuser(subject: Subject) -> Notice | None:
    """Row 29, second part."""
    if subject.is_sqlite or subject.config.environment == "test":
        return None
    if subject.value("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        return Notice("role_superuser", "Caloria's role is a superuser: it could drop everything.")
    return None
