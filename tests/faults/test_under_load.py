"""The real server and the real database: what was acknowledged is there, exactly once."""

import re
import signal
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from serving import Browser, gunicorn, wait_for
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool
from surroundings import PASSWORD, ROOT, flask

from caloria.models.ids import new_id

pytestmark = pytest.mark.slow

EMAIL, DAY = "alice@example.org", "/diary/2026-11-21/quick-entries"


def signed_up(port: int) -> tuple[Browser, str]:
    """A browser in which Alice is signed in, and one of her meals."""
    browser = Browser(port)
    form = {"name": "Alice", "email": EMAIL, "password": PASSWORD, "time_zone": "UTC"}
    assert browser.post("/signup", form).status == 303
    browser.token = browser.get("/account").field("csrf_token")
    return browser, re.search(r'id="meal-([0-9a-f-]{36})"', browser.get("/diary/2026-11-21").text)[1]


class Writer(Thread):
    """Logs one entry after the other; sends what was not acknowledged again, as the page offers."""

    def __init__(self, browser: Browser, meal: str, name: str, stop: Event):
        super().__init__(daemon=True)
        self.browser, self.meal, self.name, self.stop = browser, meal, name, stop
        self.acknowledged: list[str] = []
        self.answers: Counter[int] = Counter()

    def run(self):
        number = 0
        while not self.stop.is_set():
            number += 1
            title = f"{self.name}-{number}"
            form = {"id": str(new_id()), "meal_id": self.meal, "name": title, "energy_kcal": "1"}
            while not self.is_acknowledged(form) and not self.stop.is_set():
                self.stop.wait(0.2)

    def is_acknowledged(self, form: dict[str, str]) -> bool:
        answer = self.browser.post(DAY, form)
        self.answers[answer.status] += 1
        if answer.status == 503:
            assert answer.field("id") == form["id"]
            assert answer.headers["Retry-After"] == "5"
        if answer.status == 303:
            self.acknowledged.append(form["name"])
        return answer.status == 303


@contextmanager
def writers(port: int, count: int = 3):
    """Browsers that write until the block ends."""
    browser, meal = signed_up(port)
    stop = Event()
    team = [
        Writer(
            Browser(port, cookies=dict(browser.cookies), token=browser.token), meal, f"writer{number}", stop
        )
        for number in range(count)
    ]
    for writer in team:
        writer.start()
    yield team
    stop.set()
    for writer in team:
        writer.join(60)


def some_more(team: list[Writer], answer: int = 303, each: int = 2) -> None:
    """Wait until every writer got so many more of an answer."""
    before = [writer.answers[answer] for writer in team]
    wait_for(
        lambda: all(writer.answers[answer] >= old + each for writer, old in zip(team, before, strict=True))
    )


def wait_until_back(port: int) -> None:
    wait_for(lambda: Browser(port).get("/health/database").status == 200)


def assert_exactly_once(team: list[Writer], url: str) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg2://"), poolclass=NullPool)
    with engine.connect() as connection:
        stored = Counter(connection.exec_driver_sql("SELECT name FROM entries").scalars())
    acknowledged = [title for writer in team for title in writer.acknowledged]
    assert len(acknowledged) >= 2 * len(team)
    assert [title for title in acknowledged if stored[title] != 1] == []
    assert max(stored.values()) == 1
    assert {status for writer in team for status in writer.answers} == {303, 503}


def test_a_database_that_goes_and_comes_back(proxy):
    with gunicorn(proxy.url, WEB_CONCURRENCY="2", LOG_LEVEL="ERROR") as port, writers(port) as team:
        for _ in range(3):
            some_more(team)
            proxy.cut()
            some_more(team, 503)
            assert Browser(port).get("/health").status == 200
            wait_for(lambda: Browser(port).get("/health/database").status == 503)
            proxy.mend()
            wait_until_back(port)
        some_more(team)
        proxy.loses_the_answer_to_commit = True
        some_more(team)
    assert_exactly_once(team, proxy.url)


@contextmanager
def postgres(folder: Path):
    """A PostgreSQL of our own, which keeps what it acknowledged when it is killed."""
    command = [sys.executable, ROOT / "bin" / "postgres", folder]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().strip()
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def kill(folder: Path) -> None:
    """Kill the server's first process, with which all others end."""
    number = int((folder / "data" / "postmaster.pid").read_text().split()[0])
    subprocess.run(["kill", "-KILL", str(number)], check=True)


def test_a_database_that_is_killed_and_started_again(engine_name, tmp_path_factory):
    if engine_name != "postgresql":
        pytest.skip("there is no server to kill")
    folder = tmp_path_factory.mktemp("server")
    with ExitStack() as stack:
        url = stack.enter_context(postgres(folder))
        assert flask("db", "upgrade", url=url).returncode == 0
        port = stack.enter_context(gunicorn(url, LOG_LEVEL="ERROR"))
        with writers(port, count=10) as team:
            some_more(team)
            kill(folder)
            some_more(team, 503)
            assert stack.enter_context(postgres(folder)) == url
            wait_until_back(port)
            some_more(team)
        assert_exactly_once(team, url)
