"""A copy for a developer: what the configured PostgreSQL holds, as a new SQLite file, proven and scrubbed.

What people wrote lies in a private folder beside the file until it is scrubbed, and is gone with the folder.
"""

import os
import shlex
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError

from caloria import guard
from caloria.extensions import db
from caloria.operations.backup import disk
from caloria.operations.backup.contents import Progress
from caloria.operations.backup.failure import Broken
from caloria.operations.backup.into_file import LEFT_BY_OTHERS, FileTarget
from caloria.operations.backup.scrubbed import scrub_in
from caloria.operations.backup.sqlite import FILE, read_in_full
from caloria.operations.backup.stopping import stopping_in_order
from caloria.operations.transfer.failure import TransferFailed, Unfit
from caloria.operations.transfer.snapshot import Snapshot
from caloria.operations.transfer.sqlite_source import SqliteSource
from caloria.operations.transfer.tables import Table, moved_tables
from caloria.operations.transfer.verify import Sent, read_again
from caloria.operations.upgrading import lay_out
from config import Config
from settings.database import is_sqlite, parse_database_url
from settings.shell import named

ASKING, COPYING, CHECKING = "Asking for checksums", "Copying", "Checking the file"
ORIGIN = "a copy of another database"
# The file is nobody's yet: if anything fails there is none.
CARELESS = ("journal_mode = OFF", "synchronous = OFF", "cache_size = -4000", "temp_store = FILE")


class Given(NamedTuple):
    """What the file holds, and how many rows of which tables were not given away."""

    file: Path
    environment: str
    rows: dict[str, int]
    withheld: dict[str, int]


def give(config: Config, file: Path, is_scrubbed: bool, progress: Progress) -> Given:
    """Write the configured database into a new file. Raises StartupRefused, TransferFailed, BackupFailed."""
    file = Path(os.path.abspath(config.root / file))
    require_postgresql(config)
    require_scrubbed(config, file, is_scrubbed)
    require_address(config, file)
    with stopping_in_order(), explained(file):
        require_new(file)
        guard.require(config, db.metadata, is_aloud=False)
        with private_folder(file) as private:
            given = Copy(config, file, is_scrubbed, progress).write(private / FILE)
            progress(CHECKING, 0, 1)
            read_in_full(private, "")
            put_in_place(private / FILE, file)
            return given


# Before anything is written


def require_postgresql(config: Config) -> None:
    guard.require_configuration(config)
    if is_sqlite(guard.usable(config.database_url)):
        raise TransferFailed(
            "DATABASE_URL names a SQLite file already. A copy of it for a developer: flask backup create, "
            "then flask backup restore ID --into FILE --scrub"
        )


def require_scrubbed(config: Config, file: Path, is_scrubbed: bool) -> None:
    if config.deployed and not is_scrubbed:
        raise TransferFailed(
            f"This is {config.environment}: what real people wrote leaves it only once nothing says who they "
            f"are. To mend: flask transfer --to {shlex.quote(f'sqlite:///{file}')} --scrub"
        )


def require_address(config: Config, file: Path) -> None:
    if parse_database_url(f"sqlite:///{file}", config.root).database != str(file):
        raise TransferFailed(f"No DATABASE_URL can name the file {file}. Give it another name.")


def require_new(file: Path) -> None:
    """Also of what SQLite would apply to a file of this name. Raises TransferFailed."""
    if not file.parent.is_dir():
        raise TransferFailed(f"There is no folder {file.parent}. Nothing was changed.")
    for ending in ("", *LEFT_BY_OTHERS):
        path = file.with_name(file.name + ending)
        if os.path.lexists(path):
            raise TransferFailed(f"{path} is there already. Name a new file. Nothing was changed.")


@contextmanager
def explained(file: Path) -> Iterator[None]:
    """SQLite's words name tables and rules, and repeat nothing of what people wrote."""
    try:
        yield
    except OSError as error:
        raise TransferFailed(f"{error.filename or file} cannot be used: {error.strerror}.") from None
    except (sqlite3.Error, DBAPIError, Broken) as error:
        raise TransferFailed(f"{file} was not written: {getattr(error, 'orig', error)}.") from None


@contextmanager
def private_folder(file: Path) -> Iterator[Path]:
    """Always of the same name: whatever was killed and left people's data there is told of, not forgotten."""
    folder = file.with_name(f".{file.name}.unscrubbed")
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        raise TransferFailed(
            f"{folder} is there: this file is being written, or that was killed. If nobody writes it, "
            f"remove what was left: rm -r {shlex.quote(str(folder))}"
        ) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def put_in_place(complete: Path, file: Path) -> None:
    require_new(file)
    complete.rename(file)
    disk.sync(file.parent)


# The copy


class Copy:
    def __init__(self, config: Config, file: Path, is_scrubbed: bool, progress: Progress):
        self.config, self.file, self.progress = config, file, progress
        self.is_scrubbed = is_scrubbed
        self.tables = moved_tables()
        self.withheld = withheld(self.tables, is_scrubbed)

    def write(self, path: Path) -> Given:
        with FileTarget.made(self.config, str(path)) as target:
            target.partial.touch(mode=disk.OURS_ALONE, exist_ok=False)
            with target.opened() as connection:
                lay_out(connection, self.config.environment, ORIGIN)
            given = self.fill(target.partial)
            if self.is_scrubbed:
                scrub_in(target, self.progress)
                target.rewrite()
        return given

    def fill(self, path: Path) -> Given:
        """The snapshot is given up as soon as it can be: the server keeps old rows for it."""
        with Snapshot.opened(self.config) as snapshot:
            there = dict(self.asked(snapshot))
            self.copy(snapshot, path, sum(sent.rows for sent in there.values()))
            left = {table.name: snapshot.count(table) for table in self.withheld}
        self.require_equal(there, self.read_back(path))
        environment = "development" if self.is_scrubbed else self.config.environment
        return Given(self.file, environment, {name: sent.rows for name, sent in there.items()}, left)

    @property
    def given(self) -> list[Table]:
        return [table for table in self.tables if table not in self.withheld]

    def asked(self, snapshot: Snapshot) -> Iterator[tuple[str, Sent]]:
        """How many rows there are, and their checksum, as PostgreSQL says it."""
        for number, table in enumerate(self.given):
            self.progress(ASKING, number, len(self.given))
            yield table.name, Sent(snapshot.count(table), snapshot.checksum(table))

    def copy(self, snapshot: Snapshot, path: Path, total: int) -> None:
        done = 0
        with closing(sqlite3.connect(path, isolation_level=None)) as file:
            for setting in CARELESS:
                file.execute(f"PRAGMA {setting}")
            for table in self.given:
                file.execute("BEGIN")
                for rows in snapshot.batches(table):
                    file.executemany(insert_into(table), rows)
                    done += len(rows)
                    self.progress(COPYING, done, total)
                file.execute("COMMIT")

    def read_back(self, path: Path) -> dict[str, Sent]:
        """The same as the file says it, in other words. Raises TransferFailed."""
        try:
            with SqliteSource.opened(path) as source:
                return read_again(source, self.given, self.progress)
        except Unfit as unfit:
            raise TransferFailed(f"{self.file} was not written: a value {unfit}.") from None

    def require_equal(self, there: dict[str, Sent], here: dict[str, Sent]) -> None:
        if there != here:
            different = ", ".join(name for name in there if there[name] != here[name])
            raise TransferFailed(f"{self.file} was not written: what was copied of {different} is not equal.")


def withheld(tables: list[Table], is_scrubbed: bool) -> list[Table]:
    """Those of which a developer is given no row: none of theirs is even copied."""
    if not is_scrubbed:  # its original goes on reminding people
        return [table for table in tables if table.name == "reminders"]
    # Every command imports this module, and few of them scrub: its fakes read the starter foods.
    from caloria.operations.scrub.policy import EMPTIED

    return [table for table in tables if table.name in EMPTIED]


def insert_into(table: Table) -> str:
    places = ", ".join("?" * len(table.columns))
    return f"INSERT INTO {named(table.name)} ({table.names}) VALUES ({places})"
