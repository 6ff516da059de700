import click
from flask.cli import AppGroup

from caloria import guard
from caloria.cli.consistency import check
from caloria.cli.environments import setup, verify
from caloria.cli.gate import unguarded
from caloria.extensions import db, settings
from caloria.operations.adoption import adopt as adopt_database
from caloria.operations.database_facts import database_facts

group = AppGroup("database", help="Which database this is.")
group.add_command(check)
group.add_command(setup)
group.add_command(verify)


@group.command()
@unguarded
def show():
    """Say which database this is and what is in it. Works in every state."""
    for name, value in database_facts(settings()):
        click.echo(f"{name:<12} {value}")


@group.command()
@click.option("--moved", is_flag=True, help="It is the same database: PostgreSQL was moved or upgraded.")
@click.option("--copy", is_flag=True, help="It is a copy, which from now on is a database of its own.")
@click.option("--name", prompt="The name of the database", help="To be sure that it is the one you mean.")
@unguarded
def adopt(moved, copy, name):
    """Accept a database that stands on another server, or comes from another environment."""
    if moved == copy:
        raise click.UsageError("Say which it is: --moved or --copy.")
    guard.require_for_adoption(settings(), db.metadata)
    if name != settings().migration_database_url.database:
        raise click.ClickException(f"The configured database is not named {name}. Nothing was changed.")
    database_id = adopt_database(settings(), as_copy=copy)
    click.echo("This database is now a database of its own." if copy else "This database keeps its identity.")
    click.echo(f"CALORIA_DB_ID={database_id}")
