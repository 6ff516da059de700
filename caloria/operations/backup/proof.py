"""The only proof of a backup: it is restored, and what is in the result is what was backed up."""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from caloria import guard
from caloria.operations.backup import place, postgresql, sqlite
from caloria.operations.backup.contents import Progress, contents, differences
from caloria.operations.backup.failure import BackupFailed, Broken
from caloria.operations.backup.manifest import Manifest
from caloria.operations.backup.source import at_one_moment, because, plain
from caloria.operations.turn import Busy
from config import Config

DUMP = "dump"
COPY = "caloria-proof-"
TOLD_AT_MOST = 5
# Of proofs that were killed: a container has another name each time, and nobody else would remove them.
LEFT = """
    SELECT datname FROM pg_database WHERE starts_with(datname, :ours)
    AND NOT EXISTS (SELECT FROM pg_stat_activity AS busy WHERE busy.datname = pg_database.datname)
"""


def is_possible(config: Config, kept: Manifest) -> bool:
    """Whether there is a place for a scratch database: for SQLite, any folder will do."""
    return kept.is_of_sqlite or config.backup_proof_url is not None


def require(config: Config, kept: Manifest, folder: Path, progress: Progress) -> None:
    """Restore into a scratch database, compare all of it, and drop it again. Raises Broken, BackupFailed."""
    with scratch(config, kept, folder, progress) as url:
        require_same(config, url, kept, progress)


def require_same(config: Config, url: URL, kept: Manifest, progress: Progress) -> None:
    """Raises Broken where the database at this address is not what was backed up."""
    if found := compared(config, url, kept, progress):
        more = [f"and {len(found) - TOLD_AT_MOST} more"] if len(found) > TOLD_AT_MOST else []
        raise Broken("what was restored differs: " + "; ".join([*found[:TOLD_AT_MOST], *more]))


def compared(config: Config, url: URL, kept: Manifest, progress: Progress) -> list[str]:
    """In what the database at this address is not what was backed up."""
    try:
        with at_one_moment(config, url) as connection:
            return differences(kept.facts["contents"], contents(connection, progress))
    except DBAPIError as error:
        raise because(error, config, url) from None


def scratch(config: Config, kept: Manifest, folder: Path, progress: Progress) -> Any:
    """The address of a database that holds what the backup holds, for as long as the block lasts."""
    return beside(folder) if kept.is_of_sqlite else on_server(config, kept, folder, progress)


@contextmanager
def beside(folder: Path) -> Iterator[URL]:
    forget_killed()
    with ExitStack() as stack:
        try:
            folder_of_copy = stack.enter_context(tempfile.TemporaryDirectory(prefix=f"{COPY}{os.getpid()}-"))
            file = shutil.copyfile(folder / DUMP / sqlite.FILE, Path(folder_of_copy) / sqlite.FILE)
        except OSError as error:
            told = f"There is no room for a copy in {tempfile.gettempdir()}: {error.strerror}."
            raise BackupFailed(told) from None
        yield URL.create("sqlite", database=str(file))


def forget_killed() -> None:
    """Remove the copies of processes that are gone: people's diaries do not lie about."""
    for left in Path(tempfile.gettempdir()).glob(f"{COPY}*"):
        try:
            os.kill(int(left.name.removeprefix(COPY).partition("-")[0]), 0)
        except ProcessLookupError:
            shutil.rmtree(left, ignore_errors=True)
        except (PermissionError, ValueError):
            continue  # another user's


@contextmanager
def on_server(config: Config, kept: Manifest, folder: Path, progress: Progress) -> Iterator[URL]:
    address = guard.usable(config.backup_proof_url)
    name = name_for(kept)
    with plain(config, address, isolation_level="AUTOCOMMIT") as server:
        require_alone(server, name)
        for left in (name, *server.scalars(text(LEFT), {"ours": f"{prefix_for(kept)}_"})):
            if place.is_ours_alone(server, left):
                postgresql.drop(server, left)
        postgresql.make(server, name)
        try:
            progress("Restoring", 0, 1)
            url = address.set(database=name)
            postgresql.load(folder / DUMP, kept.facts["made_by"], url, postgresql.major_of(server))
            progress("Restoring", 1, 1)
            yield url
        finally:
            postgresql.drop(server, name)


def require_alone(server: Connection, name: str) -> None:
    """Raises Busy while another proof uses the scratch database of this name."""
    if not place.is_ours_alone(server, name, place.LEAVING_SECONDS):
        raise Busy(f"Another proof in {name} is under way.")


def name_for(kept: Manifest) -> str:
    """One for each database and machine, so that two machines' proofs do not meet."""
    machine = sha256(socket.gethostname().encode()).hexdigest()[:6]
    return f"{prefix_for(kept)}_{machine}"


def prefix_for(kept: Manifest) -> str:
    return f"caloria_proof_{str(kept.database_id)[:8]}"
