"""The files of a source, in a folder, in a zip, or as they are; none of them is ever held as a whole."""

import gzip
import io
import lzma
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

from caloria.operations.bulk_import.unfit import UnfitFile

CHUNK = 1 << 20
# What is packed a thousandfold is no list of foods: the published files come to some ten- or twentyfold.
MOST_UNPACKED, SMALL = 200, 64 << 20
# What a broken file raises, of whichever of its layers.
BROKEN = (BadZipFile, EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, NotImplementedError)

Told = Callable[[int], None]


class Measured(io.RawIOBase):
    """A stream that tells how far it has been read in what is on the disk, and is no bomb."""

    def __init__(self, stream: Any, place: Callable[[], int], tell: Told):
        self.stream, self.place, self.tell_place, self.given = stream, place, tell, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        read = self.stream.read(len(buffer))
        buffer[: len(read)] = read
        self.given += len(read)
        place = self.place()
        self.tell_place(place)
        if self.given > SMALL and self.given > MOST_UNPACKED * max(place, 1):
            raise UnfitFile("It holds more than two hundred times its size: it is made to fill a disk.")
        return len(read)


class Package:
    """What lies at a path: files by their names, in a folder or a zip, or in a folder within it."""

    def __init__(self, path: Path):
        self.path = path
        if not path.exists():
            raise UnfitFile(f"There is no {path}.")
        self.zip = None if path.is_dir() or path.suffix.lower() != ".zip" else _zip(path)
        places = [place for place in self._places() if not place.startswith("__MACOSX")]
        self.names = {PurePosixPath(place).name: place for place in places}
        # What is there more than once: nobody knows which of them is meant.
        times = Counter(PurePosixPath(place).name for place in places)
        self.repeated = {name for name in times if times[name] > 1}
        self.read = 0

    def _places(self) -> list[str]:
        """Where each file is."""
        if self.zip:
            return [each.filename for each in self.zip.infolist() if not each.is_dir()]
        if not self.path.is_dir():
            return [self.path.name]
        found = (each for pattern in ("*", "*/*") for each in self.path.glob(pattern))
        return sorted(str(each.relative_to(self.path)) for each in found if each.is_file())

    def size(self, *names: str) -> int:
        """How many bytes on the disk these files are."""
        return sum(self._size(self.names[name]) for name in names if name in self.names)

    def _size(self, place: str) -> int:
        if self.zip:
            return self.zip.getinfo(place).compress_size
        return (self.path / place if self.path.is_dir() else self.path).stat().st_size

    @contextmanager
    def open(self, name: str, tell: Told = lambda _bytes: None) -> Iterator[BinaryIO]:
        """Read one of the files, unpacked. Raises UnfitFile, also where it turns out to be broken."""
        if name in self.repeated:
            raise UnfitFile(f"{self.path.name} holds more than one {name}. Import one download at a time.")
        before = self.read

        def say(place: int) -> None:
            self.read = before + place
            tell(self.read)

        try:
            with self._stream(name, say) as stream:
                yield stream
        except BROKEN as error:
            raise UnfitFile(
                f"{name} is broken or ends too early ({error or type(error).__name__})."
            ) from None
        self.read = before + self.size(name)

    @contextmanager
    def _stream(self, name: str, tell: Told) -> Iterator[BinaryIO]:
        if self.zip:
            member = self.zip.getinfo(self.names[name])
            _require_modest(member)
            with self.zip.open(member) as packed:
                unread = cast("Any", packed)
                with _buffered(
                    packed, lambda: member.compress_size - max(unread._compress_left, 0), tell
                ) as file:
                    yield file
            return
        path = self.path / self.names[name] if self.path.is_dir() else self.path
        with (
            path.open("rb") as file,
            _unpacked(file, path.suffix) as stream,
            _buffered(stream, file.tell, tell) as buffered,
        ):
            yield buffered


def _buffered(stream: Any, place: Callable[[], int], tell: Told) -> BinaryIO:
    return cast("BinaryIO", io.BufferedReader(Measured(stream, place, tell), CHUNK))


@contextmanager
def _unpacked(file: BinaryIO, suffix: str) -> Iterator[Any]:
    if suffix.lower() != ".gz":
        yield file
        return
    with gzip.GzipFile(fileobj=file) as stream:
        yield stream


def _zip(path: Path) -> ZipFile:
    with suppress(OSError):
        try:
            return ZipFile(path)
        except BadZipFile:
            raise UnfitFile(f"{path.name} is no zip, or not all of one: it may have been cut off.") from None
    raise UnfitFile(f"{path} cannot be read.")


def _require_modest(member: ZipInfo) -> None:
    if member.flag_bits & 1:
        raise UnfitFile(f"{member.filename} needs a password.")
    if member.file_size > SMALL and member.file_size > MOST_UNPACKED * max(member.compress_size, 1):
        size = f"{member.file_size:,} bytes out of {member.compress_size:,}"
        raise UnfitFile(f"{member.filename} would unpack to {size}: it is made to fill a disk.")
