"""A worker that is replaced while the database is away."""

import os
import signal
from pathlib import Path

import pytest
from serving import Browser, gunicorn, wait_for

pytestmark = pytest.mark.slow


def children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children")
    if not listed.exists():
        pytest.skip("this platform does not list a process's children")
    return [int(word) for word in listed.read_text().split()]


def test_a_replaced_worker_says_503_and_recovers_and_the_master_lives(proxy, tmp_path):
    arguments = {"GUNICORN_CMD_ARGS": f"--pid {tmp_path}/pid"}
    with gunicorn(proxy.url, WEB_CONCURRENCY="1", LOG_LEVEL="ERROR", **arguments) as port:
        master = int((tmp_path / "pid").read_text())
        (worker,) = children(master)
        proxy.cut()
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda: children(master) not in ([], [worker]))
        wait_for(lambda: Browser(port).get("/health").status == 200)

        assert Browser(port).get("/health/database").status == 503
        assert Browser(port, cookies={}).get("/login").status in (200, 503)
        assert int((tmp_path / "pid").read_text()) == master

        proxy.mend()
        wait_for(lambda: Browser(port).get("/health/database").status == 200)
        assert children(master) != [worker]
