"""How far something long has come: a line on a terminal, nothing at all elsewhere, such as in cron."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from caloria.operations.backup.contents import Progress

WIDTH = 60


@contextmanager
def on_terminal() -> Iterator[Progress]:
    """What an operation calls with a word, how much is done, and how much there is to do."""
    if not sys.stderr.isatty():
        yield lambda _stage, _done, _total: None
        return

    def show(stage: str, done: int, total: int) -> None:
        percent = f"{100 * done // total:>4} %" if total > 1 else ""
        click.echo(f"\r{f'{stage} …{percent}':<{WIDTH}}", nl=False, err=True)

    try:
        yield show
    finally:
        click.echo(f"\r{'':<{WIDTH}}\r", nl=False, err=True)
