"""Three workers count as one, and lose nothing when they are replaced, reloaded or killed."""

import json
import os
import re
import signal
from pathlib import Path

import pytest
from scraping import samples, value
from serving import Browser, gunicorn, wait_for
from surroundings import PASSWORD

from caloria.models.ids import new_id

pytestmark = pytest.mark.slow
DAY = "/diary/2026-11-21"


def workers_of(process: int) -> set[int]:
    return {int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()}


class Visits:
    """Does a known number of things, and says what is then to be found."""

    def __init__(self, port: int):
        self.port, self.rounds, self.browser = port, 0, Browser(port)
        form = {"name": "A", "email": "alice@example.org", "password": PASSWORD, "time_zone": "UTC"}
        assert self.browser.post("/signup", form).status == 303
        self.browser.token = self.browser.get("/account").field("csrf_token")
        self.meal = re.search(r'id="meal-([0-9a-f-]{36})"', self.browser.get(DAY).text)[1]

    def round(self):
        for number in range(4):
            assert self.browser.get(f"/nobody-knows-{number}").status == 404
        for number in range(3):
            form = {"id": str(new_id()), "meal_id": self.meal, "name": f"Tea {number}", "energy_kcal": "1"}
            # Sent twice it is logged once.
            for _ in range(2):
                assert self.browser.post(f"{DAY}/quick-entries", form).status == 303
        assert Browser(self.port).sign_in("alice@example.org", PASSWORD).status == 303
        assert Browser(self.port).sign_in("alice@example.org", "wrong").status == 422
        self.rounds += 1

    def scrape(self) -> str:
        return Browser(self.port).get("/metrics").text

    def check(self):
        for _ in range(4):
            text = self.scrape()
            times = self.rounds
            found = {
                "unknown": value(text, "requests_total", route="unknown", method="GET", status="4xx"),
                "logging": value(
                    text,
                    "requests_total",
                    route="/diary/<date:day>/quick-entries",
                    method="POST",
                    status="3xx",
                ),
                "entries": value(text, "entries_logged_total"),
                "ok": value(text, "sign_ins_total", result="ok"),
                "refused": value(text, "sign_ins_total", result="refused"),
                "timed": value(text, "request_seconds_count", route="unknown", method="GET"),
            }
            assert found == {
                "unknown": 4 * times,
                "logging": 6 * times,
                "entries": 3 * times,
                "ok": times,
                "refused": times,
                "timed": 4 * times,
            }


def test_what_workers_counted_is_found_whichever_answers_and_whatever_became_of_them(
    make_database, migrated_url, tmp_path
):
    url = make_database(copy_of=migrated_url)
    arguments = f"--pid {tmp_path}/pid --log-file {tmp_path}/log --capture-output"
    told = {
        "GUNICORN_CMD_ARGS": arguments,
        "TMPDIR": str(tmp_path),
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "INFO",
    }
    with gunicorn(url, WEB_CONCURRENCY="3", **told) as port:
        master = int((tmp_path / "pid").read_text())
        (folder,) = tmp_path.glob("caloria-metrics-*")
        assert folder.stat().st_mode & 0o777 == 0o700
        visits = Visits(port)
        visits.round()
        visits.check()

        before = workers_of(master)
        os.kill(master, signal.SIGHUP)
        wait_for(lambda: len(workers_of(master)) == 3 and not workers_of(master) & before)
        wait_for(lambda: value(visits.scrape(), "workers") == 3)
        visits.check()
        visits.round()
        visits.check()

        before = workers_of(master)
        os.kill(min(before), signal.SIGKILL)
        wait_for(lambda: len(workers_of(master)) == 3 and workers_of(master) != before)
        wait_for(lambda: value(visits.scrape(), "workers") == 3)
        visits.round()
        visits.check()
        assert value(visits.scrape(), "pool_size") == 3 * 10
        # A file for each process and kind of figure: nobody else counted there, the guard least of all.
        assert len(list(folder.glob("counter_*.db"))) == 7
        assert not any("nobody-knows" in str(key) for key in samples(visits.scrape()))
    assert not folder.exists()
    assert_every_line_is_json_and_names_nobody((tmp_path / "log").read_text())


def assert_every_line_is_json_and_names_nobody(written: str) -> None:
    lines = [json.loads(line) for line in written.splitlines()]
    assert {"caloria", "gunicorn.error"} & {line.get("logger") for line in lines}
    assert sum(line.get("route") == "unknown" for line in lines) == 12
    for said in ("nobody-knows", "alice", PASSWORD, "127.0.0.1 ", "Tea"):
        assert said not in written
