"""New code takes over while people log: every form that is sent is answered, and stored once."""

import os
import signal
import socket
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from clusters import execute
from releases import the_one_before
from serving import server, wait_for
from surroundings import flask
from writing import writers

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("deploys")]
# The release before noted nothing of what was logged that could be half there.
NOTHING_BESIDE = "SELECT 1 WHERE FALSE"


@pytest.fixture
def url(engine_name, make_database, migrated_url) -> str:
    if engine_name != "postgresql":
        pytest.skip("production is PostgreSQL")
    return make_database(copy_of=migrated_url)


@contextmanager
def taken_over(url: str):
    """Wait at the end of the block for code that began to serve within it."""
    (before,) = execute(url, "SELECT max(booted_at) FROM servers")
    yield
    wait_for(lambda: execute(url, "SELECT max(booted_at) FROM servers") != [before])


def test_a_reload(url, rounds):
    with server(url, WEB_CONCURRENCY="2") as started, writers(started.port) as team:
        for _ in rounds:
            team.get()
            before = started.workers
            with taken_over(url):
                started.process.send_signal(signal.SIGHUP)
            wait_for(lambda before=before: len({*started.workers} - {*before}) == len(started.workers) == 2)
            team.get()
    team.assert_exactly_once(url, {303})


def test_a_server_that_takes_over_the_socket_of_another(url, rounds):
    """Beside it first, and then after it: meanwhile whoever comes waits in the queue of the socket."""
    with ExitStack() as servers:
        bound = servers.enter_context(socket.create_server(("127.0.0.1", 0)))
        old = servers.enter_context(server(url, bound=bound))
        with writers(old.port) as team:
            for _ in rounds:
                team.get()
                with taken_over(url):
                    new = servers.enter_context(server(url, bound=bound))
                old.end()
                team.get()
                new.end()
                with taken_over(url):
                    old = servers.enter_context(server(url, bound=bound))
                team.get()
    team.assert_exactly_once(url, {303})


def children(process: int) -> list[str]:
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()


def test_a_server_that_makes_its_own_successor(url):
    """As gunicorn does on SIGUSR2; the first one is stopped once the other serves."""
    with server(url) as old, writers(old.port) as team:
        team.get()
        with taken_over(url):
            old.process.send_signal(signal.SIGUSR2)
        (new,) = [process for process in old.workers if children(process)]
        try:
            old.end()
            team.get()
        finally:
            team.stop()
            os.kill(new, signal.SIGTERM)
            wait_for(lambda: not Path(f"/proc/{new}/exe").exists())
    team.assert_exactly_once(url, {303})


def test_a_release_that_takes_over_from_the_one_before(make_database, tmp_path, engine_name):
    """Expand the schema under the old code, which goes on, and then exchange the code."""
    if engine_name != "postgresql":
        pytest.skip("production is PostgreSQL")
    url, previous = make_database(), the_one_before(tmp_path)
    assert flask("db", "upgrade", url=url, folder=previous).returncode == 0
    with ExitStack() as servers:
        bound = servers.enter_context(socket.create_server(("127.0.0.1", 0)))
        old = servers.enter_context(server(url, previous, bound=bound))
        with writers(old.port) as team:
            team.get()
            upgraded = flask("db", "upgrade", url=url)
            assert upgraded.returncode == 0, upgraded.stderr
            team.get()
            with taken_over(url):
                servers.enter_context(server(url, bound=bound))
            old.end()
            team.get()
    team.assert_exactly_once(url, {303}, half_saved=NOTHING_BESIDE)
