"""What people uploaded, as one archive beside the dump."""

import tarfile
from pathlib import Path

FILE = "uploads.tar"


def pack(folder: Path | None, into: Path) -> None:
    """Raises OSError. A folder that is not there yet is an empty one."""
    if folder is None:
        return
    with tarfile.open(into / FILE, "x") as archive:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
            archive.add(path, path.relative_to(folder).as_posix(), recursive=False)


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
