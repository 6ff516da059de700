"""A drill restores a backup where nobody sees it, really starts Caloria there, and leaves nothing behind."""

import signal
import time
from contextlib import suppress
from pathlib import Path

import forked
import pytest
from backups import config_for, make, quiet, told
from clusters import execute
from installs import as_production, install, run
from surroundings import ROOT, flask

from caloria.operations.backup.drill import drill
from caloria.operations.backup.failure import BackupFailed
from caloria.operations.backup.shelf import Shelf
from caloria.operations.backup.verify import verify
from config import Config

pytestmark = pytest.mark.slow
WRITTEN_TO = ("sessions", "servers", "entries", "identity")


@pytest.fixture
def one_engine(engine_name):
    """Asked for by what is the same on PostgreSQL, and takes longer there."""
    if engine_name == "postgresql":
        pytest.skip("it is the same there")


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    """Where everything temporary goes, so that what is left can be seen."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    folder.chmod(0o711)
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    return folder


def kept(config: Config) -> list[dict]:
    """What the newest backup remembers of its drills."""
    return Shelf.of(config).backups()[-1].manifest.facts.get("drills", [])


def left(place: Path) -> list[Path]:
    """What is still there, and the processes that were started in these surroundings."""
    found = list(place.iterdir())
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            found += [path] if str(place).encode() in path.read_bytes() else []
    return found


def rows(url: str) -> dict[str, list]:
    return {table: execute(url, f"SELECT * FROM {table} ORDER BY 1, 2") for table in WRITTEN_TO}


def test_a_drill_shows_a_persons_page_and_writes_nothing_where_people_write(url, tmp_path, place):
    site = install(tmp_path / "site", told(url, tmp_path / "shelf", **as_production(url)))
    made = run(site, ".venv/bin/flask", "backup", "create")
    assert made.returncode == 0, made.stderr
    before = rows(url)

    done = run(site, ".venv/bin/flask", "backup", "drill")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (drilled,) = kept(config_for(url, tmp_path / "shelf"))
    assert drilled["problem"] is None
    assert drilled["restore_seconds"] <= drilled["start_seconds"] <= drilled["seconds"]
    assert rows(url) == before
    assert left(place) == []


def test_a_drill_takes_only_what_is_proven_unless_it_is_told_what_to_take(
    one_engine, config, tmp_path, place
):
    backup = make(config)
    damaged = tmp_path / "shelf" / backup.id / "dump" / "caloria.db"
    damaged.write_bytes(damaged.read_bytes()[:-1])

    failed = drill(config, None, quiet)
    verify(config, backup.id, quiet)

    assert failed.problem == "dump/caloria.db was changed"
    assert all(each["problem"] for each in kept(config))
    with pytest.raises(BackupFailed, match="There is no proven backup of this database"):
        drill(config, None, quiet)
    assert drill(config, backup.id, quiet).problem == failed.problem
    assert left(place) == []


def test_a_backup_on_which_caloria_does_not_start_fails_its_drill(one_engine, config, url, place):
    execute(url, "UPDATE identity SET retired_at = '2026-01-01 00:00:00+00:00'")
    backup = make(config)

    failed = drill(config, backup.id, quiet)

    assert failed.problem.startswith("Caloria did not start on it: ")
    assert failed.problem.endswith("was retired: its data moved to another database")
    assert left(place) == []


def test_a_backup_of_an_older_revision_is_migrated_first(one_engine, config, url):
    assert flask("db", "downgrade", "0006", url=url).returncode == 0
    backup = make(config)

    assert drill(config, backup.id, quiet).problem is None


def test_a_drill_that_is_told_to_end_puts_everything_away(config, url, tmp_path, place):
    make(config)
    environ = {**told(url, tmp_path / "shelf"), "TMPDIR": str(place)}
    process = forked.start(["-m", "flask", "backup", "drill"], ROOT, environ)
    until = time.monotonic() + 60
    while not list(place.iterdir()):
        assert time.monotonic() < until
        time.sleep(0.02)

    process.send_signal(signal.SIGTERM)

    assert process.wait(90) == 128 + signal.SIGTERM
    assert left(place) == []
    assert kept(config) == []
