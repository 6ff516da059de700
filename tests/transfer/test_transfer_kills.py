"""Killed twenty times, from the first look to the last word, a move ends as if it never was."""

import os
import signal

import pytest
from surroundings import ROOT, environment, start

from caloria.operations.transfer import move as steps
from caloria.operations.transfer import sqlite_source
from caloria.operations.transfer.move import Wanted, transfer
from caloria.operations.transfer.quarantine import Quarantine
from caloria.operations.transfer.report import Report
from caloria.operations.transfer.sqlite_source import SqliteSource
from caloria.operations.transfer.target import Target
from caloria.operations.transfer.verify import Verification
from config import Config

# At which call of what: a stage tells how far it is, the rest is called once or twice.
KILLS = [
    (SqliteSource, "require_sound", 1),
    ("Checking", 1),
    ("Checking", 12),
    ("Checking", 30),
    (Target, "vacuum", 1),
    ("Keeping a copy", 1),
    (Quarantine, "finish", 1),
    (Target, "begin", 1),
    (steps, "keep", 1),
    ("Copying", 1),
    ("Copying", 4),
    ("Copying", 9),
    (Target, "check", 6),
    ("Copying", 20),
    ("Verifying", 1),
    ("Verifying", 12),
    (Verification, "of_inserts", 1),
    (Target, "note", 1),
    (Target, "analyze", 1),
    (Report, "write", 1),
]


def killed(run, *place, call: int) -> bool:
    """Run something in a process that is killed at this call of that place; whether it came so far."""
    child = os.fork()
    if not child:
        try:
            run(dying(*place, call))
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def dying(*place_and_call):
    """A progress that ends this process there, where it is a stage; or a step that does."""
    *place, call = place_and_call
    left = iter(range(call - 1, -1, -1))

    def die():
        if not next(left):
            os.kill(os.getpid(), signal.SIGKILL)

    if len(place) == 1:
        return lambda said, *_: die() if said == place[0] else None
    real = getattr(*place)

    def step(*words):
        die()
        return real(*words)

    setattr(*place, step)  # in a process that ends here
    return lambda *_: None


@pytest.fixture
def source(source):
    source.run("UPDATE entries SET eaten_at = 'later' WHERE rowid IN (1, 2)")
    return source


def test_killed_at_twenty_moments(source, target, make_database, migrated_url, tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite_source, "ROWS_AT_ONCE", 20)
    other = environment(make_database(copy_of=migrated_url), BACKUP_DIR=str(tmp_path / "other"))
    left_out, left_out_there = tmp_path / "left-out.jsonl", tmp_path / "other.jsonl"
    whole = transfer(Config.load(other, root=ROOT), source.file, Wanted(quarantine=left_out_there), quiet)

    def run(progress):
        return transfer(target.config, source.file, Wanted(quarantine=left_out), progress)

    before = source.folder
    for *place, call in KILLS:
        assert killed(run, *place, call=call), place
        assert place != ["Copying"] or start(target.url) == 82
    report = run(quiet)
    assert (report.exit_code, report.state) == (3, "verified before")
    assert checksums(report) == checksums(whole)
    assert left_out.read_bytes() == left_out_there.read_bytes()
    assert start(target.url) == 0
    assert source.folder == before
    assert {path.name.partition(".before-transfer-")[0] for path in target.kept.iterdir()} == {"caloria.db"}
    assert {path.suffix for path in target.kept.iterdir()} == {".db", ".json"}
    assert not list(tmp_path.rglob("*.partial"))


def quiet(*_):
    pass


def checksums(report):
    return {table["name"]: table["checksum"] for table in report.tables if table["name"] != "audit_events"}
