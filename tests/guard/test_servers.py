"""Real processes that serve: their first start, a reload, a worker that is replaced."""

import os
import signal
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from ports import free_port
from processes import SERVERS, WAYS, listens, open_process, stop, told

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("way", SERVERS)
def test_on_its_own_database_it_serves(house, migrated, way):
    port = free_port()
    process = open_process(WAYS[way], house, port, told(migrated))
    try:
        assert came_to_listen(process, port), process.communicate(timeout=30)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/database", timeout=30) as answer:
            assert answer.status == 200
            assert b'"database_id"' in answer.read()
    finally:
        output = stop(process)
    assert "Traceback" not in output


def test_a_refused_reload_ends_the_server_with_its_code(house, migrated, migrate_further):
    port = free_port()
    process = open_process(WAYS["gunicorn"], house, port, told(migrated))
    try:
        assert came_to_listen(process, port)
        migrate_further(migrated)
        process.send_signal(signal.SIGHUP)
        assert process.wait(timeout=40) == 81
    finally:
        output = stop(process)
    assert "[81 newer_than_code]" in output


def test_a_worker_that_is_replaced_does_not_ask(house, migrated, migrate_further):
    """Its refusal would end the master, and with it the workers that only wait for the database."""
    port = free_port()
    process = open_process(WAYS["gunicorn"], house, port, told(migrated, WEB_CONCURRENCY="1"))
    try:
        assert came_to_listen(process, port)
        migrate_further(migrated)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        if not children.exists():
            pytest.skip("this platform does not list a process's children")
        assert wait_for(lambda: len(children.read_text().split()) == 1)
        (worker,) = map(int, children.read_text().split())
        os.kill(worker, 9)
        assert wait_for(lambda: children.read_text().split() not in ([], [str(worker)]))
        time.sleep(1)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=30) as answer:
            assert answer.status == 200
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/database", timeout=30)
        assert caught.value.code == 503
        assert b'["revision"]' in caught.value.read()
        assert process.poll() is None
    finally:
        stop(process)


def came_to_listen(process, port: int) -> bool:
    """Wait until a server listens, or has ended, after which it never will."""
    wait_for(lambda: process.poll() is not None or listens(port))
    return process.poll() is None


def wait_for(question, patience: float = 40) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if question():
            return True
        time.sleep(0.05)
    return False
