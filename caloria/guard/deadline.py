"""A bound on work that no timeout of its own bounds."""

from collections.abc import Callable
from threading import Thread
from typing import Any


def within(seconds: float, work: Callable[[], Any], otherwise: Any) -> Any:
    """What `work` returns, or `otherwise` when it takes longer.

    Looking up a host name can outlast every timeout of the driver, so the thread is left behind.
    """
    answers: list[Any] = []
    thread = Thread(target=lambda: answers.append(work()), name="guard", daemon=True)
    thread.start()
    thread.join(seconds)
    return answers[0] if answers else otherwise
