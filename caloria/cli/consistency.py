"""`flask database check`: what is wrong with the data, with the query that shows it."""

import sys

import click
from flask.cli import with_appcontext

from caloria.extensions import db, settings
from caloria.operations import consistency
from settings.database import describe, is_in_memory


@click.command()
@with_appcontext
def check():
    """Look for rows that contradict one another. Only reads; exits 1 where there are any."""
    config = settings()
    if is_in_memory(config.database_url):
        raise click.ClickException("A database in memory is gone with its process: there is none to check.")
    passes = consistency.passes(config, db.metadata)
    with click.progressbar(passes, label="Looking", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        findings = consistency.find(config, bar)
    for finding in findings:
        click.echo(lines(finding))
    if findings:
        # Found is not refused: nothing is noted in the audit.
        click.echo(f"{len(findings)} {'finding' if len(findings) == 1 else 'findings'}.", err=True)
        raise click.exceptions.Exit(1)
    click.echo(f"Nothing contradicts itself in {describe(config.database_url)}.")


def lines(finding: consistency.Finding) -> str:
    """How often and what, and below it the query."""
    count = "unknown:" if finding.count is None else f"{finding.count:,}"
    query = [f"    {line.strip()}" for line in finding.query.splitlines()]
    return "\n".join([f"{count} {finding.name}", *query])
