"""What Caloria adds to Flask-Migrate's commands. migrations/env.py reads it from the command's context."""

from functools import wraps

import click
from flask import Flask

WRITE_ENV = click.Option(
    ["--write-env"], is_flag=True, help="Append the CALORIA_DB_ID line of a first upgrade to .env."
)
NO_BACKUP = click.Option(
    ["--no-backup"], is_flag=True, help="Do not take a backup first, as is done in staging and production."
)
DATABASE = click.Option(
    ["--database"], help="The name of the database, asked for where this could lose live data."
)


def init_app(app: Flask) -> None:
    commands = app.cli.commands["db"].commands
    add_option(commands["upgrade"], WRITE_ENV)
    add_option(commands["upgrade"], NO_BACKUP)
    add_option(commands["downgrade"], DATABASE)
    add_option(commands["downgrade"], NO_BACKUP)
    add_option(commands["stamp"], DATABASE)


def add_option(command: click.Command, option: click.Option) -> None:
    """Let a command take one more option, of which its own function hears nothing."""
    # Flask-Migrate's commands are shared by every app of the process.
    if option in command.params:
        return
    command.params.append(option)
    inner = command.callback

    @wraps(inner)
    def callback(*args, **kwargs):
        kwargs.pop(option.name)
        return inner(*args, **kwargs)

    command.callback = callback
