"""A folder on another machine or disk, mounted here."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path

from caloria.integrations.store import PIECE_BYTES, Stored, StoreFailed

PARTIAL = ".partial"
OURS_ALONE = 0o600


class MountedFolder:
    """Files in one folder, which is never made here: where it is missing, nothing is mounted."""

    def __init__(self, folder: Path):
        self.folder = folder

    @property
    def where(self) -> str:
        return f"the folder {self.folder}"

    def keep(self, file: Path, name: str, sha256: str) -> None:
        partial = self.folder / (name + PARTIAL)
        with self.told():
            try:
                copy(file, partial)
                if digest(partial) != sha256:
                    raise StoreFailed(f"What {self.where} gives back is not what was written to it.")
                partial.replace(self.folder / name)
                sync(self.folder)
            finally:
                partial.unlink(missing_ok=True)

    def fetch(self, name: str, target: Path) -> None:
        with self.told():
            if not (self.folder / name).is_file():
                raise StoreFailed(f"There is no {name} in {self.where}.")
            shutil.copyfile(self.folder / name, target)

    def stored(self) -> list[Stored]:
        with self.told():
            found = [(path.name, path.stat()) for path in sorted(self.folder.iterdir()) if path.is_file()]
        return [Stored(name, at.st_size, datetime.fromtimestamp(at.st_mtime, UTC)) for name, at in found]

    def clean(self, ending: str) -> None:
        with self.told():
            for left in self.folder.glob(f"*{ending}{PARTIAL}"):
                left.unlink(missing_ok=True)

    @contextmanager
    def told(self) -> Iterator[None]:
        try:
            # Looking for files in a folder that is missing finds none, and says nothing.
            self.folder.stat()
            yield
        except OSError as error:
            raise StoreFailed(f"A copy in {self.where} failed: {error.strerror}.") from None


def copy(file: Path, target: Path) -> None:
    """Copy, and wait until the copy is on the disk."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OURS_ALONE)
    with file.open("rb") as source, open(descriptor, "wb") as copied:
        shutil.copyfileobj(source, copied, PIECE_BYTES)
        copied.flush()
        os.fsync(descriptor)


def digest(path: Path) -> str:
    """The SHA-256 of a file as the disk has it, where the system can be made to forget what it wrote."""
    with path.open("rb") as file:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return file_digest(file, "sha256").hexdigest()


def sync(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; some shares cannot say so."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        return
    finally:
        os.close(descriptor)
