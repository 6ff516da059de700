"""Being told to end, as a service manager or a closed terminal does, in the middle of something long."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer, current_thread, main_thread
from typing import Any

AGAIN_AFTER_SECONDS = 0.05


class Told(SystemExit):
    """What a signal says; the code is that with which the program ends."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.number = number


@contextmanager
def stopping_in_order() -> Iterator[None]:
    """What is told to end puts everything away first."""
    if current_thread() is not main_thread():
        yield
        return

    def leave(number: int, _frame: Any) -> None:
        signal.signal(number, signal.SIG_IGN)
        raise Told(number)

    def tell_again(dropped: Any) -> None:
        if not isinstance(dropped.exc_value, Told):
            before_hook(dropped)
            return
        # Python was clearing an object away, and drops whatever is raised meanwhile.
        number = dropped.exc_value.number
        signal.signal(number, leave)
        Timer(AGAIN_AFTER_SECONDS, os.kill, (os.getpid(), number)).start()

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    before_hook, sys.unraisablehook = sys.unraisablehook, tell_again
    try:
        yield
    finally:
        sys.unraisablehook = before_hook
        for number, handler in before.items():
            signal.signal(number, handler)
