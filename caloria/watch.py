"""What admins have to know on whatever page they are: asked once a minute in each process, for them alone."""

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any

from flask import Flask, current_app
from flask_login import current_user

from caloria.extensions import settings
from caloria.models import BackupStanding, QueueStanding

KEPT_FOR_SECONDS = 60


class Watch:
    """What was last found, and when."""

    def __init__(self, ask: Callable[[], Any]) -> None:
        self.ask = ask
        self.lock, self.found, self.asked_at = Lock(), None, float("-inf")

    def latest(self) -> Any:
        with self.lock:
            is_due = monotonic() - self.asked_at > KEPT_FOR_SECONDS
            self.asked_at = monotonic() if is_due else self.asked_at
        if is_due:  # not while holding the lock: the others go on with what was found before
            self.found = self.ask()
        return self.found


def init_app(app: Flask) -> None:
    app.extensions["caloria_backup_watch"] = Watch(lambda: BackupStanding().worry)
    app.extensions["caloria_queue_watch"] = Watch(left_alone)
    app.jinja_env.globals.update(backup_worry=backup_worry, queue_worry=queue_worry)


def backup_worry() -> str | None:
    """What is wrong with the backups, where an admin looks at data that somebody would miss."""
    if settings().environment == "development" or not current_user.is_admin:
        return None
    return current_app.extensions["caloria_backup_watch"].latest()


def queue_worry() -> QueueStanding | None:
    """How the queue stands, where an admin looks and nobody works on it."""
    return current_app.extensions["caloria_queue_watch"].latest() if current_user.is_admin else None


def left_alone() -> QueueStanding | None:
    standing = QueueStanding()
    return standing if standing.nobody_works else None
