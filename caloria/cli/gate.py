"""Which start asks the guard, and when.

create_app() begins with `notices = admit(config, db.metadata)`. Registering the commands ends with
`protect(app)`. A command that must run in a refused state says so with @unguarded beside its definition.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import click
from flask import Flask
from flask.cli import FlaskGroup, ScriptInfo
from sqlalchemy import MetaData
from sqlalchemy.exc import SQLAlchemyError

from caloria import guard
from caloria.extensions import db
from caloria.models import AuditEvent
from config import Config


def admit(config: Config, metadata: MetaData) -> list[guard.Notice]:
    """What the guard noticed, once it has nothing against the configuration."""
    if guard.is_asked_elsewhere() or command_is_unknown_yet():
        return guard.notices(config)
    return guard.require(config, metadata)


def command_is_unknown_yet() -> bool:
    """Whether `flask` builds the app to learn its commands: to ask now would hide them all from --help."""
    context = click.get_current_context(silent=True)
    return context is not None and context.parent is None and isinstance(context.command, FlaskGroup)


def unguarded(function: Callable) -> Callable:
    """Let a command run without asking the guard."""
    function.is_unguarded = True
    return function


def protect(app: Flask) -> None:
    """Have each of the app's commands ask before it runs; those of `db` ask in migrations/env.py."""
    for name, command in app.cli.commands.items():
        if name != "db":
            guard_command(command)


def guard_command(command: click.Command) -> None:
    if isinstance(command, click.Group):
        for each in command.commands.values():
            guard_command(each)
    elif not getattr(command.callback, "is_unguarded", False) and not hasattr(command, "is_guarded"):
        command.is_guarded = True  # the same command is registered with every app of this process
        command.parse_args = asking_first(command.parse_args)
        command.invoke = noting_refusals(command.invoke)


def asking_first(parse_args: Callable) -> Callable:
    """Ask before the arguments are read: a prompt for a password that then serves nothing would be unkind."""

    def ask_and_parse(context: click.Context, args: list[str]) -> list[str]:
        if not context.resilient_parsing and not set(args) & set(context.help_option_names):
            app = context.ensure_object(ScriptInfo).load_app()
            guard.require(app.extensions["caloria_config"], db.metadata, is_aloud=sys.stderr.isatty())
        return parse_args(context, args)

    return ask_and_parse


def noting_refusals(invoke: Callable) -> Callable:
    """Note in the audit of the right database that a command was refused there. Why may name a person."""

    def invoke_and_note(context: click.Context) -> Any:
        try:
            return invoke(context)
        except click.ClickException as refusal:
            with suppress(SQLAlchemyError):
                db.session.rollback()
                words = context.command_path.partition(" ")[2]
                AuditEvent.note("command refused", words, after={"exit_code": refusal.exit_code})
                db.session.commit()
            raise

    return invoke_and_note
