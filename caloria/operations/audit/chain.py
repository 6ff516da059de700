"""Whether the links of the audit hold together, and if not, where and how."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from caloria.models.audit_seal import START, linked
from caloria.operations.audit.file import File
from caloria.operations.audit.heads import Head
from caloria.operations.audit.links import Link


class Doubt(NamedTuple):
    """A link that is not made of its event and the link before: the next one tells which was altered."""

    link: Link
    computed: str


class Chain:
    """Reads links in their order, and keeps what is wrong with them as sentences.

    Archives are rows of audit_archives; files are those of them that are at hand, by their names.
    """

    def __init__(
        self,
        archives: Iterable[Any] = (),
        heads: Iterable[Head] = (),
        files: dict[str, File] | None = None,
    ):
        self.position, self.digest = 0, START
        self.links = 0
        self.findings: list[str] = []
        self.archives = sorted(archives, key=lambda each: each.first_position)
        self.heads = sorted(heads)
        self.files = files or {}
        self.doubt: Doubt | None = None

    def read(self, link: Link) -> None:
        """The next link that the database has."""
        self.pass_archives(link.position)
        if link.position != self.position + 1:
            self.miss(self.position + 1, link.position - 1)
        elif link.event is not None:
            self.compare(link, link.event)
        if link.event is None:
            self.settle()
            self.findings.append(f"Event {link.sequence}, sealed at position {link.position}, was removed.")
        self.links += 1
        self.reach(link.position, link.digest)

    def end(self) -> None:
        """There are no more links."""
        self.pass_archives(None)
        self.settle()
        for head in self.heads:
            self.findings.append(
                f"The end was removed: {head.known_from} knows position {head.position}, "
                f"and the chain ends at {self.position}."
            )

    def compare(self, link: Link, event: str) -> None:
        computed = linked(self.digest, event)
        if self.doubt and linked(self.doubt.computed, event) == link.digest:
            return self.settle("The seal at position {position}, of event {sequence}, was altered.")
        self.settle()
        if computed != link.digest:
            self.doubt = Doubt(link, computed)
        return None

    def settle(self, said: str = "Event {sequence}, sealed at position {position}, was altered.") -> None:
        """Say what the link was that did not hold."""
        if self.doubt:
            self.findings.append(said.format(**self.doubt.link._asdict()))
        self.doubt = None

    def miss(self, first: int, last: int) -> None:
        """Links that are nowhere; what follows them cannot be held against anything."""
        self.settle()
        if last < first:
            self.findings.append(f"Position {last + 1} is there and in an archive as well.")
        elif first == last:
            self.findings.append(f"The seal at position {first} was removed.")
        else:
            self.findings.append(f"The seals from position {first} to {last} were removed.")

    def pass_archives(self, until: int | None) -> None:
        """Go on behind what was archived before this position."""
        while self.archives and (until is None or self.archives[0].first_position < until):
            archive = self.archives.pop(0)
            self.settle()
            if archive.first_position != self.position + 1:
                self.miss(self.position + 1, archive.first_position - 1)
            if archive.file in self.files:
                self.look_into(self.files[archive.file], archive)
            self.reach(archive.last_position, archive.last_digest)

    def look_into(self, file: File, archive: Any) -> None:
        """Whether the file goes on from here, to where the database says it does."""
        run = file.runs.get(archive.first_position)
        said = (self.digest, archive.last_position, archive.last_digest)
        if run is None or (run.previous, run.last, run.digest) != said:
            first, last = archive.first_position, archive.last_position
            self.findings.append(f"{archive.file} does not hold the positions from {first} to {last}.")

    def reach(self, position: int, digest: str) -> None:
        """Be here, which is where a head may have been once."""
        self.position, self.digest = position, digest
        while self.heads and self.heads[0].position <= position:
            head = self.heads.pop(0)
            # Inside an archive nothing but its file could tell.
            if head.position == position and head.digest != digest:
                self.findings.append(f"Position {position} is another one than {head.known_from} knows.")
