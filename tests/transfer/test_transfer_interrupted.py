"""Interrupted anywhere, a move goes on where it was, or leaves the target empty."""

import sqlite3
from contextlib import closing

import pytest
from proxy import Proxy
from surroundings import ROOT, environment

from caloria.operations.transfer import sqlite_source
from caloria.operations.transfer.failure import TransferFailed


class Interrupted(Exception):
    pass


def after(calls, act, stage="Copying"):
    """Do something at one of the calls that tell how far a stage is."""
    left = iter(range(calls, 0, -1))

    def progress(said, _done, _total):
        if said == stage and next(left, None) == 1:
            act()

    return progress


def interrupt():
    raise Interrupted


@pytest.fixture
def small_steps(monkeypatch):
    monkeypatch.setattr(sqlite_source, "ROWS_AT_ONCE", 5)


def checksums(report):
    return {table["name"]: table["checksum"] for table in report.tables if table["name"] != "audit_events"}


@pytest.fixture
def uninterrupted(source, make_database, migrated_url, target):
    """What a move of the same file leaves in another database."""
    from caloria.operations.transfer.move import Wanted, transfer
    from config import Config

    other = Config.load(
        environment(make_database(copy_of=migrated_url), BACKUP_DIR=str(target.kept)), root=ROOT
    )
    return checksums(transfer(other, source.file, Wanted(), lambda *_: None))


def test_a_connection_that_is_cut_is_no_end(source, target, uninterrupted, small_steps):
    from caloria.operations.transfer.move import Wanted, transfer
    from config import Config

    proxy = Proxy(target.url)
    told = environment(proxy.url, BACKUP_DIR=str(target.kept))
    with pytest.raises(TransferFailed, match="lost"):
        transfer(Config.load(told, root=ROOT), source.file, Wanted(), after(20, proxy.cut))
    report = transfer(target.config, source.file, Wanted(), lambda *_: None)
    assert (report.exit_code, checksums(report)) == (0, uninterrupted)


@pytest.mark.parametrize(("stage", "call"), [("Checking", 3), ("Copying", 5), ("Verifying", 15)])
def test_somebody_who_writes_meanwhile_ends_it_and_the_target_is_empty(
    source, target, move, small_steps, stage, call
):
    source.run("PRAGMA journal_mode=WAL")
    with closing(sqlite3.connect(source.file, isolation_level=None)) as app:
        write = "UPDATE users SET name = name || '!'"
        with pytest.raises(TransferFailed, match="Somebody wrote") as failed:
            move(after(call, lambda: app.execute(write), stage))
    assert failed.value.exit_code == 1
    assert target.is_empty
    assert move().exit_code == 0


def test_another_file_does_not_go_on_with_it(source, target, move, small_steps):
    with pytest.raises(Interrupted):
        move(after(9, interrupt))
    source.run("UPDATE users SET name = 'Somebody else'")
    with pytest.raises(TransferFailed, match="--start-over"):
        move()
    with pytest.raises(TransferFailed, match="unfinished"):
        move(dry_run=True)
    assert move(start_over=True).exit_code == 0
