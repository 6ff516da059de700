"""Files that are there to stay: written, and known to have reached the disk."""

import os
import shutil
from collections.abc import Iterable
from hashlib import file_digest
from pathlib import Path
from typing import Any

from caloria.operations.backup.failure import BackupFailed

OURS_ALONE = 0o600
UNWRITTEN = ".partial"


def require_room(folder: Path, needed: int) -> None:
    """Raises BackupFailed unless so many bytes are free: a full disk hurts whatever else runs here."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        megabytes = f"{free // 1_000_000:,} MB free, and {needed // 1_000_000:,} MB are needed"
        raise BackupFailed(f"{folder} has {megabytes}.")


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(path: Path, content: bytes) -> None:
    """Put a file in place whole: whoever reads it sees what was there before, or all of this."""
    write_all(path, [content])


def write_all(path: Path, parts: Iterable[bytes]) -> None:
    """The same of what is too much to hold at once."""
    beside = path.with_name(path.name + UNWRITTEN)
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OURS_ALONE), "wb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    sync(path.parent)


def files_in(folder: Path) -> list[Path]:
    """Every file below a folder, in the same order each time."""
    return sorted(path for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())


def described(path: Path, root: Path) -> dict[str, Any]:
    """What a manifest says of a file, read back from the disk."""
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return {"name": path.relative_to(root).as_posix(), "size": path.stat().st_size, "sha256": digest}
