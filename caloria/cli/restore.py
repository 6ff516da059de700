"""`flask backup restore`: a database of before, beside that of now."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from caloria.cli.gate import unguarded
from caloria.cli.progress import on_terminal
from caloria.extensions import settings
from caloria.filters import count
from caloria.operations.backup.restore import Restored, restore


@click.command("restore")
@click.argument("which", metavar="ID|PATH")
@click.option("--into", required=True, metavar="NAME", help="A database, or a file, that is new or empty.")
@click.option(
    "--uploads-into",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder, new or empty, for what people uploaded.",
)
@unguarded
@with_appcontext
def restore_(which, into, uploads_into):
    """Restore a backup beside the live database, compare all of it, and say what comes next.

    Needs BACKUP_KEY, and for PostgreSQL MIGRATION_DATABASE_URL; for an ID also BACKUP_DIR.
    """
    with on_terminal() as progress:
        restored = restore(settings(), which, into, progress, uploads_into)
    for sentence in sentences(restored, uploads_into):
        click.echo(sentence)


def sentences(restored: Restored, uploads_into: Path | None):
    kept = restored.kept
    moment = kept.snapshot_at.strftime("%Y-%m-%d %H:%M:%S UTC")
    yield f"{restored.name} holds {kept.id}: all {count(sum(kept.rows.values()))} rows as of {moment}."
    yield from restored.notes
    if uploads_into:
        yield f"{count(restored.files)} uploaded files are in {uploads_into}."
    elif restored.uploads:
        yield f"What people uploaded is in {restored.uploads}: restore it with --uploads-into."
    if kept.is_of_sqlite:
        yield f"Next, in .env: DATABASE_URL=sqlite:///{restored.name}"
    else:
        yield f"Next, once Caloria is stopped on every server: flask database promote {restored.name}"
