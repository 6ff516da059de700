"""Old events, and those about people who were erased, go from the database into a file."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import click
from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import DBAPIError

from caloria import guard
from caloria.models import AuditArchive, AuditEvent, AuditSeal, Erasure, Identity
from caloria.models.clock import utc_now
from caloria.models.user import ADDRESS_CHANGE
from caloria.operations.audit import links
from caloria.operations.audit.chain import Chain
from caloria.operations.audit.file import File, Run, Writer, verified
from caloria.operations.audit.verify import ARCHIVED
from caloria.operations.backup.contents import Progress
from caloria.operations.connecting import engine_at
from caloria.operations.invitations import INVITED
from caloria.operations.triggers import without_triggers
from caloria.operations.turn import take_turn
from config import Config

TRANSFERRED = "transfer"  # of operations/transfer, which is much to load
# What Caloria itself reads again later; and without the files' own events nothing would tell of the files.
READ_LATER = frozenset({ARCHIVED, TRANSFERRED, INVITED, ADDRESS_CHANGE})
AN_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ArchiveFailed(click.ClickException):
    """Nothing was removed."""


class Archive:
    """One act: written, read back, and only then removed."""

    def __init__(self, connection: Connection, before: datetime, folder: Path):
        self.connection, self.before, self.folder = connection, before, folder
        erased = connection.scalars(select(Erasure.user_id))
        self.erased = {str(user_id) for user_id in erased}
        self.newest = connection.scalar(AuditSeal.head()) or 0
        self.database = str(connection.scalar(select(Identity.uuid)))

    def is_meant(self, link: links.Link) -> bool:
        """Whether it goes into the file; the newest link stays, for the chain goes on from it."""
        if link.position == self.newest or link.act == ARCHIVED:
            return False
        if self.erased and not self.erased.isdisjoint(AN_ID.findall(link.event or "")):
            return True
        return cast("datetime", link.at) < self.before and link.act not in READ_LATER

    def write(self, progress: Progress) -> File | None:
        """The file, read back; None where nothing is old enough. Raises ArchiveFailed."""
        writer = Writer(self.folder / self.name, self.database)
        try:
            self.write_links(writer, progress)
            if not writer.file.links:
                return None
            writer.finish()
        finally:
            writer.discard()
        return self.read_back(writer)

    def write_links(self, writer: Writer, progress: Progress) -> None:
        chain = Chain(self.connection.execute(select(AuditArchive.__table__)).all())
        for link in links.read(self.connection):
            chain.pass_archives(link.position)
            previous = chain.digest
            chain.read(link)
            if chain.findings or chain.doubt:
                raise ArchiveFailed("The chain is not whole. Look first: flask audit verify")
            if self.is_meant(link):
                writer.write(link, previous)
            if chain.links % links.AT_ONCE == 0:
                progress("Writing", link.position, self.newest)

    def read_back(self, writer: Writer) -> File:
        file = verified(writer.path)
        if file.findings or (file.links, file.runs) != (writer.file.links, writer.file.runs):
            raise ArchiveFailed(f"{writer.path} was not read back as it was written.")
        return file

    @property
    def name(self) -> str:
        return f"audit-{utc_now():%Y%m%dT%H%M%S.%fZ}-{self.database[:8]}.jsonl.gz"

    def remove(self, file: File) -> None:
        """Take out of the database what the file holds, with a note of where it is."""
        with without_triggers(self.connection, AuditEvent.__tablename__, AuditSeal.__tablename__):
            removed = sum(self.remove_run(file, run) for run in file.runs.values())
        if removed != file.links:
            raise ArchiveFailed("The database holds other events than the file.")
        said = {"file": file.name, "sha256": file.sha256, "events": file.links}
        AuditEvent.note_over(self.connection, ARCHIVED, f"file {file.name}", after=said)

    def remove_run(self, file: File, run: Run) -> int:
        place = AuditSeal.position.between(run.first, run.last)
        events = delete(AuditEvent).where(AuditEvent.sequence.in_(select(AuditSeal.sequence).where(place)))
        removed: Any = self.connection.execute(events)
        self.connection.execute(delete(AuditSeal).where(place))
        said = {"first_position": run.first, "last_position": run.last, "last_digest": run.digest}
        self.connection.execute(insert(AuditArchive).values(**said, file=file.name, archived_at=utc_now()))
        return removed.rowcount


def archive(config: Config, before: datetime, folder: Path, progress: Progress) -> File | None:
    """Move what is older into a file in this folder. Raises ArchiveFailed and Busy."""
    url = guard.usable(config.migration_database_url)
    prepare(folder)
    try:
        with engine_at(config, url).connect() as connection:
            take_turn(connection)
            return moved(Archive(connection, before, folder), progress)
    except OSError as error:
        raise ArchiveFailed(f"Nothing was removed: {folder}: {error.strerror}.") from None
    except DBAPIError as error:
        state = getattr(cast("Any", error.orig), "pgcode", None)
        raise ArchiveFailed(f"Nothing was removed: the database refused (SQLSTATE {state}).") from None


def moved(act: Archive, progress: Progress) -> File | None:
    """The file is there, and read back, before anything is removed."""
    file = act.write(progress)
    if file:
        progress("Removing", 0, 1)
        act.remove(file)
    act.connection.commit()
    return file


def prepare(folder: Path) -> None:
    """Make the folder, for this user alone. Raises ArchiveFailed."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveFailed(f"{folder} cannot be made: {error.strerror}.") from None
