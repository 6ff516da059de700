"""A PostgreSQL server of which one process is killed, or all of them are, or of which the disk is full."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from clusters import execute
from serving import Browser, server, wait_for
from small_disk import SmallDisk
from sqlalchemy import make_url
from surroundings import ROOT, flask
from writing import DAY, wait_until_back, writers

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("own server")]
IN_A_TRANSACTION = """
SELECT pid FROM pg_stat_activity
WHERE datname = 'caloria' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
"""


class Own:
    """A PostgreSQL of our own, which keeps what it acknowledged when it is killed."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.start()

    def start(self) -> None:
        command = [sys.executable, ROOT / "bin" / "postgres", self.folder]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        self.superuser = make_url(self.url).set(username="postgres")

    def kill(self) -> None:
        """Kill its first process, with which all others end, and wait for who started it."""
        os.kill(int((self.folder / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        self.process.communicate(timeout=60)

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=60)


@pytest.fixture(scope="module")
def own(engine_name, tmp_path_factory):
    if engine_name != "postgresql":
        pytest.skip("there is no server to kill")
    own = Own(tmp_path_factory.mktemp("server"))
    assert flask("db", "upgrade", url=own.url).returncode == 0
    yield own
    own.stop()


@pytest.fixture(scope="module")
def port(own):
    with server(own.url, LOG_LEVEL="ERROR") as started:
        yield started.port


def kill_one_in_a_transaction(own: Own) -> bool:
    found = execute(own.superuser, IN_A_TRANSACTION)
    for (process,) in found[:1]:
        os.kill(process, signal.SIGKILL)
    return bool(found)


def test_a_process_of_the_server_that_is_killed_in_a_transaction(own, port, rounds):
    """With it all others end, and the server recovers."""
    with writers(port) as team:
        for _ in rounds:
            team.get()
            wait_for(lambda: kill_one_in_a_transaction(own))
            team.get(503, each=1)
            wait_until_back(port)
            team.get()
    team.assert_exactly_once(own.url)


@pytest.fixture
def disk(own):
    """A small disk on which what can undo an entry is kept: it is written after the entry itself."""
    (own.folder / "small").mkdir()
    disk = SmallDisk(own.folder / "small")
    if not disk.is_mounted:
        pytest.skip("NO DISK OF THE DATABASE WAS FULL: nothing may be mounted here, which takes root")
    shutil.chown(disk.folder, own.folder.stat().st_uid, own.folder.stat().st_gid)
    execute(own.superuser, f"CREATE TABLESPACE small LOCATION '{disk.folder}'")
    execute(own.superuser, "ALTER TABLE acts SET TABLESPACE small")
    yield disk
    execute(own.superuser, "ALTER TABLE acts SET TABLESPACE pg_default", "DROP TABLESPACE small")
    disk.close()


def test_a_disk_of_the_database_that_is_full(own, port, disk, rounds):
    with writers(port) as team:
        for _ in rounds:
            team.get()
            with disk.full():
                team.get(503)
                assert team.onlooker.get(DAY).status == 200
                assert Browser(port).get("/health/database").status == 200
            team.get()
    team.assert_exactly_once(own.url)


def test_a_server_that_is_killed_and_started_again(own, port, rounds):
    with writers(port, count=10) as team:
        for _ in rounds:
            team.get()
            own.kill()
            team.get(503)
            own.start()
            wait_until_back(port)
            team.get()
    team.assert_exactly_once(own.url)
