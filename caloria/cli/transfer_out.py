"""`flask transfer --to`: the words about a copy for a developer."""

from collections.abc import Iterator

import click
from click.core import ParameterSource

from caloria.cli.restore import OF_SCRUBBED
from caloria.operations.transfer.outward import Given

OF_BOTH = ("file", "to", "scrub")


def require_one_way(context: click.Context) -> None:
    """Into PostgreSQL or out of it. Raises UsageError."""
    said = {each for each in context.params if given_by_hand(context, each)}
    if ("file" in said) == ("to" in said):
        raise click.UsageError(
            "Name one file: sqlite:///FILE to move it into PostgreSQL, or --to sqlite:///FILE for a copy."
        )
    names = {each.name: each.opts[0] for each in context.command.params}
    lost = sorted(names[each] for each in said - {*OF_BOTH})
    if "to" in said and lost:
        raise click.UsageError(f"{lost[0]} says how to move into PostgreSQL: leave it out with --to.")
    if "file" in said and "scrub" in said:
        raise click.UsageError("What moves into PostgreSQL moves whole: --scrub goes with --to.")


def given_by_hand(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is ParameterSource.COMMANDLINE


def of_copy(given: Given, is_scrubbed: bool) -> Iterator[str]:
    yield from table_of(given)
    yield ""
    left = "what is left of them once they are scrubbed" if is_scrubbed else "all of them, equal"
    yield f"{given.file} holds {sum(given.rows.values()):,} rows, {left}."
    if is_scrubbed:
        yield from OF_SCRUBBED
    else:
        yield "It says all that people wrote: keep it to yourself."
    yield ""
    yield "In the .env of the developer, with the path that the file has there:"
    yield f"  CALORIA_ENV={given.environment}"
    yield f"  DATABASE_URL=sqlite:///{given.file}"
    yield "Next:"
    yield "  flask doctor"
    yield "  bin/dev"


def table_of(given: Given) -> Iterator[str]:
    yield f"{'table':<20}{'rows':>12}"
    for name, rows in given.rows.items():
        yield f"{name:<20}{rows:>12,}"
    for name, rows in given.withheld.items():
        yield f"{name:<20}{rows:>12,}  not given away: empty in the file"
