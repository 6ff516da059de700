"""What can go wrong with a move, in sentences for whoever makes it."""

import click

from caloria.guard.refusal import OTHER_IDENTITY


class TransferFailed(click.ClickException):
    """Not everything is where it should be; the target is empty, or the same command goes on."""

    exit_code = 1


class SourceRetired(TransferFailed):
    """What the source holds was moved before."""

    exit_code = OTHER_IDENTITY


class SourceChanged(TransferFailed):
    """Somebody wrote to the source while it was moved."""

    def __init__(self) -> None:
        super().__init__("Somebody wrote to the source while it was moved. Stop Caloria on it first.")


class Unfit(Exception):
    """Why a value cannot be stored in its column, as the end of a sentence that begins with the column."""
