"""Environments apart: a database with roles of its own for each, and the proof that they stay there."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from caloria.cli.gate import unguarded
from caloria.extensions import settings
from caloria.operations.environments.roles import PLACEHOLDER
from caloria.operations.environments.separation import verify_separation
from caloria.operations.environments.setup import Made, set_up
from config import Config


@click.command()
@click.argument("name")
@click.option(
    "--new-passwords", is_flag=True, help="Give the roles that are there already new passwords too."
)
@unguarded
@with_appcontext
def setup(name, new_passwords):
    """Make the database NAME and its roles, as a role that may. Prints the lines for .env."""
    made = set_up(settings(), name, new_passwords)
    click.echo(env_lines(made))
    click.echo(what_next(made), err=True)


def env_lines(made: Made) -> str:
    return "\n".join(
        (
            f"CALORIA_ENV={made.environment}",
            env_line("DATABASE_URL", made, made.roles.app),
            env_line("MIGRATION_DATABASE_URL", made, made.roles.owner),
            env_line("BACKUP_PROOF_URL", made, made.roles.proof),
            f"# To look and change nothing: {made.address(made.roles.read)}",
        )
    )


def env_line(name: str, made: Made, role: str) -> str:
    """A comment where the password is not known: appended to .env, it must not hide the line of before."""
    line = f"{name}={made.address(role)}"
    return f"# {line}" if role in made.unchanged else line


def what_next(made: Made) -> str:
    kept = [
        f"{role} was there already and keeps its password, for which {PLACEHOLDER} stands."
        for role in made.unchanged
    ]
    again = ["Is it lost? Run this again with --new-passwords."] if kept else []
    return "\n".join([*kept, *again, "Put these lines into .env. Then: flask db upgrade --write-env"])


@click.command()
@click.option(
    "--beside",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="The .env of another environment, which must stay apart from this one.",
)
@unguarded
@with_appcontext
def verify(beside):
    """Prove that roles stay in their own database, and the role of the app out of the schema."""
    others = [Config.load(environ={}, root=folder_of(path)) for path in beside]
    findings = [say(finding) for finding in verify_separation(settings(), others)]
    if not all(finding.is_fine for finding in findings):
        raise click.exceptions.Exit(1)


def folder_of(path: Path) -> Path:
    if path.is_file() and path.name != ".env":
        raise click.UsageError(f"{path} is not named .env.")
    return (path.parent if path.is_file() else path).resolve()


def say(finding):
    click.echo(f"{finding.mark:<5} {finding.text}")
    if finding.mend:
        click.echo(f"      To mend: {finding.mend}")
    return finding
