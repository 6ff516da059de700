"""What can go wrong with a backup, in sentences for whoever looks after it."""

import click

from caloria.guard.refusal import CONFIGURATION


class BackupFailed(click.ClickException):
    """There is no backup, or not the one that was asked for; what was there before is untouched."""


class NotSetUp(BackupFailed):
    """A setting is missing without which there are no backups."""

    exit_code = CONFIGURATION


class Rejected(BackupFailed):
    """A program of PostgreSQL's looked at what it was given, and could not use it."""


class Broken(Exception):
    """A backup that cannot be relied on, and why: it counts nowhere."""
