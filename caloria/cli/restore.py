"""`flask backup restore`: a database of before, beside that of now."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from caloria.cli.gate import unguarded
from caloria.cli.progress import on_terminal
from caloria.extensions import settings
from caloria.operations.backup.manifest import Manifest
from caloria.operations.backup.restore import Restored, restore

OF_SCRUBBED = (
    "Nothing in it says who anybody is: it is a development database of its own.",
    "Nobody can sign in yet: flask users create, or ask for a new password, whose mail is a file.",
)


@click.command("restore")
@click.argument("which", metavar="ID|PATH")
@click.option("--into", required=True, metavar="NAME", help="A database, or a file, that is new or empty.")
@click.option(
    "--uploads-into",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder, new or empty, for what people uploaded.",
)
@click.option(
    "--age-key",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The file with the private age key, for an encrypted copy.",
)
@click.option("--scrub", is_flag=True, help="Take out what says anything of people: for development.")
@unguarded
@with_appcontext
def restore_(which, into, uploads_into, age_key, scrub):
    """Restore a backup beside the live database, compare all of it, and say what comes next.

    Needs BACKUP_KEY; for PostgreSQL the address of a role that may make databases, in BACKUP_PROOF_URL or
    MIGRATION_DATABASE_URL; for an ID also BACKUP_DIR.
    """
    if scrub and uploads_into:
        raise click.UsageError("What people uploaded cannot be scrubbed: leave out --uploads-into.")
    with on_terminal() as progress:
        restored = restore(settings(), which, into, progress, uploads_into, age_key, scrub)
    for sentence in sentences(restored, uploads_into, scrub):
        click.echo(sentence)


def all_of(kept: Manifest) -> str:
    return f"{kept.id}: all {sum(kept.rows.values()):,} rows"


def sentences(restored: Restored, uploads_into: Path | None, is_scrubbed: bool):
    kept = restored.kept
    moment = kept.snapshot_at.strftime("%Y-%m-%d %H:%M:%S UTC")
    rows = f"what is left of {kept.id} once it is scrubbed," if is_scrubbed else all_of(kept)
    yield f"{restored.name} holds {rows} as of {moment}."
    yield from restored.notes
    if uploads_into and restored.uploads:
        yield f"{restored.files:,} uploaded files are in {uploads_into}."
    elif restored.uploads and not is_scrubbed:
        yield "It also holds what people uploaded: restore that with --uploads-into FOLDER."
    if is_scrubbed:
        yield from OF_SCRUBBED
    if is_scrubbed and not kept.is_of_sqlite:
        yield f"Next, in the .env of a developer: the address of {restored.name}, CALORIA_ENV=development"
    elif kept.is_of_sqlite:
        yield f"Next, in .env: DATABASE_URL=sqlite:///{restored.name}"
    else:
        yield f"Next, once Caloria is stopped on every server: flask database promote {restored.name}"
