"""A backup as one encrypted file: its folder as a plain tar, which age closes as it is made."""

import os
import tarfile
from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path
from typing import IO, NamedTuple

from pyrage import x25519

from caloria.integrations import age
from caloria.operations.backup import disk
from caloria.operations.backup.contents import Progress
from caloria.operations.backup.shelf import ID

ENDING = ".tar.age"
PIECE_BYTES = 64 * 1024


class NotAParcel(Exception):
    """What was decrypted is not a backup as this Caloria packs them; says so in a sentence."""


class Sealed(NamedTuple):
    """An encrypted file that is on the disk, and what a copy of it must be."""

    file: Path
    size: int
    sha256: str


class Pieces:
    """What is made piece by piece, to be read as a file is."""

    def __init__(self, pieces: Iterator[bytes]):
        # To read nothing means to be at the end.
        self.pieces, self.rest = filter(None, pieces), memoryview(b"")

    def read(self, size: int, /) -> bytes:
        if not self.rest:
            self.rest = memoryview(next(self.pieces, b""))
        piece, self.rest = self.rest[:size], self.rest[size:]
        return bytes(piece)


def seal(folder: Path, file: Path, recipient: str, progress: Progress) -> Sealed:
    """Encrypt a backup into a new file. Raises Unusable and OSError."""
    with open(os.open(file, os.O_RDWR | os.O_CREAT | os.O_TRUNC, disk.OURS_ALONE), "w+b") as target:
        age.encrypt(Pieces(packed(folder, progress)), target, recipient)
        target.flush()
        os.fsync(target.fileno())
        size = target.tell()
        target.seek(0)
        return Sealed(file, size, file_digest(target, "sha256").hexdigest())


def packed(folder: Path, progress: Progress) -> Iterator[bytes]:
    """The bytes of a tar in which everything lies in one folder, named as this one is."""
    files = disk.files_in(folder)
    for number, path in enumerate(files):
        progress("Encrypting", number, len(files))
        yield from member(path, f"{folder.name}/{path.relative_to(folder).as_posix()}")
    progress("Encrypting", len(files), len(files))
    yield bytes(2 * tarfile.BLOCKSIZE)


def member(path: Path, name: str) -> Iterator[bytes]:
    with path.open("rb") as file:
        info = tarfile.TarInfo(name)
        info.mode = disk.OURS_ALONE
        info.size, info.mtime = os.fstat(file.fileno()).st_size, int(os.fstat(file.fileno()).st_mtime)
        yield info.tobuf()
        yield from exactly(file, info.size)
    yield bytes(-info.size % tarfile.BLOCKSIZE)


def exactly(file: IO[bytes], size: int) -> Iterator[bytes]:
    """So many bytes: their number stands before them."""
    left = size
    while left and (piece := file.read(min(left, PIECE_BYTES))):
        left -= len(piece)
        yield piece
    if left:
        raise OSError(None, "a file of the backup became shorter while it was read")


def opened(file: Path, identities: list[x25519.Identity], work: Path) -> Path:
    """The folder of a backup, in `work`. Raises Unusable, NotAParcel and OSError.

    Nothing is unpacked before the last byte was found to be as it was written.
    """
    tar = work / "opened.tar"
    with file.open("rb") as source, tar.open("wb") as target:
        age.decrypt(source, target, identities)
    try:
        with tarfile.open(tar, "r:") as archive:
            return unpacked(archive, work / "opened")
    except (tarfile.TarError, ValueError):
        raise NotAParcel("The file was decrypted, and holds no backup.") from None
    finally:
        tar.unlink()


def unpacked(archive: tarfile.TarFile, into: Path) -> Path:
    """The one folder in a tar. Anybody can encrypt to a public key: only files as we pack them are taken."""
    names = set()
    for info in archive:
        parts = Path(info.name).parts
        if not info.isreg() or not 2 <= len(parts) <= 3 or not ID.fullmatch(parts[0]) or ".." in parts:
            raise NotAParcel("The file was decrypted, and holds something else than one backup.")
        names.add(parts[0])
        write(archive, info, into / Path(*parts))
    if len(names) != 1:
        raise NotAParcel("The file was decrypted, and does not hold one backup.")
    return into / names.pop()


def write(archive: tarfile.TarFile, info: tarfile.TarInfo, path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    source = archive.extractfile(info)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, disk.OURS_ALONE), "wb") as target:
        while source and (piece := source.read(PIECE_BYTES)):
            target.write(piece)
