"""Backups that are killed: what was there before is as it was, and the next one tidies up."""

import os
import signal
import tempfile
import time
from pathlib import Path
from random import Random

import pytest
from backups import left_over, make, quiet, scratch_databases, states
from clusters import execute
from sqlalchemy import create_engine

from caloria.operations.backup.shelf import Shelf
from caloria.operations.backup.verify import verify

pytestmark = pytest.mark.slow


def killed_after(seconds: float, run) -> bool:
    """Run something in a process of its own, and kill that with SIGKILL; whether it was still at it."""
    child = os.fork()
    if not child:
        try:
            run()
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    """Where copies go, which other tests do not see."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_killed_at_twenty_moments(config, url, engine_name, clock, temporary):
    started = time.monotonic()
    clock(days=-30)
    first = make(config)
    whole = time.monotonic() - started
    chance, killed = Random(2026), 0
    for number in range(20):
        clock(days=number - 25)
        killed += killed_after((number + chance.random()) / 20 * whole, lambda: make(config))
        assert Shelf.of(config).find(first.id).state == "proven"
        # One that was stored as it was killed is whole. What is not, is no backup.
        assert "broken" not in states(config)
    assert killed > 2
    clock(days=0)
    assert make(config).is_proven
    assert left_over(config) == []
    assert not list(temporary.glob("caloria-proof-*"))
    if engine_name == "postgresql":
        ours = str(execute(url, "SELECT uuid FROM identity")[0][0])[:8]
        assert not [name for name in scratch_databases() if ours in name]
    assert verify(config, first.id, quiet).state == "proven"


def test_what_a_killed_proof_of_another_machine_left_goes_as_well(server, config, url, postgres):
    """A container is another machine each time."""
    ours = f"caloria_proof_{str(execute(url, 'SELECT uuid FROM identity')[0][0])[:8]}"
    for name in (f"{ours}_0a1b2c", f"{ours}_d3e4f5"):
        postgres.run(f"CREATE DATABASE {name}")
    with create_engine(postgres.url.set(database=f"{ours}_d3e4f5")).connect():
        assert make(config).is_proven
    assert [name for name in scratch_databases() if ours in name] == [f"{ours}_d3e4f5"]
    postgres.run(f"DROP DATABASE {ours}_d3e4f5 WITH (FORCE)")


def test_a_verification_that_was_killed_takes_nothing_from_the_backup(config, engine_name):
    if engine_name != "sqlite":
        pytest.skip("the same on either")
    made = make(config)
    (config.backup_dir / made.id / "manifest.json.partial").write_text('{"format"')
    assert verify(config, made.id, quiet).state == "proven"
