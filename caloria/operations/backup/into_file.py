"""Restoring into a SQLite file, which is put in place whole."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from caloria.operations.backup import disk, sqlite
from caloria.operations.backup.contents import Progress
from caloria.operations.backup.failure import BackupFailed
from caloria.operations.backup.manifest import Manifest
from config import Config
from settings.database import is_sqlite

LEFT_BY_OTHERS = ("-journal", "-wal", "-shm")


class FileTarget:
    """The file beside the one that is meant, until it is complete."""

    def __init__(self, into: str):
        self.file = Path(into).absolute()
        self.name = str(self.file)
        self.partial = self.file.with_name(self.file.name + ".partial")
        self.url = URL.create("sqlite", database=str(self.partial))
        self.notes: list[str] = []

    @classmethod
    @contextmanager
    def made(cls, config: Config, into: str) -> Iterator["FileTarget"]:
        """A target to fill; in place once the block ends well, and gone where it does not."""
        target = cls(into)
        target.require_empty(config)
        try:
            target.clear()
            yield target
            target.put_in_place()
        except OSError as error:
            raise BackupFailed(f"{target.file} was not written: {error.strerror}.") from None
        finally:
            target.clear()

    def require_empty(self, config: Config) -> None:
        """Also of what SQLite would apply to a file of this name."""
        beside = [self.file.with_name(self.file.name + ending) for ending in LEFT_BY_OTHERS]
        full = [path for path in (self.file, *beside) if path.exists() and not is_empty(path)]
        live = config.database_url
        if full and live is not None and is_sqlite(live) and live.database == str(self.file):
            raise BackupFailed(
                f"{self.file} is the live database: nothing is ever restored over it. Restore beside it, "
                "then set DATABASE_URL to the new file. Nothing was changed."
            )
        if full:
            raise BackupFailed(f"{full[0]} is not empty. Name another file. Nothing was changed.")

    def clear(self) -> None:
        """Without the journal of an interrupted restore, which would be applied to the next one."""
        for ending in ("", *LEFT_BY_OTHERS):
            self.partial.with_name(self.partial.name + ending).unlink(missing_ok=True)

    def fill(self, dump: Path, _kept: Manifest, progress: Progress) -> None:
        progress("Restoring", 0, 1)
        os.close(os.open(self.partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, disk.OURS_ALONE))
        shutil.copyfile(dump / sqlite.FILE, self.partial)
        progress("Restoring", 1, 1)

    @contextmanager
    def opened(self) -> Iterator[Connection]:
        engine = create_engine(self.url, poolclass=NullPool, hide_parameters=True)
        with engine.connect() as connection:
            yield connection

    def rewrite(self) -> None:
        """Without what was overwritten, which stays in a file until all of it is written anew."""
        anew = self.partial.with_name(self.partial.name + "-anew")
        anew.unlink(missing_ok=True)
        os.close(os.open(anew, os.O_WRONLY | os.O_CREAT | os.O_EXCL, disk.OURS_ALONE))
        with closing(sqlite3.connect(self.partial)) as scrubbed:
            scrubbed.execute("VACUUM INTO ?", [str(anew)])
        anew.replace(self.partial)

    def settle(self, _kept: Manifest) -> None:
        """A file has no roles."""

    def put_in_place(self) -> None:
        disk.sync(self.partial)
        self.partial.replace(self.file)
        disk.sync(self.file.parent)


def is_empty(path: Path) -> bool:
    return path.is_file() and path.stat().st_size == 0
