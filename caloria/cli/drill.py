"""`flask backup drill`: a restore that is tried before one is needed."""

import sys

import click
from flask.cli import with_appcontext

from caloria.cli.progress import on_terminal
from caloria.extensions import settings
from caloria.operations.backup.drill import Drill, drill
from caloria.operations.backup.telling import told_of_drill


@click.command("drill")
@click.argument("name", metavar="[ID]", required=False)
@with_appcontext
def drill_(name):
    """Restore the newest proven backup where nobody sees it, start Caloria on it and read a page.

    Quiet unless somebody watches; exits 1 where that does not work.
    """
    config = settings()
    with on_terminal() as progress:
        held = told_of_drill(config, lambda: drill(config, name, progress))
    if sys.stdout.isatty():
        click.echo(line(held))


def line(held: Drill) -> str:
    rows = f"{held.rows:,}"
    return f"Restored {rows} rows in {held.restore_seconds:.1f} s; a page after {held.seconds:.1f} s."
