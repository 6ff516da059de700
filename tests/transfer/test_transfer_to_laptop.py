"""A developer is given the shapes of everybody's data in a file, and nothing that says whose it is."""

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from clusters import execute
from surroundings import ROOT, environment, flask, start

from caloria.guard import StartupRefused
from caloria.guard.refusal import FOREIGN_SCHEMA
from caloria.operations.transfer.failure import TransferFailed
from caloria.operations.transfer.move import Wanted, transfer
from caloria.operations.transfer.outward import give
from caloria.operations.transfer.snapshot import Snapshot
from caloria.operations.transfer.tables import moved_tables
from config import Config

WORD = "Hortensia"
TYPED = (
    f"UPDATE users SET name = '{WORD}', password_hash = '{WORD}' WHERE starts_with(email_key, 'zo')",
    f"INSERT INTO day_notes SELECT id, '2026-01-02', 'with {WORD} at the sea', now() FROM users",
    f"UPDATE entries SET name = repeat('{WORD}''s cake', 12), brand = '{WORD}', food_id = NULL",
    f"UPDATE entries SET portion_unit = '{WORD}'",
    f"UPDATE meals SET name = 'with {WORD}'",
    f"INSERT INTO throttles VALUES ('{WORD}', 1, now())",
    f"INSERT INTO audit_events (at, actor, act, object, server, request_id) "
    f"VALUES (now(), '{WORD}', '{WORD}', '{WORD}', '{WORD}', '{WORD}')",
)
PEOPLES = (WORD, "Zoë", "zoë@example.org", "Zoë@Example.org", "demo@caloria.example")


@pytest.fixture(scope="session")
def moved_url(lived_in, make_database, migrated_url, tmp_path_factory) -> str:
    """A PostgreSQL in which somebody has lived. Copy it; do not change it."""
    url = make_database(copy_of=migrated_url)
    told = environment(url, BACKUP_DIR=str(tmp_path_factory.mktemp("kept")))
    assert transfer(Config.load(told, root=ROOT), lived_in, Wanted(), lambda *_: None).exit_code == 0
    return url


@pytest.fixture
def own_url(make_database, moved_url) -> str:
    """One of a test's own, that it may change."""
    return make_database(copy_of=moved_url)


@pytest.fixture
def laptop(tmp_path) -> Path:
    (tmp_path / "given").mkdir()
    return tmp_path / "given" / "laptop.db"


@pytest.fixture
def write(moved_url, laptop):
    """Write the copy, in this process."""

    def write(url=moved_url, scrubbed=False, progress=lambda *_: None):
        return give(Config.load(environment(url), root=ROOT), laptop, scrubbed, progress)

    return write


def rows_of(file: Path, table: str) -> list:
    with closing(sqlite3.connect(file)) as opened:
        names = ", ".join(f'"{row[1]}"' for row in opened.execute(f"PRAGMA table_info({table})"))
        return sorted(opened.execute(f"SELECT {names} FROM {table}").fetchall(), key=repr)


def ask(file: Path, sql: str) -> list:
    with closing(sqlite3.connect(file)) as opened:
        return opened.execute(sql).fetchall()


def test_what_moved_in_comes_out_again_to_the_byte(lived_in, moved_url, laptop, write):
    given = write()
    given_away = [table for table in moved_tables()[:-1] if table.name not in given.withheld]
    for table in given_away:
        assert rows_of(laptop, table.name) == rows_of(lived_in, table.name), table.name
        assert given.rows[table.name] == len(rows_of(lived_in, table.name))
    # The original goes on reminding people.
    assert (given.withheld, rows_of(laptop, "reminders")) == ({"reminders": 1}, [])
    events = "SELECT sequence, act FROM audit_events ORDER BY 1"
    assert ask(laptop, events) == execute(moved_url, events)
    assert start(f"sqlite:///{laptop}") == 0
    assert laptop.stat().st_mode & 0o777 == 0o600
    assert os.listdir(laptop.parent) == ["laptop.db"]


def test_a_file_has_the_layout_and_the_rules_of_the_migrations(lived_in, laptop, write):
    write()
    layout = "SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2"
    assert ask(laptop, layout) == ask(lived_in, layout)
    with pytest.raises(sqlite3.IntegrityError, match="can only be added to"):
        ask(laptop, "DELETE FROM audit_events")


def test_nothing_that_people_typed_is_anywhere_in_a_scrubbed_file(own_url, laptop, write):
    execute(own_url, *TYPED)
    write(own_url)
    everything = laptop.read_bytes()
    assert all(text.encode() in everything for text in PEOPLES)
    laptop.unlink()
    given = write(own_url, scrubbed=True)
    left = laptop.read_bytes()
    assert [text for text in PEOPLES if text.encode() in left] == []
    assert ask(laptop, "PRAGMA freelist_count") == [(0,)]
    assert given.withheld["audit_events"] > 0 == ask(laptop, "SELECT count(*) FROM audit_events")[0][0]
    eaten = "SELECT count(*), sum(energy_kcal) FROM entries"
    [(count, energy)] = execute(own_url, eaten)
    assert ask(laptop, eaten) == [(count, pytest.approx(energy))]
    assert ask(laptop, "SELECT environment, system_identifier FROM identity") == [("development", None)]


def test_production_is_only_given_away_scrubbed_and_an_app_starts_on_that(own_url, laptop):
    production = "UPDATE identity SET environment = 'production', system_identifier = NULL"
    [(uuid,)] = execute(own_url, f"{production} RETURNING uuid::text")
    told = {"CALORIA_ENV": "production", "CALORIA_DB_ID": uuid, "TRUSTED_HOSTS": "localhost"}
    words = ("transfer", "--to", f"sqlite:///{laptop}")
    refused = flask(*words, url=own_url, **told)
    assert (refused.returncode, os.listdir(laptop.parent)) == (1, [])
    assert "real people" in refused.stderr
    assert f"flask transfer --to sqlite:///{laptop} --scrub" in refused.stderr
    done = flask(*words, "--scrub", url=own_url, **told)
    assert (done.returncode, done.stderr) == (0, "")
    next_lines = (
        f"  CALORIA_ENV=development\n  DATABASE_URL=sqlite:///{laptop}\nNext:\n  flask doctor\n  bin/dev\n"
    )
    assert done.stdout.endswith(next_lines)
    assert "sessions                       0  not given away" in done.stdout
    doctor = flask("doctor", url=f"sqlite:///{laptop}", CALORIA_ENV="development")
    assert doctor.returncode == 0, doctor.stdout


@pytest.mark.parametrize(
    ("change", "exit_code"),
    [
        ("CREATE SCHEMA caloria_transfer", FOREIGN_SCHEMA),
        ("UPDATE alembic_version SET version_num = '9999'", 1),
    ],
)
def test_a_database_on_which_nothing_starts_or_that_is_newer_is_refused(
    own_url, write, laptop, change, exit_code
):
    execute(own_url, change)
    with pytest.raises((StartupRefused, TransferFailed)) as refused:
        write(own_url)
    assert refused.value.exit_code == exit_code
    assert os.listdir(laptop.parent) == []


@pytest.mark.parametrize("ending", ["", "-wal"])
def test_a_file_that_is_there_is_left_as_it_is(write, laptop, ending):
    there = laptop.with_name(laptop.name + ending)
    there.write_text("a diary")
    with pytest.raises(TransferFailed, match="there already"):
        write()
    assert {path: path.read_text() for path in laptop.parent.iterdir()} == {there: "a diary"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Name one file"),
        (("sqlite:///a.db", "--to", "sqlite:///b.db"), "Name one file"),
        (("--to", "sqlite:///b.db", "--dry-run"), "--dry-run says how to move into PostgreSQL"),
        (("--to", "sqlite:///b.db", "--quarantine", "c"), "--quarantine says"),
        (("sqlite:///a.db", "--scrub"), "--scrub goes with --to"),
        (("--to", "b.db"), "sqlite:///FILE"),
    ],
)
def test_one_way_at_a_time(suite_app, words, said):
    refused = suite_app.test_cli_runner().invoke(args=["transfer", *words])
    assert refused.exit_code == 2
    assert said in refused.output


def test_a_copy_of_a_sqlite_file_is_made_of_its_backup(lived_in, laptop):
    told = Config.load(environment(f"sqlite:///{lived_in}"), root=ROOT)
    with pytest.raises(TransferFailed, match="flask backup restore ID --into FILE --scrub"):
        give(told, laptop, True, lambda *_: None)


@pytest.mark.parametrize(
    ("stage", "number"),
    [
        ("Copying", signal.SIGTERM),
        ("Reading", signal.SIGINT),
        ("Scrubbing", signal.SIGTERM),
        ("Checking the file", signal.SIGINT),
    ],
)
def test_told_to_end_it_leaves_nothing(write, laptop, stage, number):
    seen = []

    def end(said, _done, _total):
        if said == stage:
            seen.extend(path.stat().st_mode & 0o777 for path in laptop.parent.rglob("*"))
            os.kill(os.getpid(), number)

    with pytest.raises((SystemExit, KeyboardInterrupt)):
        write(scrubbed=True, progress=end)
    assert set(seen) == {0o700, 0o600}
    assert os.listdir(laptop.parent) == []


def test_a_folder_that_is_not_there_is_named(write, laptop):
    laptop.parent.rmdir()
    with pytest.raises(TransferFailed, match=f"no folder {laptop.parent}"):
        write()


def test_what_a_killed_one_left_is_told_of(write, laptop):
    left = laptop.with_name(".laptop.db.unscrubbed")
    left.mkdir()
    with pytest.raises(TransferFailed, match=f"rm -r {left}"):
        write()


@pytest.mark.parametrize(
    ("moment", "words"),
    [("0044-03-15 BC", "what was copied of users is not equal"), ("12026-01-01", "a date and time")],
)
def test_what_sqlite_does_not_hold_as_it_was_is_found_and_leaves_nothing(
    own_url, write, laptop, moment, words
):
    execute(own_url, f"UPDATE users SET created_at = '{moment}'")
    with pytest.raises(TransferFailed, match=words):
        write(own_url)
    assert os.listdir(laptop.parent) == []


def test_a_table_is_not_fetched_as_a_whole(moved_url):
    with Snapshot.opened(Config.load(environment(moved_url), root=ROOT)) as snapshot:
        assert next(snapshot.batches(moved_tables()[-1]))
        assert snapshot.ask("SELECT count(*) FROM pg_cursors") == 1


def test_a_zero_below_zero_is_a_zero(own_url, write, laptop):
    execute(own_url, "UPDATE entries SET fat_g = '-0'")
    write(own_url)
    assert ask(laptop, "SELECT DISTINCT fat_g FROM entries") == [(0.0,)]
