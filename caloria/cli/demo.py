import sys

import click
from flask.cli import AppGroup

from caloria.extensions import settings
from caloria.operations import demo

group = AppGroup("demo", help="A demo person to try Caloria with.")


@group.command()
def load():
    """Load a demo person with months of diary."""
    if settings().environment == "production":
        raise click.ClickException("A demo person has no place among real ones: this is production.")
    try:
        habits = demo.find_habits()
        person = demo.create_person()
    except demo.DemoRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    days = demo.days_of(person)
    with click.progressbar(
        days, label="Logging days", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        entries = demo.log_days(person, habits, bar)
    click.echo(f"{person.name} ate {entries:,} things on {len(days)} days.")
    click.echo(f"Sign in as {demo.EMAIL} with the password: {demo.PASSWORD}")
