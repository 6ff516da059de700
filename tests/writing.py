"""Browsers that log entries without a pause, and a comparison of what they were told with what is stored."""

import re
from collections import Counter
from contextlib import contextmanager
from functools import partial
from http.client import HTTPException
from threading import Event, Thread
from uuid import uuid4

from clusters import execute
from front import Front
from serving import Browser, wait_for
from surroundings import PASSWORD

from caloria.models.ids import new_id

DAY = "/diary/2026-11-21"
LOST = "no answer"
# An entry and the act that can take it back are written together, or neither is.
HALF_SAVED = """
SELECT name FROM entries WHERE NOT EXISTS
    (SELECT FROM acts WHERE acts.user_id = entries.user_id AND acts.id = entries.id)
UNION ALL
SELECT subject FROM acts WHERE NOT EXISTS
    (SELECT FROM entries WHERE acts.user_id = entries.user_id AND acts.id = entries.id)
"""


def signed_up(port: int) -> tuple[Browser, str]:
    """A browser in which somebody new is signed in, and one of their meals."""
    browser = Browser(port)
    person = {"name": "Alice", "email": f"{uuid4()}@example.org", "password": PASSWORD, "time_zone": "UTC"}
    assert browser.post("/signup", person | {"id": str(new_id())}).status == 303
    browser.token = browser.get("/account").field("csrf_token")
    return browser, re.search(r'id="meal-([0-9a-f-]{36})"', browser.get(DAY).text)[1]


class Writer(Thread):
    """Logs one entry after the other; sends what was not acknowledged again, as the page offers."""

    def __init__(self, browser: Browser, meal: str, stop: Event):
        super().__init__(daemon=True, name=uuid4().hex[:8])
        self.browser, self.meal, self.stop = browser, meal, stop
        self.sent = 0
        self.acknowledged: list[str] = []
        self.answers: Counter[int | str] = Counter()

    def run(self):
        number = 0
        while not self.stop.is_set():
            number += 1
            title = f"{self.name}-{number}"
            form = {"id": str(new_id()), "meal_id": self.meal, "name": title, "energy_kcal": "1"}
            while not self.is_acknowledged(form) and not self.stop.is_set():
                self.stop.wait(0.2)

    def is_acknowledged(self, form: dict[str, str]) -> bool:
        self.sent += 1
        try:
            answer = self.browser.post(f"{DAY}/quick-entries", form)
        except (OSError, HTTPException):
            self.answers[LOST] += 1
            return False
        self.answers[answer.status] += 1
        if answer.status == 503:
            assert answer.field("id") == form["id"]
            assert answer.headers["Retry-After"] == "5"
        if answer.status == 303:
            self.acknowledged.append(form["name"])
        return answer.status == 303


class Team(list[Writer]):
    """Writers at work side by side."""

    @property
    def onlooker(self) -> Browser:
        """Another browser of the same person."""
        theirs = self[0].browser
        return Browser(theirs.port, cookies=dict(theirs.cookies), token=theirs.token)

    def counted(self) -> Counter[int | str]:
        """How often they got each answer, all together."""
        return sum((writer.answers for writer in self), Counter())

    def stop(self) -> None:
        """Have everybody finish the form that they are sending."""
        for writer in self:
            writer.stop.set()
        for writer in self:
            writer.join(60)
            writer.browser.hang_up()

    def get(self, answer: int | str = 303, each: int = 2) -> None:
        """Wait until every writer got so many more of an answer."""
        before = [writer.answers[answer] for writer in self]
        wait_for(lambda: all(w.answers[answer] >= old + each for w, old in zip(self, before, strict=True)))

    def assert_exactly_once(
        self, url: str, told: set[int | str] = frozenset({303, 503}), half_saved: str = HALF_SAVED
    ) -> None:
        """What was acknowledged is stored once, nothing is stored twice or by half."""
        stored = Counter(name for (name,) in execute(url, "SELECT name FROM entries"))
        acknowledged = [title for writer in self for title in writer.acknowledged]
        assert len(acknowledged) >= 2 * len(self)
        assert [title for title in acknowledged if stored[title] != 1] == []
        assert max(stored.values()) == 1
        assert execute(url, half_saved) == []
        assert set(self.counted()) <= told
        assert [writer.sent for writer in self] == [writer.answers.total() for writer in self]


@contextmanager
def writers(port: int, count: int = 3, front: Front | None = None):
    """Browsers that write until the block ends; every other one over a connection that it keeps."""
    browser, meal = signed_up(port)
    stop = Event()
    make = front.visitor if front else partial(Browser, port)
    kept, token = browser.cookies, browser.token
    team = Team(Writer(make(cookies=dict(kept), token=token), meal, stop) for _ in range(count))
    for writer in team[::2]:
        writer.browser.keep_alive()
    for writer in team:
        writer.start()
    try:
        yield team
    finally:
        team.stop()


def wait_until_back(port: int) -> None:
    """Wait until the app can use its database again."""
    wait_for(lambda: Browser(port).get("/health/database").status == 200)
