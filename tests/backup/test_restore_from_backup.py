"""A backup is restored beside what is there, whole or not at all, and never over anything."""

import os
from pathlib import Path

import pytest
from backups import KEY, bend, config_for, make, quiet, told
from clusters import cluster, execute, folders
from forked import run
from sqlalchemy import make_url
from surroundings import PASSWORD, ROOT, flask, start
from working import A_JOB_WAITS, WAITING

from caloria.extensions import db
from caloria.models import Erasure, Signup
from caloria.operations.backup.failure import BackupFailed
from caloria.operations.backup.restore import NewerThanCode, restore
from caloria.operations.backup.shelf import Shelf

pytestmark = pytest.mark.slow
COUNTED = "SELECT (SELECT count(*) FROM entries), (SELECT sum(energy_kcal) FROM entries), uuid FROM identity"

WHO = "SELECT name, (SELECT count(*) FROM meals WHERE meals.user_id = users.id) FROM users ORDER BY name"
ERASED = "SELECT user_id, payments_kept FROM erasures"


@pytest.fixture
def one_engine(engine_name):
    """Asked for by what is the same on PostgreSQL, and takes longer there."""
    if engine_name == "postgresql":
        pytest.skip("it is the same there")


def exists(url: str) -> bool:
    if url.startswith("sqlite"):
        return Path(make_url(url).database).exists()
    asked = f"SELECT count(*) FROM pg_database WHERE datname = '{make_url(url).database}'"
    return bool(execute(os.environ["TEST_POSTGRES_URL"], asked)[0][0])


def rewrite(config, **facts) -> None:
    """Let the newest backup say something else of itself, and sign it."""
    shelf = Shelf.of(config)
    backup = shelf.backups()[-1]
    backup.require().facts["contents"] |= facts
    backup.keep(shelf.key)


def test_a_backup_comes_back_beside_the_live_database_which_stays_as_it_is(config, url, beside):
    execute(url, A_JOB_WAITS)
    made, before = make(config), execute(url, COUNTED)
    execute(url, "DELETE FROM entries")

    restored = restore(config, made.id, beside[0], quiet)

    assert execute(beside[1], COUNTED) == before
    # Nobody is mailed by both.
    assert [execute(each, WAITING) for each in (url, beside[1])] == [[(1,)], [(0,)]]
    assert execute(url, "SELECT count(*) FROM entries") == [(0,)]
    assert not restored.notes
    assert start(beside[1]) == 0


def test_who_was_erased_after_a_backup_is_erased_when_it_is_restored(
    one_engine, config, url, beside, make_app, clock
):
    with make_app(url).app_context():
        ann = Signup("Ann", "ann@example.org", PASSWORD, "UTC").complete()
        db.session.commit()
        made, before = make(config), execute(url, WHO)
        Erasure.complete(ann)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    after = execute(url, WHO)
    clock(1 / 24)
    make(config)

    restored = restore(config, made.id, beside[0], quiet)

    assert restored.notes == ["Erased again: 1 person, who was erased after this backup was made."]
    assert execute(beside[1], WHO) == after != before
    assert execute(beside[1], ERASED) == execute(url, ERASED)
    assert execute(beside[1], "SELECT act FROM audit_events ORDER BY sequence DESC LIMIT 1") == [("erasure",)]


def test_nothing_that_is_there_is_restored_over(config, url, beside):
    made = make(config)
    restore(config, made.id, beside[0], quiet)
    execute(beside[1], "DELETE FROM entries")
    live = make_url(url).database

    for name, reason in ((live, "is the live database"), (beside[0], "is not empty")):
        with pytest.raises(BackupFailed, match=reason):
            restore(config, made.id, name, quiet)

    assert execute(url, "SELECT count(*) > 0 FROM entries") in ([(True,)], [(1,)])
    assert execute(beside[1], "SELECT count(*) FROM entries") == [(0,)]


def test_a_journal_that_would_be_applied_to_the_file_is_refused(one_engine, config, beside):
    made = make(config)
    Path(beside[0] + "-wal").write_bytes(b"pages of another file")

    with pytest.raises(BackupFailed, match="-wal is not empty"):
        restore(config, made.id, beside[0], quiet)

    assert not exists(beside[1])


def test_what_differs_from_its_manifest_is_gone_again(config, beside):
    made = make(config)
    tables = made.facts["contents"]["tables"]
    rewrite(config, tables={**tables, "entries": {**tables["entries"], "checksum": "1"}})

    with pytest.raises(BackupFailed, match="table entries has as many rows, but not the same"):
        restore(config, made.id, beside[0], quiet)

    assert not exists(beside[1])


def test_an_empty_database_is_filled_or_empty_again(server, config, url, beside):
    made, before = make(config), execute(url, COUNTED)
    name = make_url(beside[1]).database
    execute(os.environ["TEST_POSTGRES_URL"], f"CREATE DATABASE {name} OWNER caloria TEMPLATE template0")
    contents = made.facts["contents"]
    rewrite(config, tables={**contents["tables"], "forgotten": {"rows": 0, "checksum": "0"}})
    with pytest.raises(BackupFailed, match="table forgotten is missing"):
        restore(config, made.id, name, quiet)
    assert execute(beside[1], "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname = 'foods'") == [
        (0,)
    ]

    rewrite(config, tables=contents["tables"])
    restore(config, made.id, name, quiet)

    assert execute(beside[1], COUNTED) == before


def test_a_backup_of_a_newer_caloria_is_refused_before_anything(one_engine, config, beside):
    made = make(config)
    rewrite(config, revision="9999")

    with pytest.raises(NewerThanCode) as refused:
        restore(config, made.id, beside[0], quiet)

    assert refused.value.exit_code == 81
    assert not exists(beside[1])


def test_a_backup_of_an_older_caloria_is_upgraded_once_it_was_compared(config, url, beside):
    assert flask("db", "downgrade", "0003", url=url).returncode == 0
    made, before = make(config), execute(url, COUNTED)
    assert made.revision == "0003"

    restore(config, made.id, beside[0], quiet)

    assert start(beside[1]) == 0
    assert execute(beside[1], COUNTED) == before
    assert execute(beside[1], "SELECT act FROM audit_events ORDER BY sequence")[-1] == ("db upgrade",)


def test_a_backup_that_was_changed_is_refused(one_engine, config, beside):
    made = make(config)
    file = next(path for path in (config.backup_dir / made.id / "dump").iterdir())
    file.write_bytes(file.read_bytes() + b" ")

    with pytest.raises(BackupFailed, match="was changed"):
        restore(config, made.id, beside[0], quiet)

    assert not exists(beside[1])


def test_a_restore_that_was_killed_is_never_promoted_and_does_not_stand_in_the_way(
    server, config, url, beside, tmp_path
):
    made = make(config)
    bent = bend(tmp_path / "bent", '"$REAL" "$@"; kill -9 $PPID', "pg_restore")
    said = told(url, config.backup_dir, PATH=f"{bent}{os.pathsep}{os.environ['PATH']}")
    words = ["-m", "flask", "backup", "restore", made.id, "--into", beside[0]]
    assert run(words, ROOT, said).returncode == -9
    assert exists(beside[1])

    promoted = flask(
        "database", "promote", beside[0], "--name", make_url(url).database, url=url, **promoting()
    )
    assert promoted.returncode == 1
    assert "not complete" in promoted.stderr
    restore(config, made.id, beside[0], quiet)

    assert execute(beside[1], COUNTED) == execute(url, COUNTED)


def promoting() -> dict[str, str]:
    return {"BACKUP_PROOF_URL": os.environ["TEST_POSTGRES_URL"]}


def test_a_machine_that_has_only_the_backup_its_key_and_this_code_restores(server, config, url, beside):
    made, before = make(config), execute(url, COUNTED)
    path = str(config.backup_dir / made.id)
    with cluster(folders()[-1]) as administrator:
        address = administrator.set(drivername="postgresql")
        told = {
            "PATH": os.environ["PATH"],
            "FLASK_SKIP_DOTENV": "1",
            "BACKUP_KEY": KEY,
            "MIGRATION_DATABASE_URL": address.render_as_string(False),
        }
        done = run(["-m", "flask", "backup", "restore", path, "--into", beside[0]], ROOT, told)

        assert done.returncode == 0, done.stderr
        assert f"flask database promote {beside[0]}" in done.stdout
        assert execute(address.set(database=beside[0]).render_as_string(False), COUNTED) == before


def test_uploads_come_back_into_a_folder_of_their_own(one_engine, url, tmp_path, beside):
    uploads, again = tmp_path / "uploads", tmp_path / "again"
    (uploads / "a").mkdir(parents=True)
    (uploads / "a" / "photo.jpg").write_bytes(b"\x00photo")
    config = config_for(url, tmp_path / "shelf", UPLOAD_DIR=str(uploads))
    made = make(config)
    with pytest.raises(BackupFailed, match="not an empty folder"):
        restore(config, made.id, beside[0], quiet, uploads_into=uploads)

    restored = restore(config, made.id, beside[0], quiet, uploads_into=again)

    assert restored.files == 1
    assert (again / "a" / "photo.jpg").read_bytes() == b"\x00photo"
