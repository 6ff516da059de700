"""Whether the pages tell an admin of the backups: asked once a minute in each process, for admins alone."""

from threading import Lock
from time import monotonic

from flask import Flask, current_app
from flask_login import current_user

from caloria.extensions import settings
from caloria.models import BackupStanding

KEPT_FOR_SECONDS = 60


class BackupWatch:
    """What was last found, and when."""

    def __init__(self) -> None:
        self.lock, self.worry, self.asked_at = Lock(), None, float("-inf")

    def latest(self) -> str | None:
        with self.lock:
            is_due = monotonic() - self.asked_at > KEPT_FOR_SECONDS
            self.asked_at = monotonic() if is_due else self.asked_at
        if is_due:  # not while holding the lock: the others go on with what was found before
            self.worry = BackupStanding().worry
        return self.worry


def init_app(app: Flask) -> None:
    app.extensions["caloria_backup_watch"] = BackupWatch()
    app.jinja_env.globals["backup_worry"] = backup_worry


def backup_worry() -> str | None:
    """What is wrong with the backups, where an admin looks at data that somebody would miss."""
    if settings().environment == "development" or not current_user.is_admin:
        return None
    return current_app.extensions["caloria_backup_watch"].latest()
