"""`flask backup check`, `accept` and `prune`: looking after backups once they are made."""

import sys
from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from caloria.cli.gate import unguarded
from caloria.extensions import db, settings
from caloria.models import AuditEvent, BackupRun
from caloria.operations.backup.failure import BackupFailed
from caloria.operations.backup.health import Worry, best, hours, unreadable, worries
from caloria.operations.backup.manifest import Manifest
from caloria.operations.backup.retention import prune, set_aside
from caloria.operations.backup.shelf import DELETED, Shelf
from caloria.operations.backup.source import opened
from caloria.operations.replacements import drop_expired

# What Nagios and its kin understand.
OK, WARNING, CRITICAL, UNKNOWN = range(4)
WORDS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")


@click.command()
@click.option("--nagios", is_flag=True, help="One line, and the exit codes of a Nagios plugin.")
@unguarded
@with_appcontext
def check(nagios):
    """Say whether there is a proven backup of last night, and nothing to worry about. Asks no database."""
    now = datetime.now(UTC)
    try:
        config = settings()
        shelf = Shelf.of(config)
        ours = shelf.meant(config.database_id)
    except BackupFailed as failure:
        if not nagios:
            raise
        code, told = UNKNOWN, f"BACKUP {WORDS[UNKNOWN]} - {failure.message}"
    else:
        found = [*worries(ours, now), *unreadable(shelf)]
        code = CRITICAL if any(worry.is_urgent for worry in found) else WARNING if found else OK
        told = nagios_line(code, found, ours, now) if nagios else lines(found, ours, now)
    click.echo(told)
    raise click.exceptions.Exit(code if nagios else int(code == CRITICAL))


def lines(found: list[Worry], ours: list[Manifest], now: datetime) -> str:
    said = [f"{'URGENT' if worry.is_urgent else 'note':<8}{worry.text}" for worry in found]
    return "\n".join([*said, standing(ours, now)])


def standing(ours: list[Manifest], now: datetime) -> str:
    newest = best(ours)
    if newest is None:
        return "No backup is proven: everything could be lost."
    return f"The newest proven backup is {newest.id}: you could lose {hours(now - newest.snapshot_at)}."


def nagios_line(code: int, found: list[Worry], ours: list[Manifest], now: datetime) -> str:
    newest = best(ours)
    told = " ".join(worry.text for worry in found).replace("|", "/") or standing(ours, now)
    age = f" | age={int((now - newest.snapshot_at).total_seconds())}s" if newest else ""
    return f"BACKUP {WORDS[code]} - {told}{age}"


@click.command()
@click.argument("name", metavar="ID")
@with_appcontext
def accept(name):
    """Say that a backup that looks wrong is right: what is missing in it was meant to go."""
    shelf = Shelf.of(settings())
    with shelf.locked():
        backup = shelf.find(name)
        made = backup.require()
        if not made.suspicion:
            raise BackupFailed(f"Nothing looks wrong about {made.id}.")
        AuditEvent.note("backup accept", f"backup {made.id}", after={"suspicion": made.suspicion})
        made.accept()
        backup.keep(shelf.key)
        db.session.execute(BackupRun.trusted(made.id))
        db.session.commit()
    click.echo(f"{made.id} is right as it is.")


@click.command()
@click.argument("name", metavar="ID")
@with_appcontext
def discard(name):
    """Set aside a backup that nobody should restore, such as one of damaged data; it goes a day later."""
    shelf = Shelf.of(settings())
    with shelf.locked():
        backup = shelf.find(name)
        AuditEvent.note("backup discard", f"backup {backup.id}")
        set_aside(backup.folder)
        db.session.execute(BackupRun.forgotten(backup.id))
        db.session.commit()
    click.echo(f"{backup.id} is set aside. To have it back: take {DELETED} off the name of its folder.")


@click.command("prune")
@with_appcontext
def prune_():
    """Set aside what need not be kept, and remove what was set aside the day before. Quiet in cron."""
    config = settings()
    with opened(config) as source:
        database_id = source.database_id
    pruned = prune(Shelf.of(config), database_id, datetime.now(UTC))
    for word, names in (("set aside", pruned.aside), ("removed", pruned.gone)):
        for name in names:
            AuditEvent.note(f"backup {word}", f"backup {name}")
    db.session.commit()
    if pruned.frozen:
        raise BackupFailed(f"Nothing is pruned: {pruned.frozen}.")
    for name in drop_expired(config):
        AuditEvent.note("database dropped", f"database {name}")
    db.session.commit()
    if sys.stdout.isatty():
        click.echo(f"{len(pruned.aside)} set aside, {len(pruned.gone)} removed.")
