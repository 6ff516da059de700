from uuid import UUID

import click
from flask.cli import AppGroup

from caloria import guard
from caloria.cli.consistency import check
from caloria.cli.environments import setup, verify
from caloria.cli.gate import unguarded
from caloria.cli.promotion import promote_
from caloria.extensions import db, settings
from caloria.operations.adoption import AdoptionRefused, adopt_tables
from caloria.operations.adoption import adopt as adopt_database
from caloria.operations.database_facts import database_facts

group = AppGroup("database", help="Which database this is.")
group.add_command(check)
group.add_command(setup)
group.add_command(verify)
group.add_command(promote_)


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
    """Accept a database on purpose: one that stands on another server now, one that comes from another
    environment, or, with neither option, tables that no migration made but that equal those of a revision.
    """
    if moved and copy:
        raise click.UsageError("Say which it is: --moved or --copy.")
    database_id = accept(copy, name) if moved or copy else accept_tables(name)
    click.echo(f"CALORIA_DB_ID={database_id}")


def accept(as_copy: bool, name: str) -> UUID:
    guard.require_for_adoption(settings(), db.metadata)
    require_name(name)
    database_id = adopt_database(settings(), as_copy)
    click.echo(f"This database {'is now a database of its own' if as_copy else 'keeps its identity'}.")
    return database_id


def accept_tables(name: str) -> UUID:
    guard.require_tables(settings())
    require_name(name)
    try:
        database_id, revision = adopt_tables(settings())
    except AdoptionRefused as refusal:
        raise click.ClickException(f"{refusal} Nothing was changed.") from None
    click.echo(f"Its tables are those of revision {revision}, which it now has.")
    return database_id


def require_name(name: str) -> None:
    if name != settings().migration_database_url.database:
        raise click.ClickException(f"The configured database is not named {name}. Nothing was changed.")
