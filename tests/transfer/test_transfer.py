"""Everything arrives, equal, or nothing counts as moved."""

import json
import sqlite3
from contextlib import closing
from hashlib import sha256

import pytest
from surroundings import flask, start
from working import A_JOB_WAITS, WAITING

from caloria.extensions import db
from caloria.models import AuditSeal
from caloria.operations.audit.heads import Head
from caloria.operations.audit.verify import verify
from caloria.operations.connecting import engine_at
from caloria.operations.transfer.failure import SourceRetired, TransferFailed


def test_a_diary_arrives_equal_and_its_file_is_left_as_it_was(source, target, move):
    source.run(A_JOB_WAITS)
    before = sha256(source.file.read_bytes()).hexdigest(), source.folder
    report = move()
    assert (report.exit_code, report.differences, report.problems.listed) == (0, [], [])
    assert (sha256(source.file.read_bytes()).hexdigest(), source.folder) == before
    assert target.run(WAITING) == [(0,)]  # whoever worked on the file does it
    rows = target.rows()
    for table in report.tables:
        there = source.run(f"SELECT count(*) FROM {table['name']}")[0][0]
        assert table["rows"] == table["moved"] == there
        assert rows.get(table["name"], there) == there
    assert report.compared["people_found_by_email"] == 2
    assert report.compared["sampled_rows"] == 20
    assert report.compared["inserts_taken_back"] == sum(table["moved"] > 0 for table in report.tables) > 5
    assert report.kept.stat().st_mode & 0o777 == 0o600
    assert json.loads(report.written.read_text())["state"] == "moved"
    assert start(target.url) == 0


def test_every_moment_is_the_same_to_the_microsecond(source, target, move):
    source.run("UPDATE entries SET created_at = '2026-03-29 01:30:00.000001' WHERE rowid = 1")
    source.run("UPDATE entries SET created_at = '2026-03-29 03:30:00.654321+02:00' WHERE rowid = 2")
    move()
    kept = "to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    arrived = dict(target.run(f"SELECT replace(id::text, '-', ''), {kept} FROM entries"))
    sent = dict(source.run("SELECT id, created_at FROM entries"))
    moved = [name for name, moment in sent.items() if arrived[name] != moment]
    assert [arrived[name] for name in moved] == ["2026-03-29 01:30:00.654321"]


def test_what_is_only_in_the_write_ahead_log_arrives_too(source, target, move):
    with closing(sqlite3.connect(source.file)) as app:
        app.execute("PRAGMA journal_mode=WAL")
        app.execute("PRAGMA wal_autocheckpoint=0")
        app.execute("UPDATE users SET name = 'In the log' WHERE email_key = 'demo@caloria.example'")
        app.commit()
        files = {path: path.read_bytes() for path in source.file.parent.glob("*[!m]")}
        assert move().exit_code == 0
        assert {path: path.read_bytes() for path in source.file.parent.glob("*[!m]")} == files
    assert target.run("SELECT count(*) FROM users WHERE name = 'In the log'") == [(1,)]


def test_a_file_that_only_had_a_write_ahead_log_has_none_afterwards(source, move):
    source.run("PRAGMA journal_mode=WAL")
    before = source.folder
    assert move().exit_code == 0
    assert source.folder == before


def test_the_events_of_the_source_follow_those_of_the_target(source, target, move):
    own = target.run("SELECT max(sequence) FROM audit_events")[0][0]
    move()
    acts = [act for (act,) in target.run("SELECT act FROM audit_events ORDER BY sequence")]
    sent = [act for (act,) in source.run("SELECT act FROM audit_events ORDER BY sequence")]
    assert acts == ["db upgrade"] * own + sent + ["transfer"]


def test_an_older_file_is_upgraded_on_a_copy(source, target, move):
    source.take_back()
    before = source.file.read_bytes()
    assert move().exit_code == 0
    assert source.file.read_bytes() == before
    assert move().state == "verified before"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("CREATE TABLE moods (id INTEGER)", "table moods"),
        ("ALTER TABLE users ADD COLUMN mood TEXT", "column users.mood"),
        ("UPDATE alembic_version SET version_num = 'f00f00f00f00'", "f00f00f00f00"),
        ("DROP TABLE identity", "no database of Caloria's"),
    ],
)
def test_what_this_code_does_not_know_stops_the_move_by_name(source, target, move, change, words):
    source.run(change)
    with pytest.raises(TransferFailed, match=words):
        move()
    assert target.is_empty


def test_a_target_with_one_row_is_refused_with_its_table_and_count(source, target, move):
    target.run("INSERT INTO food_words VALUES ('ats', 'oats')")
    with pytest.raises(TransferFailed, match=r"food_words \(1 row\)"):
        move()


def test_a_file_that_is_damaged_is_refused(source, target, move):
    pages = bytearray(source.file.read_bytes())
    pages[len(pages) // 2 : len(pages) // 2 + 20_000] = b"x" * 20_000
    source.file.write_bytes(pages)
    with pytest.raises(TransferFailed, match=r"damaged|cannot be read"):
        move()
    assert target.is_empty


def test_moved_twice_it_is_verified_again_and_nothing_changes(target, move):
    first = move()
    before = target.run("SELECT count(*), max(sequence) FROM audit_events"), target.rows()
    second = move()
    assert (second.exit_code, second.state) == (0, "verified before")
    assert second.tables == first.tables
    assert (target.run("SELECT count(*), max(sequence) FROM audit_events"), target.rows()) == before


def test_a_row_that_was_changed_since_is_found_by_table_and_key(target, move):
    move()
    [(key,)] = target.run("SELECT user_id || ', ' || id FROM entries ORDER BY id LIMIT 1")
    target.run(f"UPDATE entries SET fat_g = fat_g + 1e-9 WHERE user_id || ', ' || id = '{key}'")
    report = move()
    assert (report.exit_code, report.differences) == (1, [f"entries {key} differs in fat_g"])
    target.run(f"DELETE FROM entries WHERE user_id || ', ' || id = '{key}'")
    assert f"entries {key} is missing in the target" in move().differences


def test_a_table_that_takes_no_row_is_found_by_name(target, move):
    def spoil(stage, done, _total):
        if stage == "Verifying" and not done:
            target.run(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'check_violation'; END $$",
                "CREATE TRIGGER refuse AFTER INSERT ON weights FOR EACH ROW EXECUTE FUNCTION refuse()",
            )

    report = move(spoil)
    assert report.differences == ["weights takes no row: a value is refused by PostgreSQL (SQLSTATE 23514)"]
    assert report.exit_code == 1
    target.run("DROP FUNCTION refuse CASCADE")
    assert move().exit_code == 0


def test_a_source_is_retired_only_once_it_is_verified_and_no_start_is_let_on_it(source, target, move):
    retired = move(retire=True).retired
    assert not source.file.exists()
    assert retired.name.startswith("caloria.db.retired-")
    assert start(f"sqlite:///{retired}") == 84
    retired.rename(source.file)
    with pytest.raises(SourceRetired) as refused:
        move()
    assert refused.value.exit_code == 84


def test_the_command_says_what_comes_next(source, target):
    done = flask("transfer", f"sqlite:///{source.file}", url=target.url)
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip().endswith("flask doctor\n  flask backup create")
    assert "\n  DATABASE_URL=postgresql://caloria@/test_" in done.stdout
    assert done.stderr == ""


def test_a_move_into_sqlite_is_refused(source):
    refused = flask("transfer", f"sqlite:///{source.file}", url=f"sqlite:///{source.file}")
    assert refused.returncode == 1
    assert "a move goes to PostgreSQL" in refused.stderr


def test_a_source_with_a_write_ahead_log_is_retired_whole(source, target, move):
    source.run("PRAGMA journal_mode=WAL")
    move()
    retired = move(retire=True).retired
    assert source.folder == {retired.name}
    with closing(sqlite3.connect(retired)) as left:
        assert left.execute("SELECT count(*) FROM identity WHERE retired_at IS NOT NULL").fetchone() == (1,)
        assert left.execute("SELECT count(*) FROM users").fetchone() == (2,)


def test_the_chain_of_the_audit_is_whole_where_it_arrives(source, target, move, make_app, tmp_path):
    app = make_app(f"sqlite:///{source.file}")
    with app.app_context():
        AuditSeal.seal()
        db.session.commit()
        head = db.session.execute(AuditSeal.head()).one()
    report = move()
    assert (report.differences, report.problems.listed) == ([], [])

    known = [Head(head.position, head.digest, "the file")]
    with engine_at(target.config, target.config.database_url).connect() as connection:
        report = verify(connection, known, tmp_path, lambda *_: None)
    assert (report.findings, report.links) == ([], head.position)
