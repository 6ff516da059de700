"""`flask database promote`: from now on, this is the live database."""

import click
from flask.cli import with_appcontext

from caloria.cli.gate import unguarded
from caloria.extensions import settings
from caloria.operations.promotion import Promoted, PromotionRefused, promote, require_live_name
from caloria.operations.replacements import KEPT_FOR


@click.command("promote")
@click.argument("database", metavar="NAME")
@click.option(
    "--name", prompt="The name of the live database", help="To be sure that you mean to replace it."
)
@unguarded
@with_appcontext
def promote_(database, name):
    """Make the restored database NAME the live one. Caloria has to be stopped on every server.

    The live database is kept, closed, under another name for seven days.
    """
    if name != require_live_name(settings()):
        raise PromotionRefused(f"The live database is not named {name}.")
    for sentence in sentences(promote(settings(), database), database):
        click.echo(sentence)


def sentences(promoted: Promoted, database: str):
    was = f", which was {database}" if promoted.live != database else ""
    yield f"{promoted.live} is the live database{was}. Everybody has to sign in again."
    if promoted.replaced:
        yield f"What was {promoted.live} is kept for {KEPT_FOR.days} days, closed, as {promoted.replaced}."
        yield f"To go back: flask database promote {promoted.replaced}"
    if settings().database_id is None:
        yield f"CALORIA_DB_ID={promoted.database_id}"
