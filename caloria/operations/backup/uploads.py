"""What people uploaded, as one archive beside the dump."""

import shutil
import stat
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from caloria.operations.backup.failure import BackupFailed

FILE = "uploads.tar"
LEFT_OUT = "what is a link or a device among the uploads was left out, such as {}"


def pack(folder: Path | None, into: Path) -> dict[str, Any]:
    """How many files there are now, and what was wrong. Raises OSError and BackupFailed.

    A folder that is not there yet is an empty one.
    """
    if folder is None:
        return {"files": 0}
    if into.resolve().is_relative_to(folder.resolve()):
        raise BackupFailed("BACKUP_DIR lies in UPLOAD_DIR: each backup would hold all those before it.")
    with tarfile.open(into / FILE, "x") as archive:
        every = list(paths_below(folder)) if folder.is_dir() else []
        left_out = [path for path in every if not add(archive, path, path.relative_to(folder).as_posix())]
        files = [member for member in archive.getmembers() if member.isfile()]
    return {"files": len(files)} | ({"problem": LEFT_OUT.format(left_out[0])} if left_out else {})


def paths_below(folder: Path) -> Iterator[Path]:
    """Everything in it. Raises OSError for a folder that cannot be read, which is no empty one."""
    for path in sorted(folder.iterdir()):
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from paths_below(path)


def add(archive: tarfile.TarFile, path: Path, name: str) -> bool:
    """Whether it is in now, or was deleted a moment ago; what no restore would bring back is left out."""
    with suppress(FileNotFoundError):
        if not (stat.S_ISREG(mode := path.lstat().st_mode) or stat.S_ISDIR(mode)):
            return False
        archive.add(path, name, recursive=False)
    return True


def unpack(archive: Path, into: Path) -> int:
    """Bring them back into a folder; the number of files. Raises OSError and tarfile.TarError."""
    with tarfile.open(archive) as packed:
        # By hand: the filters of tarfile are newer than the oldest Python that runs Caloria.
        members = [member for member in packed if is_harmless(member)]
        for member in members:
            bring_back(packed, member, into / member.name)
        return sum(member.isfile() for member in members)


def is_harmless(member: tarfile.TarInfo) -> bool:
    """Whether this is a file or a folder that stays inside."""
    inside = not member.name.startswith("/") and ".." not in Path(member.name).parts
    return inside and (member.isfile() or member.isdir())


def bring_back(packed: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> None:
    if member.isdir():
        path.mkdir(parents=True, exist_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    content = packed.extractfile(member)
    with path.open("xb") as file:
        shutil.copyfileobj(content, file) if content else None


def read_in_full(archive: Path) -> None:
    """Raises OSError and tarfile.TarError."""
    with tarfile.open(archive) as packed:
        for member in packed:
            if file := packed.extractfile(member):
                while file.read(1 << 20):
                    pass
