"""`flask backup drill`: a restore that is tried before one is needed."""

import sys

import click
from flask.cli import with_appcontext

from caloria.cli.progress import on_terminal
from caloria.extensions import settings
from caloria.filters import count
from caloria.operations.backup.drill import Drill, drill
from caloria.operations.backup.failure import BackupFailed


@click.command("drill")
@click.argument("name", metavar="[ID]", required=False)
@with_appcontext
def drill_(name):
    """Restore the newest proven backup where nobody sees it, start Caloria on it and read a page.

    Quiet unless somebody watches; exits 1 where that does not work.
    """
    with on_terminal() as progress:
        held = drill(settings(), name, progress)
    if not held.passed:
        raise BackupFailed(f"The drill with {held.backup} failed: {held.problem}.")
    if sys.stdout.isatty():
        click.echo(line(held))


def line(held: Drill) -> str:
    rows, seconds = count(held.rows), f"{held.seconds:.1f}"
    return f"Restored {rows} rows in {held.restore_seconds:.1f} s; a page after {seconds} s."
