"""Backups while others are at work: another one, people who write, a migration, who asks for the list."""

import fcntl
import os
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from backups import left_over, make, quiet, states
from clusters import execute
from serving import wait_for
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from caloria.operations.backup import postgresql
from caloria.operations.backup.create import create
from caloria.operations.backup.failure import BackupFailed
from caloria.operations.backup.shelf import LOCK, Shelf
from caloria.operations.turn import Busy

pytestmark = pytest.mark.slow


def test_a_second_one_is_refused_and_told_who_is_at_it(config):
    told = []

    def second(stage, _done, _total):
        if not told:
            assert Shelf.of(config).unfinished()[0][1] == "running"
            with pytest.raises(Busy) as caught:
                create(config, quiet)
            told.append(caught.value)

    assert create(config, second).state == "proven"
    assert told[0].exit_code == 75
    assert f"process {os.getpid()} on " in told[0].message
    assert " since 20" in told[0].message
    assert states(config) == ["proven"]


def test_whoever_asks_for_the_list_is_in_nobodys_way(config):
    """Asking takes the lock for a moment, makes no folder, and does not sign as if it made a backup."""
    shelf = Shelf.of(config)
    assert not shelf.is_busy()
    assert not config.backup_dir.exists()
    with shelf.locked():
        signed = (config.backup_dir / LOCK).read_text()
    with (config.backup_dir / LOCK).open() as asking:
        fcntl.flock(asking, fcntl.LOCK_SH)
        Thread(target=lambda: (Event().wait(0.08), fcntl.flock(asking, fcntl.LOCK_UN))).start()
        with shelf.locked():
            pass
    assert not shelf.is_busy()
    assert (config.backup_dir / LOCK).read_text().partition(" since ")[0] == signed.partition(" since ")[0]


WRITES = (
    "INSERT INTO weights (user_id, id, day, weight_kg, created_at) "
    "SELECT user_id, gen_random_uuid(), date '2030-01-01' + %(number)s, 70, now() FROM weights LIMIT 1",
    "INSERT INTO audit_events (at, actor, act, object, server, request_id) "
    "VALUES (now(), 'a', 'try', 'o', 's', 'r')",
    "UPDATE entries SET name = name || '.', updated_at = now() "
    "WHERE (user_id, id) IN (SELECT user_id, id FROM entries ORDER BY random() LIMIT 1)",
)


class Writer(Thread):
    """Writes one transaction after the other over a connection of its own."""

    def __init__(self, url: str, first: int, stop: Event):
        super().__init__(daemon=True)
        self.url, self.first, self.stop, self.written = url, first, stop, 0

    def run(self):
        engine = create_engine(make_url(self.url), poolclass=NullPool)
        with engine.connect() as connection:
            while not self.stop.wait(0.01):
                for statement in WRITES:
                    connection.exec_driver_sql(statement, {"number": self.first + self.written})
                connection.commit()
                self.written += 1


@contextmanager
def ten_writers(url: str):
    stop = Event()
    team = [Writer(url, number * 3000, stop) for number in range(10)]
    for writer in team:
        writer.start()
    yield team
    stop.set()
    for writer in team:
        writer.join(30)


def test_ten_writers_meanwhile_and_the_restore_equals_the_manifest(server, url, config):
    with ten_writers(url) as team:
        wait_for(lambda: all(writer.written > 2 for writer in team))
        before = [writer.written for writer in team]
        made = make(config)
        assert all(writer.written > old for writer, old in zip(team, before, strict=True))
    assert made.is_proven, made.problem
    written = sum(writer.written for writer in team)
    after = execute(url, "SELECT count(*) FROM audit_events")[0][0]
    assert sum(before) <= made.rows["audit_events"] - (after - written) < written


@contextmanager
def session_of(url: str):
    with create_engine(make_url(url), poolclass=NullPool).connect() as connection:
        yield connection


def test_a_table_that_is_written_anew_as_the_backup_begins_is_backed_up_whole(server, url, config):
    """Its rows are there for whoever looks after it was committed, and for nobody who looked before."""
    rows = execute(url, "SELECT count(*) FROM weights")[0][0]
    results = []
    with session_of(url) as migration:
        migration.exec_driver_sql("ALTER TABLE weights ALTER COLUMN weight_kg TYPE numeric")
        backup = Thread(target=lambda: results.append(make(config)))
        backup.start()
        wait_for(lambda: waiting_for_a_lock(url))
        migration.exec_driver_sql("ALTER TABLE weights ALTER COLUMN weight_kg TYPE double precision")
        migration.commit()
        backup.join(60)
    assert results[0].is_proven
    assert results[0].rows["weights"] == rows > 0


def waiting_for_a_lock(url: str) -> list:
    name = make_url(url).database
    return execute(
        os.environ["TEST_POSTGRES_URL"],
        f"SELECT pid FROM pg_stat_activity WHERE datname = '{name}' AND wait_event_type = 'Lock'",
    )


def test_a_migration_waits_while_a_backup_is_made(server, url, config):
    refused = []

    def migrate(stage, _done, _total):
        if stage == "Dumping" and not refused:
            with session_of(url) as migration:
                migration.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
                with pytest.raises(Exception, match="lock timeout") as caught:
                    migration.exec_driver_sql("ALTER TABLE weights ADD COLUMN colour text")
                refused.append(caught.value)

    assert create(config, migrate).state == "proven"
    assert refused


def test_a_migration_that_does_not_end_is_named(server, url, config, monkeypatch):
    monkeypatch.setattr(postgresql, "LOCK_TIMEOUT", "100ms")
    with session_of(url) as migration:
        migration.exec_driver_sql("LOCK TABLE weights")
        with pytest.raises(BackupFailed, match="A table is locked, as while a migration runs"):
            make(config)
    assert (states(config), left_over(config)) == ([], [])


def test_a_table_that_is_made_as_the_backup_begins_is_not_left_unguarded(server, url, config, monkeypatch):
    real = postgresql.patience

    def make_a_table_first(connection):
        execute(url, "CREATE TABLE IF NOT EXISTS late (id int)")
        return real(connection)

    monkeypatch.setattr(postgresql, "patience", make_a_table_first)
    with pytest.raises(BackupFailed, match="Try again"):
        make(config)
