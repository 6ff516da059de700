"""A SQLite file that is moved: read where it lies, as it is at one moment, and left as it was."""

import os
import sqlite3
from contextlib import closing
from hashlib import file_digest
from pathlib import Path
from urllib.parse import quote

from caloria.models.clock import utc_now
from caloria.operations.backup import disk
from caloria.operations.backup.sqlite import CACHE_KB
from caloria.operations.transfer.failure import SourceChanged
from caloria.operations.transfer.values import RawText

BESIDE = ("-journal", "-wal", "-shm")
STAMP = "%Y%m%dT%H%M%SZ"


class WatchedFile:
    """Read inside one transaction; a second connection hears of whoever writes meanwhile."""

    mark: str  # the statement that says inside of it when it was moved

    def __init__(self, file: Path):
        self.file = file
        self.watcher = connected(file)
        self.heard = self.data_version()
        self.reading = connected(file)
        self.reading.execute("BEGIN")
        self.reading.execute("SELECT count(*) FROM sqlite_master").fetchone()
        # Closed after the connections: to close a file gives up every lock that this process has on it.
        self.bytes = file.open("rb")
        self.fingerprint = self.digest()

    def close(self) -> None:
        self.close_rows()
        self.watcher.close()
        self.bytes.close()

    def close_rows(self) -> None:
        self.reading.close()

    def data_version(self) -> int:
        return self.watcher.execute("PRAGMA data_version").fetchone()[0]

    def digest(self) -> str:
        """The sha256 of the file, and of what is written but not in it yet."""
        self.bytes.seek(0)
        parts = [file_digest(self.bytes, "sha256").hexdigest()]
        log = beside(self.file, "-wal")
        if log.exists() and log.stat().st_size:
            with log.open("rb") as file:
                parts.append(file_digest(file, "sha256").hexdigest())
        return "+".join(parts)

    def require_unchanged(self) -> None:
        """Cheap enough for every batch. Raises SourceChanged."""
        try:
            is_same_file = os.path.samestat(self.file.stat(), os.fstat(self.bytes.fileno()))
        except OSError:
            is_same_file = False
        if not is_same_file or self.data_version() != self.heard:
            raise SourceChanged

    def require_identical(self) -> None:
        """Every byte of it. Raises SourceChanged."""
        self.require_unchanged()
        if self.digest() != self.fingerprint:
            raise SourceChanged

    def retire(self) -> Path:
        """Mark the file as moved and rename it, so that nobody goes on with it by accident. Closes it."""
        self.require_identical()
        retired = self.file.with_name(f"{self.file.name}.retired-{utc_now().strftime(STAMP)}")
        self.close_rows()
        with closing(sqlite3.connect(self.file, isolation_level=None, timeout=5)) as last:
            last.execute("BEGIN IMMEDIATE")
            if self.data_version() != self.heard:
                raise SourceChanged
            moment = utc_now().strftime("%Y-%m-%d %H:%M:%S.%f")
            last.execute(self.mark, [moment])
            last.execute("COMMIT")
            self.watcher.close()
            last.execute("PRAGMA journal_mode=DELETE")
        for ending in BESIDE:
            beside(self.file, ending).unlink(missing_ok=True)
        self.file.rename(retired)
        disk.sync(retired.parent)
        return retired


def connected(file: Path) -> sqlite3.Connection:
    """Never with immutable=1, which would not read what is in the write-ahead log."""
    connection = sqlite3.connect(
        f"file:{quote(str(file))}?mode=ro", uri=True, isolation_level=None, timeout=5
    )
    connection.text_factory = RawText
    connection.execute(f"PRAGMA cache_size = -{CACHE_KB}")
    return connection


def beside(file: Path, ending: str) -> Path:
    return file.with_name(file.name + ending)


def leave_as_found(file: Path, before: list[str]) -> None:
    """Reading a file with a write-ahead log makes files beside it."""
    for ending in BESIDE:
        path = beside(file, ending)
        is_ours = ending not in before and path.exists()
        if is_ours and (ending == "-shm" or path.stat().st_size == 0):
            path.unlink()
