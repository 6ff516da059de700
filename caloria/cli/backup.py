"""`flask backup`: what operators do to keep every row, and to be able to show that they did."""

import sys

import click
from flask.cli import AppGroup, with_appcontext

from caloria import guard
from caloria.cli import backup_care
from caloria.cli.drill import drill_
from caloria.cli.gate import unguarded
from caloria.cli.progress import on_terminal
from caloria.cli.restore import restore_
from caloria.extensions import db, settings
from caloria.operations.backup import away, proof
from caloria.operations.backup.create import MANUAL, create
from caloria.operations.backup.failure import BackupFailed
from caloria.operations.backup.health import best
from caloria.operations.backup.manifest import BROKEN, PROVEN
from caloria.operations.backup.shelf import Backup, Shelf
from caloria.operations.backup.telling import told
from caloria.operations.backup.verify import verify
from config import Config

FILES = ("SECRET_KEY", "BACKUP_KEY", "DATABASE_URL", "MIGRATION_DATABASE_URL", "BACKUP_PROOF_URL")
group = AppGroup("backup", help="Backups that are proven, and what to do with them.")
for command in (
    backup_care.check,
    backup_care.accept,
    backup_care.discard,
    backup_care.prune_,
    drill_,
    restore_,
):
    group.add_command(command)


@group.command("create")
@click.option("--pin", is_flag=True, help="Keep it for 30 days, whatever else is pruned.")
@click.option("--reason", default=MANUAL, help="A word for the list, such as nightly.")
@unguarded  # it asks by itself: a refusal in the night is a failure to be told of
@with_appcontext
def create_(pin, reason):
    """Make a backup and prove it. Quiet unless somebody watches; exits 1 where something is wrong."""
    config = settings()

    def make() -> Backup:
        guard.require(config, db.metadata, is_aloud=sys.stderr.isatty())
        with on_terminal() as progress:
            return create(config, progress, reason, pin)

    backup = told(config, make)
    if not proof.is_possible(config, backup.require()):
        click.echo(f"{backup.id} was read, and is not proven: BACKUP_PROOF_URL is not set.", err=True)
    if sys.stdout.isatty():
        click.echo(f"{line(backup)}\n\n{beside(config)}")


def beside(config: Config) -> str:
    """What has to be kept as well, for without it a backup is worth less, or nothing."""
    others = [f"the file that {name}_FILE names" for name in FILES if config.sources.get(f"{name}_FILE")]
    others += ["the private half of BACKUP_RECIPIENT"] if config.backup_recipient else []
    kept = "\n  ".join([f"{config.root / '.env'}, with SECRET_KEY and BACKUP_KEY", *others])
    return f"It holds the database and the uploads. Keep elsewhere, for it does not hold them:\n  {kept}"


@group.command("list")
@click.option("--best", "only_best", is_flag=True, help="Only the newest that is proven and looks right.")
@click.option("--away", "only_away", is_flag=True, help="Only the copies that are elsewhere.")
@unguarded
@with_appcontext
def list_(only_best, only_away):
    """Say which backups are here, and what was proven of each."""
    if only_away:
        for copy in away.copies(settings(), lambda problem: click.echo(problem, err=True)):
            click.echo(f"{copy.id:<28}{copy.size // 1000:>12,} kB  {copy.place}")
        return
    shelf = Shelf.of(settings())
    if only_best:
        click.echo(id_of_best(shelf))
        return
    backups = shelf.backups()
    for name, state in shelf.unfinished():
        click.echo(f"{name:<28}{state}")
    for backup in backups:
        click.echo(line(backup))
    proven = sum(backup.state == PROVEN for backup in backups)
    click.echo(f"{len(backups)} {'backup' if len(backups) == 1 else 'backups'}, {proven} proven.", err=True)


def id_of_best(shelf: Shelf) -> str:
    found = best(shelf.meant(settings().database_id))
    if found is None:
        raise BackupFailed("No backup is proven and looks right: flask backup list shows what there is.")
    return found.id


def line(backup: Backup) -> str:
    if backup.manifest is None:
        return f"{backup.id:<28}{BROKEN:<10}{backup.problem}"
    made = backup.manifest
    database = made.facts["database"]
    told = f"{backup.id:<28}{made.state:<10}{made.size // 1000:>12,} kB  {database['environment']}"
    notes = [f"{sum(made.rows.values()):,} rows", made.facts["reason"]]
    notes += [f"pinned until {made.pinned_until:%Y-%m-%d}"] if made.pinned_until else []
    notes += [made.trouble] if made.trouble else []
    return ", ".join([told, *notes])


@group.command("verify")
@click.argument("name", metavar="ID|all")
@unguarded
@with_appcontext
def verify_(name):
    """Prove backups again: every file, all that is in it, and where BACKUP_PROOF_URL is set, a restore."""
    config = settings()
    names = [backup.id for backup in Shelf.of(config).backups()] if name == "all" else [name]
    with on_terminal() as progress:
        results = [attempt(config, each, progress) for each in names]
    for result in results:
        click.echo(result[0])
    if not all(is_fine for _, is_fine in results):
        raise click.exceptions.Exit(1)


def attempt(config, name, progress):
    """The line about one backup, and whether it holds: one that does not is no reason to skip the next."""
    try:
        backup = verify(config, name, progress)
    except BackupFailed as failure:
        told = failure.message.removeprefix(f"{name} ")
        return f"{name:<28}{told}", False
    return line(backup), backup.state != BROKEN
