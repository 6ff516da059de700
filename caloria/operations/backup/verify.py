"""Proving a backup again, level by level: its files, then all of what they hold, then a restore of it."""

import socket
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

from caloria.operations.backup import disk, manifest, postgresql, proof, sqlite, uploads
from caloria.operations.backup.contents import Progress
from caloria.operations.backup.failure import BackupFailed, Broken, Rejected
from caloria.operations.backup.manifest import PROVEN, READABLE, STORED, Manifest
from caloria.operations.backup.shelf import Backup, Shelf
from caloria.operations.backup.stopping import stopping_in_order
from config import Config


def verify(config: Config, name: str, progress: Progress) -> Backup:
    """Prove the backup of this id again. Raises BackupFailed and Busy."""
    shelf = Shelf.of(config)
    with shelf.locked(), stopping_in_order():
        backup = shelf.find(name)
        backup.require()
        examine(config, shelf, backup, progress)
        return backup


def examine(config: Config, shelf: Shelf, backup: Backup, progress: Progress, prove: bool = True) -> None:
    """Write down of each level whether it holds, up to the first that does not.

    What keeps a proof from being tried, such as a server that is away, says nothing about the backup: it is
    raised as BackupFailed, and the backup stays what it was.
    """
    kept, folder = backup.require(), backup.folder
    for level, look in (
        (STORED, lambda: require_files(folder, kept)),
        (READABLE, lambda: read_in_full(folder, kept, progress)),
        (PROVEN, lambda: proof.require(config, kept, folder, progress)),
    ):
        if level == PROVEN and not (prove and proof.is_possible(config, kept)):
            return
        problem = note(kept, level, look)
        backup.keep(shelf.key)
        if problem:
            return


def note(kept: Manifest, level: str, look: Callable[[], None]) -> str | None:
    started, problem = time.monotonic(), None
    try:
        look()
    except Broken as broken:
        problem = str(broken)
    kept.note(level, socket.gethostname(), time.monotonic() - started, problem)
    return problem


def require_files(folder: Path, kept: Manifest) -> None:
    """Raises Broken unless just the files of the manifest are there, byte for byte."""
    said = {each["name"]: each for each in kept.facts["files"]}
    # A second one is left where a verification was killed while it wrote down what it had found.
    manifests = {folder / manifest.FILE, folder / (manifest.FILE + disk.UNWRITTEN)}
    there = [path for path in disk.files_in(folder) if path not in manifests]
    try:
        found = {each["name"]: each for each in (disk.described(path, folder) for path in there)}
    except OSError as error:
        raise BackupFailed(f"A file of it could not be read: {error.strerror}.") from None
    for name in sorted(said.keys() | found.keys()):
        if name not in found:
            raise Broken(f"{name} is missing")
        if name not in said:
            raise Broken(f"{name} does not belong to it")
        if said[name] != found[name]:
            raise Broken(f"{name} was changed")


def read_in_full(folder: Path, kept: Manifest, progress: Progress) -> None:
    """Raises Broken where it cannot be read; BackupFailed where it could not be tried."""
    progress("Reading", 0, 1)
    kind = sqlite if kept.is_of_sqlite else postgresql
    try:
        kind.read_in_full(folder / proof.DUMP, kept.facts["made_by"])
        if (folder / uploads.FILE).exists():
            uploads.read_in_full(folder / uploads.FILE)
    except Rejected as rejected:
        raise Broken(rejected.message) from None
    except tarfile.TarError as error:
        raise Broken(f"{uploads.FILE} is damaged ({error})") from None
    except OSError as error:
        raise BackupFailed(f"{folder} could not be read: {error.strerror}.") from None
    progress("Reading", 1, 1)
