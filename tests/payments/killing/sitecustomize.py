"""Kills the process that hears an event, before the statement or commit whose number a file says."""

import os
import signal
from pathlib import Path

from flask import has_request_context, request
from sqlalchemy import Engine, event

FILE = Path(os.environ["CALORIA_KILLED_BY"])


def count(*_words, **_named) -> None:
    if not (has_request_context() and request.path == "/webhooks/stripe" and FILE.exists()):
        return
    left = int(FILE.read_text()) - 1
    FILE.write_text(str(left))
    if left == 0:
        FILE.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


event.listen(Engine, "before_cursor_execute", count)
event.listen(Engine, "commit", count)
