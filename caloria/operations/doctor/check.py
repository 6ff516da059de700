from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Thread
from time import monotonic

OK, WARN, FAIL, UNKNOWN, NOT_ASKED = "ok", "warn", "FAIL", "unknown", "-"
SETUP = "flask database setup NAME  # and use the roles that it makes"


@dataclass(frozen=True)
class Check:
    """One question in words, what came of it, and the command that mends it."""

    name: str
    status: str
    detail: str = ""
    mend: str = ""
    exit_code: int = 0


class Errand:
    """Checks that are made in a thread of their own, so that none waits for another or for ever."""

    def __init__(self, names: list[str], work: Callable[[], list[Check]]):
        self.names, self.work = names, work
        self.found: list[Check] | None = None
        self.problem = "there was no answer in time"
        self.thread = Thread(target=self.run, name="doctor", daemon=True)
        self.thread.start()

    def run(self) -> None:
        try:
            self.found = self.work()
        except Exception as error:  # its words may repeat a secret
            self.problem = f"the question failed ({type(error).__name__})"

    def checks(self, give_up_at: float) -> Iterator[Check]:
        """What was found by then; the rest is unknown."""
        self.thread.join(max(0, give_up_at - monotonic()))
        if self.found is not None:
            yield from self.found
            return
        for name in self.names:
            yield Check(name, UNKNOWN, self.problem)


def not_asked(names: list[str], why: str) -> list[Check]:
    return [Check(name, NOT_ASKED, why) for name in names]
