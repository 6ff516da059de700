"""The folder of backups: which are there, who works in it, and what an interrupted run left."""

import fcntl
import os
import re
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from uuid import UUID

from caloria.operations.backup import disk, manifest
from caloria.operations.backup.failure import BackupFailed, Broken, NotSetUp
from caloria.operations.backup.manifest import BROKEN, Manifest
from caloria.operations.turn import Busy
from config import Config

PARTIAL, DELETED = ".partial", ".deleted"
RUNNING, UNFINISHED = "running", "unfinished"
LOCK = ".lock"
# Copies from elsewhere, decrypted for as long as they are restored.
OPENED = "caloria-away-"
ASKED, ASK_AGAIN_SECONDS = 10, 0.1
MOMENT = "%Y%m%dT%H%M%SZ"
ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
KEY = "$(python3 -c 'import secrets; print(secrets.token_hex(32))')"


class Backup:
    """One folder on the shelf, with its manifest, or with the reason why there is none to rely on."""

    def __init__(self, folder: Path, key: str):
        self.folder, self.id = folder, folder.name
        self.manifest: Manifest | None = None
        self.problem: str | None = None
        try:
            self.manifest = self.read(key)
        except Broken as broken:
            self.problem = str(broken)

    def read(self, key: str) -> Manifest:
        read = Manifest.read(self.folder / manifest.FILE, key)
        if read.id != self.id:
            raise Broken(f"its manifest is that of {read.id}")
        return read

    @property
    def is_made(self) -> bool:
        return not self.id.endswith((PARTIAL, DELETED))

    @property
    def state(self) -> str:
        return self.manifest.state if self.manifest else BROKEN

    def require(self) -> Manifest:
        """Its manifest. Raises BackupFailed where there is none to rely on."""
        if self.manifest is None:
            raise BackupFailed(f"{self.id} cannot be used: {self.problem}.")
        return self.manifest

    def keep(self, key: str) -> None:
        """Write down what the manifest says now. Raises BackupFailed; it says what it said before then."""
        try:
            disk.write(self.folder / manifest.FILE, self.require().text(key))
        except OSError as error:
            found = f"What was found of {self.id} could not be written down: {error.strerror}."
            raise BackupFailed(found) from None


class Shelf:
    """BACKUP_DIR."""

    def __init__(self, folder: Path, key: str):
        self.folder, self.key = folder, key

    @classmethod
    def of(cls, config: Config) -> "Shelf":
        """Raises NotSetUp where a setting is missing, or others can open the folder."""
        if config.backup_dir is None:
            raise NotSetUp(
                f"BACKUP_DIR is not set. To mend: {config.correct('BACKUP_DIR', '/var/backups/caloria')}"
            )
        return cls(config.backup_dir, key_of(config))

    def backups(self) -> list[Backup]:
        """Every backup that was finished, the oldest first; another database's among them."""
        found = [Backup(path, self.key) for path in self.folders() if path.is_dir()]
        return [backup for backup in found if backup.is_made]

    def folders(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return sorted(path for path in self.folder.iterdir() if ID.match(path.name))

    def of_database(self, database_id: UUID) -> list[Manifest]:
        """What can be read of this database's backups, the oldest first."""
        return [each for each in self.readable() if each.database_id == database_id]

    def meant(self, pinned: UUID | None) -> list[Manifest]:
        """Those of the database that is pinned; of any, where none is. Asks no database."""
        return self.of_database(pinned) if pinned else self.readable()

    def readable(self) -> list[Manifest]:
        """The manifests of all backups that have one, the oldest first."""
        every = [each.manifest for each in self.backups() if each.manifest]
        return sorted(every, key=lambda each: each.snapshot_at)

    def find(self, name: str) -> Backup:
        """The backup of this id, or in the folder of this path. Raises BackupFailed."""
        for folder in (self.folder / name, Path(name)):
            if ID.fullmatch(folder.name) and folder.is_dir():
                return Backup(folder, self.key)
        raise BackupFailed(f"There is no backup {name} in {self.folder}.")

    def unfinished(self) -> list[tuple[str, str]]:
        """What has no manifest yet: the run that is under way, and what others left."""
        state = RUNNING if self.is_busy() else UNFINISHED
        return [(path.name, state) for path in self.folders() if path.name.endswith(PARTIAL)]

    def is_busy(self) -> bool:
        """Whether somebody has the lock. Asking makes nothing, and is soon over for whoever wants it then."""
        try:
            with (self.folder / LOCK).open() as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone on the shelf. Raises Busy; NotSetUp where the folder cannot be used; BackupFailed."""
        self.prepare()
        with ExitStack() as stack:
            try:
                take(stack.enter_context((self.folder / LOCK).open("ab+", buffering=0)))
            except OSError as error:
                raise BackupFailed(f"{self.folder} cannot be written: {error.strerror}.") from None
            yield

    def prepare(self) -> None:
        """Make the folder, for this user alone."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            mode = self.folder.stat().st_mode
        except OSError as error:
            raise NotSetUp(f"BACKUP_DIR {self.folder} cannot be used: {error.strerror}.") from None
        if mode & 0o077:
            raise NotSetUp(f"Others can open BACKUP_DIR. To mend: chmod 700 {self.folder}")
        if not os.access(self.folder, os.W_OK | os.X_OK):
            raise NotSetUp(f"BACKUP_DIR {self.folder} cannot be written by this user.")

    def clean(self) -> None:
        """Remove what interrupted runs left, for whoever holds the lock. Raises BackupFailed."""
        try:
            left = [path for path in self.folders() if path.name.endswith(PARTIAL)]
            for path in [*left, *self.folder.glob(f"{OPENED}*")]:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        except OSError as error:
            raise BackupFailed(f"What an interrupted run left cannot be removed: {error.strerror}.") from None

    def new_id(self, snapshot_at: datetime, database_id: UUID) -> str:
        name = f"{snapshot_at.astimezone(UTC).strftime(MOMENT)}-{str(database_id)[:8]}"
        if (self.folder / name).exists():
            raise BackupFailed(f"{name} is there already: one backup in a second is enough.")
        return name


def key_of(config: Config) -> str:
    """Raises NotSetUp."""
    if config.backup_key is None:
        mend = config.correct("BACKUP_KEY", KEY, lambda text: f'"{text}"')
        unset = "BACKUP_KEY is not set. It is the key that signed the backups; before the first one, any"
        raise NotSetUp(f"{unset}. To mend: {mend}")
    return config.backup_key


def take(file: IO[bytes]) -> None:
    """Raises Busy and OSError."""
    if not is_had(file):
        file.seek(0)
        who = file.read().decode().strip() or "it has only begun"
        raise Busy(f"A backup is under way already: {who}.")
    file.truncate(0)
    since = datetime.now(UTC).isoformat(timespec="seconds")
    file.write(f"process {os.getpid()} on {socket.gethostname()} since {since}".encode())


def is_had(file: IO[bytes]) -> bool:
    """Whether the lock is ours. Who only asks whether there is one has it for a moment, too."""
    for _ in range(ASKED):
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(ASK_AGAIN_SECONDS)
    return False
