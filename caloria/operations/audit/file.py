"""Files of old events: lines of JSON in gzip, that can be verified without the database."""

import gzip
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path
from typing import IO, Any, cast

from caloria.models.audit_seal import linked
from caloria.operations.audit.links import Link
from caloria.operations.backup import disk

FORMAT = 1
UNREADABLE = (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError)


@dataclass
class Run:
    """Links that follow one another, from the digest before them to the last."""

    first: int
    last: int
    previous: str
    digest: str


@dataclass
class File:
    """What a file holds, and what is wrong with it."""

    name: str
    sha256: str = ""
    database: str = ""
    links: int = 0
    runs: dict[int, Run] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    _run: Run | None = None

    def add(self, position: int, previous: str, digest: str) -> None:
        """One link more, in their order."""
        self.links += 1
        if self._run and position == self._run.last + 1:
            if previous != self._run.digest:
                self.findings.append(f"Position {position} does not follow the one before it.")
            self._run.last, self._run.digest = position, digest
        else:
            self._run = self.runs[position] = Run(position, position, previous, digest)


class Writer:
    """Writes a file under another name, until all of it is on the disk."""

    def __init__(self, path: Path, database: str):
        self.path, self.beside = path, path.with_name(path.name + disk.UNWRITTEN)
        self.file = File(path.name, database=database)
        descriptor = os.open(self.beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, disk.OURS_ALONE)
        self.raw: IO[bytes] = open(descriptor, "wb")  # noqa: SIM115  closed by finish or discard
        self.packed = gzip.GzipFile(filename="", fileobj=self.raw, mode="wb", compresslevel=6, mtime=0)
        self.say({"format": FORMAT, "database": database})

    def say(self, said: dict[str, Any]) -> None:
        self.packed.write((json.dumps(said, separators=(",", ":")) + "\n").encode())

    def write(self, link: Link, previous: str) -> None:
        self.file.add(link.position, previous, link.digest)
        said = {"position": link.position, "sequence": link.sequence}
        self.say({**said, "previous": previous, "digest": link.digest, "event": link.event})

    def finish(self) -> None:
        """Give it its name, once it is on the disk."""
        self.say({"links": self.file.links})
        self.packed.close()
        self.raw.flush()
        os.fsync(self.raw.fileno())
        self.raw.close()
        self.beside.replace(self.path)
        disk.sync(self.path.parent)

    def discard(self) -> None:
        """Leave nothing unfinished behind; what is finished stays."""
        with suppress(OSError, ValueError):
            self.packed.close()
        self.raw.close()
        self.beside.unlink(missing_ok=True)


def verified(path: Path) -> File:
    """Read a file, and hold each link against the one before it. Needs nothing but the file."""
    file = File(path.name)
    try:
        with path.open("rb") as raw:
            file.sha256 = file_digest(raw, "sha256").hexdigest()
        for said in lines(path):
            take(file, said)
    except UNREADABLE:
        file.findings.append(f"It cannot be read beyond link {file.links}.")
    return file


def take(file: File, said: dict[str, Any]) -> None:
    """Raises ValueError, KeyError or TypeError for what is no line of such a file."""
    if "format" in said:
        if said["format"] != FORMAT:
            raise ValueError("another format")
        file.database = said["database"]
    elif "links" in said:
        if said["links"] != file.links:
            file.findings.append(f"It holds {file.links} links in place of {said['links']}.")
    else:
        position = said["position"]
        file.add(position, said["previous"], said["digest"])
        if linked(said["previous"], said["event"]) != said["digest"]:
            file.findings.append(f"Event {said['sequence']}, sealed at position {position}, was altered.")


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Each line; raises EOFError where the last one is missing."""
    said: dict[str, Any] = {}
    with gzip.open(path, "rt", encoding="ascii") as text:
        for line in cast("IO[str]", text):
            said = json.loads(line)
            yield said
    if "links" not in said:
        raise EOFError
