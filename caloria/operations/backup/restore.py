"""Restoring a backup beside what is there: whole, compared with its manifest, and brought up to this code."""

import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from caloria import guard
from caloria.guard import revisions
from caloria.guard.refusal import NEWER
from caloria.operations.backup import manifest, proof, uploads
from caloria.operations.backup.contents import Progress
from caloria.operations.backup.failure import BackupFailed, Broken
from caloria.operations.backup.into_file import FileTarget
from caloria.operations.backup.into_server import DatabaseTarget
from caloria.operations.backup.manifest import Manifest
from caloria.operations.backup.shelf import Backup, Shelf, key_of
from caloria.operations.backup.verify import require_files
from caloria.operations.upgrading import upgrade
from config import Config

# A machine that has nothing but the backup, its key and this code has no address of the app's yet.
UNNEEDED = ("database_url_missing",)


class NewerThanCode(BackupFailed):
    """The backup was made by a newer Caloria."""

    exit_code = NEWER


@dataclass
class Restored:
    """What came of it, and what is left to say."""

    kept: Manifest
    name: str
    uploads: Path | None
    files: int = 0
    notes: list[str] = field(default_factory=list)


def restore(
    config: Config, which: str, into: str, progress: Progress, uploads_into: Path | None = None
) -> Restored:
    """Restore the backup of this id or path into a database that does not exist yet, or is empty.

    Raises BackupFailed or StartupRefused, and then nothing is left of what was begun.
    """
    guard.require_usable_settings(config, UNNEEDED)
    backup = find(config, which)
    with refusing(backup):
        kept = backup.require()
        require_known(kept)
        require_files(backup.folder, kept)
        require_room(uploads_into)
        kind = FileTarget if kept.is_of_sqlite else DatabaseTarget
        with kind.made(config, into) as target:
            bring_back(config, backup, target, progress)
            return finished(backup, target, uploads_into)


def find(config: Config, which: str) -> Backup:
    folder = Path(which)
    if (folder / manifest.FILE).is_file():
        return Backup(folder.resolve(), key_of(config))
    return Shelf.of(config).find(which)


@contextmanager
def refusing(backup: Backup) -> Iterator[None]:
    try:
        yield
    except Broken as broken:
        raise BackupFailed(f"{backup.id} cannot be restored: {broken}. Nothing was changed.") from None


def require_known(kept: Manifest) -> None:
    if not revisions.is_known(kept.revision):
        raise NewerThanCode(
            f"{kept.id} is at revision {kept.revision}, unknown to this code. It was made by Caloria "
            f"{kept.facts['caloria_version']}: install that or a newer one. Nothing was changed."
        )


def require_room(folder: Path | None) -> None:
    if folder and folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise BackupFailed(f"{folder} is not an empty folder. Nothing was changed.")


def bring_back(
    config: Config, backup: Backup, target: FileTarget | DatabaseTarget, progress: Progress
) -> None:
    """Everything as it was backed up, and only then as this code needs it."""
    kept = backup.require()
    target.fill(backup.folder / proof.DUMP, kept, progress)
    proof.require_same(config, target.url, kept, progress)
    if kept.revision != revisions.head():
        progress("Upgrading", 0, 1)
        with target.opened() as connection:
            upgrade(connection)
    target.settle(kept)


def finished(backup: Backup, target: FileTarget | DatabaseTarget, uploads_into: Path | None) -> Restored:
    archive = backup.folder / uploads.FILE
    there = archive if archive.exists() else None
    restored = Restored(backup.require(), target.name, there, notes=target.notes)
    if uploads_into and there:
        restored.files, restored.uploads = unpack(archive, uploads_into), uploads_into
    return restored


def unpack(archive: Path, into: Path) -> int:
    was_there = into.exists()
    try:
        into.mkdir(mode=0o700, parents=True, exist_ok=True)
        return uploads.unpack(archive, into)
    except (OSError, tarfile.TarError) as error:
        shutil.rmtree(into, ignore_errors=True)
        if was_there:
            into.mkdir(mode=0o700, exist_ok=True)
        raise BackupFailed(f"The uploads were not restored into {into}: {error}.") from None
