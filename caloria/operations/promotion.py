"""Giving a restored database the name of the live one, which is kept under another name for seven days."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, cast
from uuid import UUID

import click
from sqlalchemy import URL, Connection, bindparam, delete, select, text, update
from sqlalchemy.exc import DBAPIError

from caloria import guard
from caloria.guard import revisions
from caloria.guard.subject import Subject, binding
from caloria.models import AuditEvent, Erasure, Identity, Job, PasswordReset, Reminder, Session
from caloria.operations.backup import place
from caloria.operations.backup.place import Database
from caloria.operations.backup.postgresql import IN_USE
from caloria.operations.backup.source import plain
from caloria.operations.replacements import free_name
from caloria.operations.turn import Busy
from config import Config
from settings.database import is_sqlite
from settings.shell import named

# Who has just left may still be seen.
PATIENCE_SECONDS, ASK_AGAIN_SECONDS = 2, 0.1
# Without autovacuum, which leaves by itself. Where somebody comes from is not told to everyone.
CONNECTED = text("""
    SELECT datname, coalesce(nullif(application_name, ''), usename), host(client_addr), count(*)
    FROM pg_stat_activity WHERE datname IN :names AND usesysid IS NOT NULL AND pid <> pg_backend_pid()
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
""").bindparams(bindparam("names", expanding=True))


class PromotionRefused(click.ClickException):
    """Why no name was changed, in a sentence."""

    def __init__(self, reason: str):
        super().__init__(f"{reason} Nothing was changed.")


class Holding(NamedTuple):
    """What a database says that it is; without an id it is no database of Caloria's."""

    is_empty: bool = True
    uuid: UUID | None = None
    environment: str = ""
    epoch: int = 0
    revision: str = ""
    is_retired: bool = False


class Promoted(NamedTuple):
    """The name that is live, which database that is, and the name of the one before, if there was one."""

    live: str
    database_id: UUID
    replaced: str | None


def promote(config: Config, name: str) -> Promoted:
    """Make the database of this name the live one. Interrupted at any moment, it can be run again.

    Raises PromotionRefused, BackupFailed, Busy or StartupRefused.
    """
    live = require_live_name(config)
    url = place.server_of(config, live, name)
    with plain(config, url, isolation_level="AUTOCOMMIT") as server:
        require_alone(server, live)
        candidate, before = require_renamable(server, name, live)
        for each in (candidate, before):
            admit(server, each)  # a promotion that was interrupted left them closed
        try:
            found = look(config, url.set(database=name))
            present = look(config, url.set(database=live)) if before else Holding()
            require_fit(config, candidate, found, present)
            erased = erased_in(config, url.set(database=live)) if before else {}
            with shut(server, candidate, before):
                require_nobody(server, name, live)
                admit(server, candidate)
                database_id = renew(config, url.set(database=name), candidate, present.epoch, erased)
                return Promoted(live, database_id, swap(config, url, candidate, before))
        except BaseException:
            if not candidate.is_open:
                allow(server, name, False)
            raise


def require_live_name(config: Config) -> str:
    guard.require_usable_settings(config)
    addresses = (guard.usable(config.database_url), guard.usable(config.migration_database_url))
    if any(is_sqlite(url) for url in addresses):
        raise PromotionRefused("A SQLite file has no name on a server: set DATABASE_URL to the other file.")
    names = {str(url.database) for url in addresses}
    if len(names) > 1:
        raise PromotionRefused(
            f"DATABASE_URL and MIGRATION_DATABASE_URL differ: {' and '.join(sorted(names))}."
        )
    return names.pop()


def require_alone(server: Connection, live: str) -> None:
    if not place.is_ours_alone(server, live, place.LEAVING_SECONDS):
        raise Busy("Another promotion is under way.")


def require_renamable(server: Connection, name: str, live: str) -> tuple[Database, Database | None]:
    """Both of them. Raises PromotionRefused where the role may not rename them."""
    candidate, before = place.database(server, name), place.database(server, live)
    if candidate is None:
        raise PromotionRefused(f"There is no database {name}.")
    if candidate.is_unfinished:
        raise PromotionRefused(f"{name} is not complete: its restore was interrupted. Restore it again.")
    if name == live and not candidate.backup:
        raise PromotionRefused(f"{name} is the live database already.")
    place.require_maker(server)
    for each in filter(None, (candidate, before)):
        if not each.is_ours:
            me = place.me(server).name
            raise PromotionRefused(f"{each.name} belongs to {each.owner}, for which {me} may not act.")
    return candidate, before if name != live else None


def look(config: Config, url: URL) -> Holding:
    with plain(config, url) as connection:
        subject = Subject(config, url, connection, None)
        if place.holds_nothing(connection):
            return Holding()
        if "identity" not in subject.tables or not subject.has_identity:
            return Holding(is_empty=False)
        identity, epoch = subject.identity, connection.scalar(select(Identity.epoch))
        revision = ", ".join(subject.stamped)
        known = (identity.uuid, identity.environment, epoch or 0, revision, identity.retired)
        return Holding(False, *known)


def require_fit(config: Config, candidate: Database, found: Holding, present: Holding) -> None:
    """Refuse what is not the live database's own data, in the state that this code needs."""
    name, expected = candidate.name, present.uuid or config.database_id
    if found.uuid is None:
        raise PromotionRefused(f"{name} has no identity: it is no database of Caloria's.")
    if expected is None and not present.is_empty:
        raise PromotionRefused(
            "The live database has no identity. Set CALORIA_DB_ID to the one it should have."
        )
    if expected not in (None, found.uuid):
        raise PromotionRefused(f"{name} is {found.uuid}, and the live database is {expected}.")
    if found.environment != config.environment:
        raise PromotionRefused(f"{name} belongs to {found.environment}, and this is {config.environment}.")
    if found.revision != revisions.head():
        needed = f"this code needs {revisions.head()}: restore it with this code"
        raise PromotionRefused(f"{name} is at revision {found.revision or 'none'}, and {needed}.")
    if found.is_retired:
        raise PromotionRefused(f"{name} was retired: its data moved to another database.")


def allow(server: Connection, name: str, may_connect: bool) -> None:
    if place.database(server, name):
        said = "true" if may_connect else "false"
        server.exec_driver_sql(f"ALTER DATABASE {named(name)} ALLOW_CONNECTIONS {said}")


def admit(server: Connection, closed: Database | None) -> None:
    if closed:
        allow(server, closed.name, True)


@contextmanager
def shut(server: Connection, candidate: Database, before: Database | None) -> Iterator[None]:
    """Let nobody in any more; taken back where the names stay as they are."""
    both = [each.name for each in (before, candidate) if each]
    try:
        for name in both:
            allow(server, name, False)
        yield
    except BaseException:
        for name in both:
            allow(server, name, True)
        raise


def require_nobody(server: Connection, *names: str) -> None:
    """Nobody is thrown out: who writes to a database that is being replaced should be stopped on purpose."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while there := server.execute(CONNECTED, {"names": names}).all():
        if time.monotonic() > give_up_at:
            raise PromotionRefused(f"{told(there)}. Stop Caloria on every server first.")
        time.sleep(ASK_AGAIN_SECONDS)


def told(there: Any) -> str:
    total = sum(count for *_, count in there)
    who = [f"{app}{f' from {host}' if host else ''} in {name} ({count})" for name, app, host, count in there]
    return f"{total} {'connection is' if total == 1 else 'connections are'} open: {', '.join(who)}"


def erased_in(config: Config, url: URL) -> dict[str, str]:
    """Who was erased from the live database, and is not to come back by another one."""
    with plain(config, url) as connection:
        return Erasure.known(connection)


def renew(config: Config, url: URL, candidate: Database, live_epoch: int, erased: dict[str, str]) -> UUID:
    """Tell the database that this is its place now, and that its data went back in time; return its id."""
    with plain(config, url) as connection:
        before = connection.execute(select(Identity)).mappings().one()
        system_identifier, oid = binding(connection)
        changed = {
            "system_identifier": system_identifier,
            "database_oid": oid,
            "epoch": max(live_epoch, before["epoch"]) + 1,
            "restored_from": candidate.backup or str(before["uuid"]),
        }
        connection.execute(update(Identity).values(changed))
        # Who signed out since, or changed the password, would be signed in again.
        connection.execute(delete(Session))
        connection.execute(delete(PasswordReset))
        # The database that is replaced may have mailed since.
        Job.forget_unfinished(connection)
        Reminder.begin_anew(connection)
        Erasure.repeat(connection, erased)
        note(connection, candidate, {key: before[key] for key in changed}, changed)
        return before["uuid"]


def note(connection: Connection, candidate: Database, before: dict, after: dict) -> None:
    said = [{key: str(value) for key, value in values.items()} for values in (before, after)]
    name = f"database {candidate.name}"
    AuditEvent.note_over(connection, "database promote", name, before=said[0], after=said[1])


def swap(config: Config, url: URL, candidate: Database, before: Database | None) -> str | None:
    """Exchange the names, both or neither; the replaced database stays closed. Returns its new name."""
    live = guard.usable(config.database_url).database
    with plain(config, url) as server, refused_in_use():
        replaced = free_name(server, str(live)) if before else None
        if before:
            server.exec_driver_sql(f"ALTER DATABASE {named(live)} RENAME TO {named(replaced)}")
        if candidate.name != live:
            server.exec_driver_sql(f"ALTER DATABASE {named(candidate.name)} RENAME TO {named(live)}")
        server.exec_driver_sql(f"ALTER DATABASE {named(live)} ALLOW_CONNECTIONS true")
        place.remark(server, str(live), None)
    return replaced


@contextmanager
def refused_in_use() -> Iterator[None]:
    """PostgreSQL looks again, with nobody let in meanwhile, and waits for a few seconds."""
    try:
        yield
    except DBAPIError as error:
        if getattr(cast("Any", error.orig), "pgcode", None) != IN_USE:
            raise
        raise PromotionRefused("Somebody connected meanwhile. Stop Caloria on every server first.") from None
