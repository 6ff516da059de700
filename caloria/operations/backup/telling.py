"""Who hears of a backup or a drill: the database, for admins; the audit; by mail, when something is wrong."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click
from sqlalchemy import select

from caloria import guard
from caloria.integrations import mail
from caloria.integrations.ping import PingFailed, ping
from caloria.models import AuditEvent, BackupRun, Identity
from caloria.models.backup_run import BACKUP, DRILL, FAILED, PASSED
from caloria.operations.backup.drill import Drill
from caloria.operations.backup.failure import BackupFailed
from caloria.operations.backup.proof import is_possible
from caloria.operations.backup.shelf import Backup
from caloria.operations.backup.source import plain
from caloria.operations.turn import Busy
from config import Config

log = logging.getLogger(__name__)


def told(config: Config, make: Callable[[], Backup]) -> Backup:
    """The backup that is made, once everybody who should know of it does.

    Raises what making it raises; and BackupFailed where there is one, but something is wrong with it.
    """
    with alarming(config, "The backup failed", BACKUP):
        backup = make()
    made = backup.require()
    note(
        config,
        kind=BACKUP,
        state=made.state,
        backup=made.id,
        snapshot_at=made.snapshot_at,
        size_bytes=made.size,
        seconds=made.seconds,
        suspicion=made.suspicion,
        problem=made.problem,
    )
    if made.trouble:
        alarm(config, "Something is wrong with the backup", f"{made.id}: {made.trouble}")
        raise BackupFailed(f"{made.id}: {made.trouble}.")
    if is_possible(config, made):  # also where a large one is only proven weekly
        call(config)
    return backup


def told_of_drill(config: Config, hold: Callable[[], Drill]) -> Drill:
    """The drill that is held, once the database knows of it. Raises BackupFailed where it did not pass."""
    with alarming(config, "The drill failed", DRILL):
        held = hold()
    state = PASSED if held.passed else FAILED
    note(config, kind=DRILL, state=state, backup=held.backup, seconds=held.seconds, problem=held.problem)
    if not held.passed:
        failure = f"The drill with {held.backup} failed: {held.problem}."
        alarm(config, "The drill failed", failure)
        raise BackupFailed(failure)
    return held


@contextmanager
def alarming(config: Config, subject: str, kind: str) -> Iterator[None]:
    """What fails inside is noted and mailed, and raised on; that another run is under way is no failure."""
    try:
        yield
    except Busy:
        raise
    except guard.StartupRefused as refused:
        # It may be somebody else's database: nothing is written there.
        alarm(config, subject, refused.message)
        raise
    except click.ClickException as failure:
        fail(config, kind, subject, failure.message)
        raise
    except Exception as error:  # its words may repeat what people wrote
        fail(config, kind, subject, f"Something that nobody thought of went wrong: {type(error).__name__}.")
        raise


def fail(config: Config, kind: str, subject: str, problem: str) -> None:
    note(config, kind=kind, state=FAILED, problem=problem)
    alarm(config, subject, problem)


def note(config: Config, **said: Any) -> None:
    """Write it into the database, which may be what is away: then the silence tells."""
    url = config.migration_database_url
    with suppress(click.ClickException, LookupError), plain(config, guard.usable(url)) as connection:
        if config.database_id not in (None, connection.scalar(select(Identity.uuid))):
            return
        BackupRun.note_over(connection, server=config.server, **said)
        after = {name: str(value) for name, value in said.items() if value is not None}
        AuditEvent.note_over(connection, f"{said['kind']} {said['state']}", backup_named(said), after=after)


def backup_named(said: dict[str, Any]) -> str:
    return f"backup {said['backup']}" if said.get("backup") else "no backup"


def alarm(config: Config, subject: str, text: str) -> None:
    """Write to ALERT_EMAIL, if there is one."""
    if config.alert_email:
        where = f"Caloria in {config.environment} on {config.server}"
        mail.send(config, config.alert_email, f"{subject} ({config.server})", f"{where}:\n\n{text}\n")


def call(config: Config) -> None:
    """Tell the service that waits for this call that all is well."""
    if not config.backup_ping_url:
        return
    try:
        ping(config.backup_ping_url)
    except PingFailed as failed:
        log.warning("BACKUP_PING_URL: %s", failed)
