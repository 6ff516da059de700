"""Copies of a SQLite file, made by its own online backup: a copied file may be half of one."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, text

from caloria.operations.backup.contents import Progress
from caloria.operations.backup.failure import BackupFailed, Broken

FILE = "caloria.db"
PAGES_AT_ONCE = 4096
CACHE_KB = 400  # no page of a file that is copied or read in its order is asked for twice


def begin(connection: Connection) -> None:
    """See from now on only what is committed now; whoever writes waits until this is over."""
    cast("Any", connection.connection.driver_connection).isolation_level = None
    connection.exec_driver_sql("BEGIN")
    connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")


def server_of(_connection: Connection) -> str:
    return f"SQLite {sqlite3.sqlite_version}"


def size_of(connection: Connection) -> int:
    pages, size = (connection.scalar(text(f"PRAGMA {name}")) for name in ("page_count", "page_size"))
    return int(pages or 0) * int(size or 0)


class Dump:
    """What copies the file that a connection reads from."""

    def __init__(self, connection: Connection, _url: Any):
        self.source = cast("Any", connection.connection.driver_connection)

    @property
    def made_by(self) -> str:
        return f"SQLite {sqlite3.sqlite_version}"

    def write(self, into: Path, _size: int, progress: Progress) -> None:
        """Raises BackupFailed and OSError."""
        into.mkdir(mode=0o700)
        try:
            copy(self.source, into / FILE, progress, "Copying")
        except sqlite3.Error as error:
            raise BackupFailed(f"The file was not copied: {error}.") from None


def copy(source: sqlite3.Connection, into: Path, progress: Progress, stage: str) -> None:
    """What this connection sees, as one file without a log beside it. Raises sqlite3.Error."""

    def told(_status: int, remaining: int, total: int) -> None:
        progress(stage, total - remaining, total)

    with closing(sqlite3.connect(into)) as target:
        target.execute(f"PRAGMA cache_size = -{CACHE_KB}")
        source.backup(target, pages=PAGES_AT_ONCE, progress=told)
        target.execute("PRAGMA journal_mode=DELETE")


def read_in_full(folder: Path, _made_by: str) -> None:
    """Read every page and follow every reference. Raises Broken."""
    try:
        with closing(sqlite3.connect(folder / FILE)) as copy:
            copy.execute("PRAGMA query_only=ON")
            told = copy.execute("PRAGMA integrity_check").fetchone()[0]
            if told != "ok" or copy.execute("PRAGMA foreign_key_check").fetchone():
                raise Broken("the copied file contradicts itself")
    except sqlite3.DatabaseError:
        raise Broken("the copied file is damaged") from None
