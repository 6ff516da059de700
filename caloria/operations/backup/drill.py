"""A drill: the newest proven backup is restored, Caloria is started on it, and a person's page is read there.

It shows that a restore would work, and how long one takes. Whatever it makes is gone when it ends.
"""

import secrets
import socket
import subprocess
import time
from html import unescape
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, insert, select, text, true

from caloria import guard
from caloria.guard import revisions
from caloria.guard.subject import binding
from caloria.models import Entry, Session, User
from caloria.models.clock import utc_now
from caloria.models.session import digest
from caloria.operations.backup import proof, throwaway, verify
from caloria.operations.backup.contents import Progress
from caloria.operations.backup.failure import BackupFailed, Broken
from caloria.operations.backup.health import newest_proven
from caloria.operations.backup.rehearsal import Rehearsal, ask
from caloria.operations.backup.shelf import Backup, Shelf
from caloria.operations.backup.source import plain
from caloria.operations.backup.stopping import stopping_in_order
from config import Config

NEWEST_ENTRY = (
    select(Entry.user_id, Entry.day, Entry.name)
    .join(User, User.id == Entry.user_id)
    .where(User.active == true(), Entry.deleted_at.is_(None))
    .order_by(Entry.created_at.desc())
    .limit(1)
)
BIND = text("UPDATE identity SET system_identifier = :server, database_oid = :number")
OURS = text("SELECT uuid FROM identity WHERE id = 1")


class Drill(NamedTuple):
    """How a drill went. All seconds are from its beginning; those of what was not reached are None."""

    backup: str
    at: str
    host: str
    rows: int
    restore_seconds: float | None
    start_seconds: float | None
    seconds: float
    problem: str | None

    @property
    def passed(self) -> bool:
        return self.problem is None


class Page(NamedTuple):
    """What is asked for in the end, as whom, and what must stand there."""

    path: str
    token: str
    words: str


class Watch:
    """How long each step took, counted from the beginning."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.reached: dict[str, float] = {}

    def note(self, step: str) -> None:
        self.reached[step] = round(time.monotonic() - self.began, 1)


def drill(config: Config, name: str | None, progress: Progress) -> Drill:
    """Hold a drill with the backup of this id, or with the newest that is proven, and write down how it went.

    Raises BackupFailed and Busy where there was none.
    """
    shelf = Shelf.of(config)
    with shelf.locked(), stopping_in_order():
        backup = shelf.find(name) if name else newest(config, shelf)
        held = hold(config, backup, progress)
        backup.require().facts.setdefault("drills", []).append(held._asdict())
        backup.keep(shelf.key)
        return held


def newest(config: Config, shelf: Shelf) -> Backup:
    """The newest proven backup of the database of this installation. Raises BackupFailed."""
    url = guard.usable(config.database_url)
    with plain(config, url) as connection:
        ours = UUID(str(connection.scalar(OURS)))
    found = newest_proven(shelf.of_database(ours))
    if found is None:
        raise BackupFailed(f"There is no proven backup of this database in {shelf.folder}.")
    return shelf.find(found.id)


def hold(config: Config, backup: Backup, progress: Progress) -> Drill:
    kept, watch, at, problem = backup.require(), Watch(), utc_now(), None
    try:
        steps(config, backup, progress, watch)
    except (Broken, BackupFailed, OSError, subprocess.SubprocessError) as failed:
        problem = (getattr(failed, "message", "") or str(failed)).rstrip(".")
    watch.note("end")
    return Drill(
        backup=kept.id,
        at=at.isoformat(timespec="seconds"),
        host=socket.gethostname(),
        rows=sum(kept.rows.values()),
        restore_seconds=watch.reached.get("restore"),
        start_seconds=watch.reached.get("start"),
        seconds=watch.reached.get("page", watch.reached["end"]),
        problem=problem,
    )


def steps(config: Config, backup: Backup, progress: Progress, watch: Watch) -> None:
    """Raises Broken, BackupFailed and what the operating system does."""
    kept = backup.require()
    verify.require_files(backup.folder, kept)
    progress("Restoring", 0, 1)
    with throwaway.restored(kept, backup.folder, config.root) as url:
        watch.note("restore")
        rehearsal = Rehearsal(config, kept, url)
        ours = rehearsal.config
        proof.require_same(ours, guard.usable(ours.database_url), kept, progress)
        prepare(rehearsal, kept.revision)
        page = page_of(ours)
        progress("Starting", 0, 1)
        with rehearsal.serving() as port:
            watch.note("start")
            read(page, ask(port, page.path, rehearsal.cookie(page.token)))
            watch.note("page")


def prepare(rehearsal: Rehearsal, revision: str) -> None:
    """Bind the database to its server, as an operator who restores it would, and bring it up to this code."""
    ours = rehearsal.config
    with plain(ours, guard.usable(ours.database_url)) as connection:
        server, number = binding(connection)
        connection.execute(BIND, {"server": server, "number": number})
    if revision != revisions.head():
        rehearsal.migrate()


def page_of(ours: Config) -> Page:
    """The day of the newest entry, by whose it is; where nobody logged anything, the way in."""
    with plain(ours, guard.usable(ours.database_url)) as connection:
        found = connection.execute(NEWEST_ENTRY).first()
        if found is None:
            return Page("/login", "", "")
        return Page(f"/diary/{found.day}", signed_in(connection, found.user_id), found.name)


def signed_in(connection: Connection, user_id: UUID) -> str:
    """A session of this person, in the throw-away database alone, which nobody can sign in to elsewhere."""
    token = secrets.token_urlsafe(32)
    connection.execute(insert(Session).values(token_hash=digest(token), user_id=user_id))
    return token


def read(page: Page, answer: Any) -> None:
    """Raises Broken, without a word of what people wrote."""
    if answer.status != 200:
        raise Broken(f"a page of the newest entry's person answered {answer.status or 'nothing'}")
    if page.words not in unescape(answer.text):
        raise Broken("the page of the newest entry does not show that entry")
