"""What the guard answers: a refusal with its exit code, or a notice with which the app starts."""

from dataclasses import dataclass
from typing import Any

import click

CONFIGURATION = 78
UNAVAILABLE = 69
CHECK_FAILED = 70
NOT_MIGRATED = 80
NEWER = 81
FOREIGN_SCHEMA = 82
OTHER_ENVIRONMENT = 83
OTHER_IDENTITY = 84
READ_ONLY = 85


@dataclass(frozen=True)
class Refusal:
    """Why the app does not start, and the shell lines that mend it.

    Where one of several lines is enough, each ends in a comment that says when it is the one.
    """

    exit_code: int
    state: str
    found: str
    expected: str
    mend: str


@dataclass(frozen=True)
class Notice:
    """Something an operator should know about a start that goes on."""

    state: str
    text: str
    is_logged: bool = True


class StartupRefused(click.ClickException):
    """The app does not start. From Python this is an exception; the command line shows it and exits."""

    def __init__(self, refusals: list[Refusal], config: Any):
        self.refusals, self.state = refusals, refusals[0].state
        self.exit_code = refusals[0].exit_code
        super().__init__(block(refusals, config))

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file=file, err=file is None)


def block(refusals: list[Refusal], config: Any) -> str:
    """The refusals as one block of text for a terminal or a log."""
    first = refusals[0]
    lines = [f"Caloria refuses to start [{first.exit_code} {first.state}] in {config.environment}"]
    for refusal in refusals:
        lines += ["", f"  Found:     {refusal.found}", f"  Expected:  {refusal.expected}"]
        first_line, *more = refusal.mend.splitlines()
        lines += [f"  To mend:   {first_line}", *(f"             {line}" for line in more)]
    if "DATABASE_URL" in config.sources:
        lines += ["", f"  DATABASE_URL comes from {config.sources['DATABASE_URL']}."]
    return "\n".join([*lines, "Nothing was changed.\n"])
