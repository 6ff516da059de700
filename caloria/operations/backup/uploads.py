"""What people uploaded, as one archive beside the dump."""

import stat
import tarfile
from contextlib import suppress
from pathlib import Path

from caloria.operations.backup.failure import BackupFailed

FILE = "uploads.tar"


def pack(folder: Path | None, into: Path) -> None:
    """Raises OSError and BackupFailed. A folder that is not there yet is an empty one."""
    if folder is None:
        return
    if into.resolve().is_relative_to(folder.resolve()):
        raise BackupFailed("BACKUP_DIR lies in UPLOAD_DIR: each backup would hold all those before it.")
    with tarfile.open(into / FILE, "x") as archive:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
            add(archive, path, path.relative_to(folder).as_posix())


def add(archive: tarfile.TarFile, path: Path, name: str) -> None:
    """What somebody deleted a moment ago is no loss. What no restore would bring back is refused."""
    with suppress(FileNotFoundError):
        if not (stat.S_ISREG(mode := path.lstat().st_mode) or stat.S_ISDIR(mode)):
            raise BackupFailed(f"{path} is no file of its own, but a link or a device. Move it away.")
        archive.add(path, name, recursive=False)


def unpack(archive: Path, into: Path) -> int:
    """Bring them back into a folder; the number of files. Raises OSError and tarfile.TarError."""
    with tarfile.open(archive) as packed:
        packed.extractall(into, filter="data")
        return sum(member.isfile() for member in packed)


def read_in_full(archive: Path) -> None:
    """Raises OSError and tarfile.TarError."""
    with tarfile.open(archive) as packed:
        for member in packed:
            if file := packed.extractfile(member):
                while file.read(1 << 20):
                    pass
