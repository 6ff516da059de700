"""`flask doctor`: every question, one line each, and what mends it."""

import json

import click
from flask.cli import with_appcontext

from caloria.cli.gate import unguarded
from caloria.extensions import db, settings
from caloria.operations.doctor import WARN, Check, examine, exit_code
from config import Config
from settings.database import describe

SHOWN = ("name", "status", "detail", "mend")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for a machine to read.")
@click.pass_context
@unguarded
@with_appcontext
def doctor(context, as_json):
    """Ask everything a start asks, and more; exit as a start would. Works in every state."""
    config, checks = settings(), []
    if not as_json:
        click.echo(heading(config))
    for check in examine(config, db.metadata):
        checks.append(check)
        if not as_json:
            click.echo(lines(check))
    click.echo(as_object(config, checks) if as_json else closing(checks))
    context.exit(exit_code(checks))


def heading(config: Config) -> str:
    return f"Caloria in {config.environment} on {config.server}: {place(config) or 'no database'}\n"


def place(config: Config) -> str | None:
    return describe(config.database_url) if config.database_url is not None else None


def lines(check: Check) -> str:
    """One line, and below it what mends it."""
    said = f"{check.name}: {check.detail}" if check.detail else check.name
    mend = [f"{'':<9}{line}" for line in check.mend.splitlines()]
    return "\n".join([f"{check.status:<9}{said}", *mend])


def closing(checks: list[Check]) -> str:
    code = exit_code(checks)
    warnings = sum(check.status == WARN for check in checks)
    start = f"A start would be refused with exit code {code}" if code else "A start would go on"
    return f"\n{start}; {warnings} {'warning' if warnings == 1 else 'warnings'}."


def as_object(config: Config, checks: list[Check]) -> str:
    told = {"environment": config.environment, "server": config.server, "database": place(config)}
    shown = [{name: getattr(check, name) for name in SHOWN} for check in checks]
    return json.dumps({**told, "exit_code": exit_code(checks), "checks": shown}, indent=2)
