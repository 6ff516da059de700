"""Looking at the whole chain: in the database, in the files beside it, and as backups knew it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select

from caloria.models import AuditArchive, AuditEvent, AuditSeal
from caloria.models.clock import utc_now
from caloria.operations.audit import links
from caloria.operations.audit.chain import Chain
from caloria.operations.audit.file import File, verified
from caloria.operations.audit.heads import Head
from caloria.operations.backup.contents import Progress

# The act that puts events into a file; the events of it stay, and say which files there are.
ARCHIVED = "audit archive"
UNSEALED_FOR = timedelta(hours=1)


@dataclass
class Report:
    """What was found."""

    links: int = 0
    position: int = 0
    digest: str = ""
    unsealed: int = 0
    findings: list[str] = field(default_factory=list)
    # Archives whose files were not at hand.
    unread: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.findings

    @property
    def head(self) -> str | None:
        return f"{self.position}:{self.digest}" if self.position else None


def verify(connection: Connection, heads: Iterable[Head], folder: Path, progress: Progress) -> Report:
    """Read all of it, over a connection whose transaction sees one moment."""
    archives = connection.execute(select(AuditArchive.__table__)).all()
    names = sorted({archive.file for archive in archives})
    files = {name: verified(folder / name) for name in names if (folder / name).is_file()}
    report = Report(unread=[name for name in names if name not in files])
    report.findings += of_files(connection, names, files)
    chain = Chain(archives, heads, files)
    total = connection.scalar(select(func.max(AuditSeal.position))) or 0
    for link in links.read(connection):
        chain.read(link)
        if chain.links % links.AT_ONCE == 0:
            progress("Verifying", link.position, total)
    chain.end()
    report.findings += chain.findings
    report.links, report.position, report.digest = chain.links, chain.position, chain.digest
    note_unsealed(connection, report)
    return report


def of_files(connection: Connection, names: list[str], files: dict[str, File]) -> list[str]:
    """What is wrong with the files; one of which no event tells was not made by an act of an operator."""
    events = connection.scalars(select(AuditEvent.after).where(AuditEvent.act == ARCHIVED))
    told = {event["file"]: event["sha256"] for event in events if event}
    untold = [f"No event tells that {name} was archived." for name in names if name not in told]
    others = [
        f"{name} is another file than the one that was archived."
        for name, file in files.items()
        if name in told and file.sha256 != told[name]
    ]
    inside = [f"{name}: {finding}" for name, file in files.items() for finding in file.findings]
    return [*untold, *others, *inside]


def note_unsealed(connection: Connection, report: Report) -> None:
    """The newest events wait for the next minute; older ones should have been sealed."""
    waiting = AuditSeal.unsealed().order_by(None).subquery()
    report.unsealed = connection.scalar(select(func.count()).select_from(waiting)) or 0
    old = select(func.count(), func.min(waiting.c.sequence)).where(waiting.c.at < utc_now() - UNSEALED_FOR)
    number, first = connection.execute(old).one()
    if number:
        events = "event is" if number == 1 else "events are"
        report.findings.append(
            f"{number:,} {events} older than an hour and not sealed, the first of them {first}."
        )
