import sys

import click
from flask.cli import AppGroup

from caloria.operations.food_import import import_starter
from caloria.operations.starter import starter_foods

group = AppGroup("foods", help="Bring foods into the database.")


@group.group("import")
def import_():
    """Import foods from a source; what is there already is brought up to date."""


@import_.command()
def starter():
    """Import the everyday foods that Caloria ships."""
    foods = starter_foods()
    with click.progressbar(
        foods, label="Importing foods", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        result = import_starter(bar)
    click.echo(f"{result.stored} foods with {result.portions} portions are in the database.")
    if not result.reconciles:
        raise click.ClickException(f"{result.read} foods were read but only {result.stored} are stored.")
