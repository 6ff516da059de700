"""Dumps of PostgreSQL, in pg_dump's directory format: several tables at once, each file checked by itself."""

import os
import re
from pathlib import Path

from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from caloria.operations.backup.contents import Progress
from caloria.operations.backup.failure import BackupFailed
from caloria.operations.backup.tools import SETS_TRANSACTION_TIMEOUT, Tools
from settings.shell import named

AT_ONCE = max(2, min(8, (os.cpu_count() or 2)))
# Level 1 compresses in a third of the time of pg_dump's own choice, for a sixth more bytes (bench/backup).
FORMAT = ("--format=directory", f"--jobs={AT_ONCE}", "--compress=1", "--no-owner", "--no-privileges")
# Its files are waited for later, together with the uploads.
DUMP = (*FORMAT, "--no-sync")
TABLES = """
    SELECT oid::regclass::text FROM pg_class
    WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace
"""
LOCK_TIMEOUT = "60s"
IN_USE = "55006"


def begin(connection: Connection) -> None:
    """See from now on only what is committed now, and keep every table's shape as it is. Raises BackupFailed.

    The locks come before the first look: whoever looked before a table was written anew finds it empty.
    """
    connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    tables = set(connection.scalars(text(TABLES)))
    connection.rollback()
    for setting in patience(connection):
        connection.exec_driver_sql(f"SET LOCAL {setting}")
    if tables:
        connection.exec_driver_sql(f"LOCK TABLE {', '.join(sorted(tables))} IN ACCESS SHARE MODE")
    if tables != set(connection.scalars(text(TABLES))):
        raise BackupFailed("Tables were made or removed at this very moment. Try again.")


def patience(connection: Connection) -> list[str]:
    """A dump takes longer than what a role may be allowed otherwise."""
    settings = ["idle_in_transaction_session_timeout = 0", "statement_timeout = 0"]
    settings += ["transaction_timeout = 0"] if major_of_driver(connection) >= SETS_TRANSACTION_TIMEOUT else []
    return [*settings, f"lock_timeout = '{LOCK_TIMEOUT}'"]


def major_of_driver(connection: Connection) -> int:
    """The server's version, as it was said on connecting: a question would be the first look."""
    return int((connection.dialect.server_version_info or (0,))[0])


def server_of(connection: Connection) -> str:
    return str(connection.scalar(text("SHOW server_version")))


def major_of(connection: Connection) -> int:
    return int(connection.scalar(text("SHOW server_version_num")) or 0) // 10000


def size_of(connection: Connection) -> int:
    return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)


class Dump:
    """What makes a dump of the snapshot of a connection that stays open meanwhile."""

    def __init__(self, connection: Connection, url: URL):
        self.url = url
        self.tools = Tools.fitting(major_of(connection))
        self.snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))

    @property
    def made_by(self) -> str:
        return self.tools.version()

    def write(self, into: Path, size: int, progress: Progress) -> None:
        """Raises BackupFailed. `size` is the database's own, of which a dump takes less."""

        def watch() -> int:
            done = grown(into)
            progress("Dumping", min(done, size), size)
            return done

        words = (*DUMP, f"--snapshot={self.snapshot}", f"--lock-wait-timeout={LOCK_TIMEOUT}")
        self.tools.run("pg_dump", self.url, *words, f"--file={into}", watch=watch)


def grown(folder: Path) -> int:
    """Bytes in a folder that others write to meanwhile."""
    try:
        return sum(entry.stat().st_size for entry in os.scandir(folder))
    except FileNotFoundError:
        return 0


def read_in_full(folder: Path, made_by: str) -> None:
    """Decompress and parse all of it: listing a dump's contents would pass half a dump."""
    tools = Tools.fitting(major_in(made_by))
    tools.run("pg_restore", None, "--format=directory", f"--file={os.devnull}", str(folder))


def major_in(made_by: str) -> int:
    """Such as 15 in "pg_dump (PostgreSQL) 15.18": no older program reads its dumps."""
    return int(re.findall(r"\d+", made_by)[0])


def load(folder: Path, made_by: str, url: URL, server: int, *words: str) -> None:
    """Fill a database that is empty, whole or not at all if the words say --single-transaction."""
    tools = Tools.fitting(max(server, major_in(made_by)))
    if tools.major != server:  # newer ones begin with a setting that this server may not know
        words = tuple(word for word in words if word != "--single-transaction")
    at_once = () if "--single-transaction" in words else (f"--jobs={AT_ONCE}",)
    strict = ("--exit-on-error",) if tools.major == server else ()
    words = ("--no-owner", "--no-privileges", *strict, *at_once, *words)
    tools.run("pg_restore", url, *words, str(folder))


def make(connection: Connection, name: str, owner: str | None = None) -> None:
    """Make an empty database over a connection that is in no transaction."""
    belongs = f" OWNER {named(owner)}" if owner else ""
    connection.exec_driver_sql(f"CREATE DATABASE {named(name)}{belongs} ENCODING 'UTF8' TEMPLATE template0")
    # By default every role of the server may open it.
    connection.exec_driver_sql(f"REVOKE ALL ON DATABASE {named(name)} FROM PUBLIC")


def drop(connection: Connection, name: str) -> None:
    """Plainly first: that waits for autovacuum, which an ordinary role may not end by force."""
    try:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {named(name)}")
    except DBAPIError as error:
        if getattr(error.orig, "pgcode", None) != IN_USE:
            raise
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {named(name)} WITH (FORCE)")
