"""A bound on work that no timeout of its own bounds."""

from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
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


def each_within(seconds: float, work: Callable[[], Iterator[Any]], otherwise: Any) -> Iterator[Any]:
    """What `work` yields, as it comes; `otherwise` in place of the rest where it takes too long."""
    yielded: SimpleQueue[Any] = SimpleQueue()
    end = object()

    def fill() -> None:
        for each in work():
            yielded.put(each)
        yielded.put(end)

    give_up_at = monotonic() + seconds
    Thread(target=fill, name="guard", daemon=True).start()
    try:
        while (each := yielded.get(timeout=max(0, give_up_at - monotonic()))) is not end:
            yield each
    except Empty:
        yield otherwise
