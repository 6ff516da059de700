"""What the app depends on breaks while people log: what was acknowledged is there, exactly once."""

import os
import time
from contextlib import contextmanager
from io import BytesIO
from threading import Thread

import pytest
from clusters import execute
from serving import Answer, Browser, wait_for
from sqlalchemy import make_url
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart
from writing import LOST, wait_until_back, writers

# Before a worker knows that the database hangs, all of its threads may wait for it.
LONG_SECONDS = 1
# So that the few of them that wait until then are few.
READ_AT_LEAST = 60

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults under load")]


def test_a_database_that_goes_and_comes_back(served, way, rounds):
    with writers(served.port) as team:
        for _ in rounds:
            team.get()
            way.cut()
            team.get(503)
            assert Browser(served.port).get("/health").status == 200
            wait_for(lambda: Browser(served.port).get("/health/database").status == 503)
            way.mend()
            wait_until_back(served.port)
        team.get()
        way.loses_the_answer_to_commit = True
        team.get()
    team.assert_exactly_once(way.url)


def test_connections_that_the_server_ends_and_refuses(served, way, rounds):
    """As when an operator ends them, or a server has none left."""
    name = make_url(way.url).database
    sessions = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    superuser = make_url(os.environ["TEST_POSTGRES_URL"])
    with writers(served.port) as team:
        for _ in rounds:
            team.get()
            execute(superuser, f"ALTER DATABASE {name} CONNECTION LIMIT 0", sessions)
            team.get(503)
            execute(superuser, f"ALTER DATABASE {name} CONNECTION LIMIT -1")
            team.get()
            execute(superuser, sessions)
            team.get()
    team.assert_exactly_once(way.url)


@contextmanager
def other_pages(port: int):
    """Somebody who reads what needs no database, and hardly ever waits for those who need it."""
    answers, seconds, done = [], [], []

    def read():
        while not done or len(seconds) < READ_AT_LEAST:
            for page in ("/health", "/static/css/all.css"):
                began = time.monotonic()
                answers.append(Browser(port).get(page).status)
                seconds.append(time.monotonic() - began)
            time.sleep(0.1)

    reader = Thread(target=read)
    reader.start()
    yield
    done.append(True)
    reader.join(60)
    assert not reader.is_alive()
    assert set(answers) == {200}
    assert 4 * sum(each > LONG_SECONDS for each in seconds) < len(seconds)


def test_a_database_that_falls_silent(served, way, rounds):
    with writers(served.port, count=10) as team:
        for _ in rounds:
            team.get()
            way.fall_silent()
            with other_pages(served.port):
                team.get(503)
            way.speak()
            wait_until_back(served.port)
            team.get()
    team.assert_exactly_once(way.url)


def test_a_table_that_somebody_locks(served, way, rounds):
    """As a migration does: more people wait than there are threads, and all are answered."""
    with writers(served.port, count=10) as team:
        for _ in rounds:
            team.get()
            execute(way.target, "BEGIN", "LOCK TABLE entries", "SELECT pg_sleep(2)", "COMMIT")
            assert Browser(served.port).get("/health/database").status == 200
            team.get()
    team.assert_exactly_once(way.url, {303})


def test_a_database_that_answers_late(served, way, rounds):
    with writers(served.port, count=10) as team:
        for _ in rounds:
            team.get()
            way.delay_seconds = 1
            with other_pages(served.port):
                team.get(503)
            way.delay_seconds = 0
            wait_until_back(served.port)
            team.get()
    team.assert_exactly_once(way.url)


def test_a_worker_that_is_killed(served, way, rounds):
    with writers(served.port) as team:
        for _ in rounds:
            team.get()
            served.kill(served.workers[0])
            team.get()
    team.assert_exactly_once(way.url, {303, LOST})


def test_a_worker_that_is_replaced_while_the_database_is_away(served, way):
    """It finds no database and is there nevertheless, for it never asks the guard."""
    with writers(served.port) as team:
        team.get()
        way.cut()
        team.get(503)
        served.kill(*served.workers)
        team.get(503)
        assert Browser(served.port).get("/health").status == 200
        assert served.process.poll() is None
        way.mend()
        wait_until_back(served.port)
        team.get()
    team.assert_exactly_once(way.url, {303, 503, LOST})


def a_photo(browser: Browser) -> Answer:
    """What is said to a photo that is too large to be held in passing, and shows nothing."""
    photo = {"photo": FileStorage(BytesIO(bytes(1 << 20)), "photo.jpg"), "csrf_token": browser.token}
    boundary, body = encode_multipart(photo)
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return browser.send("POST", "/foods/barcode", body, headers)


def test_a_disk_of_the_app_that_is_full(served, way, disk, rounds):
    """Its log and its temporary files lie there, and those of a worker that begins meanwhile."""
    if not disk.is_mounted:
        pytest.skip("NO DISK OF THE APP WAS FULL: nothing may be mounted here, which takes root")
    with writers(served.port) as team:
        for _ in rounds:
            with disk.full():
                way.cut()
                team.get(503)
                way.mend()
                wait_until_back(served.port)
                served.kill(served.workers[0])
                team.get()
                answer = a_photo(team.onlooker)
                assert (answer.status, "cannot be read as a photo" in answer.text) == (422, True)
            team.get()
    team.assert_exactly_once(way.url, {303, 503, LOST})
