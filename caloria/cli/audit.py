"""`flask audit`: whether the audit is whole, and where old events are kept."""

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from caloria import guard
from caloria.cli.gate import unguarded
from caloria.cli.progress import on_terminal
from caloria.extensions import db, settings
from caloria.operations.audit import heads
from caloria.operations.audit.file import File, verified
from caloria.operations.audit.verify import Report, verify
from caloria.operations.backup.failure import BackupFailed
from caloria.operations.backup.source import at_one_moment
from config import Config
from settings.database import describe

FOLDER = "audit"
group = AppGroup(
    "audit", help="Whether what is noted of everybody's acts is whole, and files for what is old."
)


@group.command("verify")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--head", "said", help="POSITION:DIGEST, as an earlier run printed it: it must still be there.")
@click.option("--archives", type=click.Path(path_type=Path), help="Where the files are (instance/audit).")
@click.option("--json", "as_json", is_flag=True, help="Say it in JSON.")
@unguarded  # a file needs no database
@with_appcontext
def verify_(file, said, archives, as_json):
    """Look for removed and altered events, here or in a FILE of old ones. Exits 1 if there are any."""
    if file:
        tell(of_file(verified(file)), as_json, str(file))
        return
    config = settings()
    guard.require(config, db.metadata, is_aloud=sys.stderr.isatty())
    known = [given(said)] if said else []
    with on_terminal() as progress, at_one_moment(config, config.database_url) as connection:
        known += known_to_backups(config, connection)
        report = verify(connection, known, archives or config.instance_path / FOLDER, progress)
    tell(report, as_json, describe(config.database_url))


@group.command("archive")
@click.option(
    "--before", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Events before this day, UTC."
)
@click.option("--to", "folder", type=click.Path(path_type=Path), help="A folder (instance/audit).")
@with_appcontext
def archive_(before, folder):
    """Move old events, and all about people who were erased, into a file that verifies on its own."""
    # Loaded here: no other command has to read all of this.
    from caloria.operations.audit.archive import archive

    config = settings()
    folder = folder or config.instance_path / FOLDER
    with on_terminal() as progress:
        file = archive(config, before.replace(tzinfo=UTC), folder, progress)
    if file is None:
        click.echo("Nothing is old enough.")
        return
    click.echo(f"{folder / file.name} holds {file.links:,} events. They are no longer in the database.")


def given(said: str) -> heads.Head:
    try:
        return heads.read(said)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def known_to_backups(config: Config, connection) -> list[heads.Head]:
    """How far the newest backup knows the chain; none where there are no backups to ask."""
    if config.backup_dir is None:
        return []
    try:
        head = heads.on_the_shelf(config, connection)
    except BackupFailed as failed:
        click.echo(f"No backup was compared: {failed.message}", err=True)
        return []
    return [head] if head else []


def of_file(file: File) -> Report:
    last = next(reversed(file.runs.values()), None)
    place = (last.last, last.digest) if last else (0, "")
    return Report(file.links, *place, findings=file.findings)


def tell(report: Report, as_json: bool, where: str) -> None:
    """Say what was found, and exit as it was."""
    if as_json:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        said = {"whole": report.is_whole, "head": report.head, "at": at, **asdict(report)}
        click.echo(json.dumps(said, indent=1))
    else:
        tell_in_words(report, where)
    if not report.is_whole:
        raise click.exceptions.Exit(1)


def tell_in_words(report: Report, where: str) -> None:
    for finding in report.findings:
        click.echo(finding)
    for name in report.unread:
        click.echo(f"Not read: {name}. Name its folder with --archives.", err=True)
    if report.is_whole:
        waiting = f" {report.unsealed:,} wait to be sealed." if report.unsealed else ""
        click.echo(f"The audit in {where} is whole: {report.links:,} sealed events.{waiting}")
        if report.head:
            click.echo(f"Head: {report.head}")
    else:
        number = len(report.findings)
        click.echo(f"{number} {'finding' if number == 1 else 'findings'} in {where}.", err=True)
