"""Restoring a backup beside what is there: whole, compared with its manifest, and brought up to this code."""

import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from caloria import guard
from caloria.guard import revisions
from caloria.guard.refusal import NEWER
from caloria.models import Erasure, Job
from caloria.operations.backup import away, manifest, proof, uploads
from caloria.operations.backup.contents import Progress
from caloria.operations.backup.failure import BackupFailed, Broken, NotSetUp
from caloria.operations.backup.into_file import FileTarget
from caloria.operations.backup.into_server import DatabaseTarget
from caloria.operations.backup.manifest import Manifest
from caloria.operations.backup.scrubbed import bring_back_scrubbed
from caloria.operations.backup.shelf import OPENED, Backup, Shelf, key_of
from caloria.operations.backup.stopping import stopping_in_order
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
    config: Config,
    which: str,
    into: str,
    progress: Progress,
    uploads_into: Path | None = None,
    age_key: Path | None = None,
    scrubbed: bool = False,
) -> Restored:
    """Restore the backup of this id or path into a database that does not exist yet, or is empty.

    With an age key it is the copy of that id elsewhere, or the file of this path. Raises BackupFailed or
    StartupRefused, and then nothing is left of what was begun.
    """
    guard.require_usable_settings(config, UNNEEDED)
    with stopping_in_order(), found(config, which, age_key) as backup, refusing(backup):
        kept = backup.require()
        require_known(kept)
        require_files(backup.folder, kept)
        require_room(uploads_into)
        kind = FileTarget if kept.is_of_sqlite else DatabaseTarget
        with kind.made(config, into) as target:
            if scrubbed:
                fill = partial(bring_back, config, backup, progress=progress)
                bring_back_scrubbed(config, target, fill, progress)
            else:
                bring_back(config, backup, target, progress)
            target.settle(kept)
            return finished(backup, target, uploads_into)


@contextmanager
def found(config: Config, which: str, age_key: Path | None) -> Iterator[Backup]:
    """The backup that is meant, opened for as long as the block lasts where it is encrypted."""
    if age_key is None:
        yield find(config, which)
        return
    home = config.backup_dir if config.backup_dir and config.backup_dir.is_dir() else None
    with TemporaryDirectory(prefix=OPENED, dir=home) as work:
        file = Path(which)
        opened = away.unpack(file, age_key, Path(work)) if file.is_file() else None
        yield Backup(opened or away.fetch(config, which, age_key, Path(work)), key_of(config))


def find(config: Config, which: str) -> Backup:
    folder = Path(which)
    if folder.is_file():
        raise BackupFailed(f"{which} is encrypted, or no backup: say --age-key FILE. Nothing was changed.")
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
    with target.opened() as connection:
        if kept.revision != revisions.head():
            progress("Upgrading", 0, 1)
            upgrade(connection)
        Job.forget_unfinished(connection)  # whom its original mailed since hears of it once
        again = Erasure.repeat(connection, erased_by_now(config, kept))
        connection.commit()
    if again:
        people = "1 person, who was" if again == 1 else f"{again:,} people, who were"
        target.notes.append(f"Erased again: {people} erased after this backup was made.")


def erased_by_now(config: Config, kept: Manifest) -> dict[str, str]:
    """Who was erased, as every backup of the same database says that is on the shelf."""
    with suppress(NotSetUp):
        manifests = Shelf.of(config).of_database(kept.database_id)
        return {user_id: at for each in [kept, *manifests] for user_id, at in each.erasures.items()}
    return kept.erasures


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
