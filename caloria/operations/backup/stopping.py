"""Being told to end, as a service manager or a closed terminal does, in the middle of something long."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from typing import Any


@contextmanager
def stopping_in_order() -> Iterator[None]:
    """What is told to end puts everything away first."""
    if current_thread() is not main_thread():
        yield
        return

    def leave(number: int, _frame: Any) -> None:
        signal.signal(number, signal.SIG_IGN)
        sys.exit(128 + number)

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
