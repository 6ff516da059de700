"""What goes wrong while a backup is made: it says so, leaves nothing half done, and harms no other backup."""

import os
import signal
import subprocess
import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import forked
import pytest
from backups import bend, config_for, left_over, make, only, quiet, states, told
from clusters import cluster, execute, folders, version
from proxy import Proxy
from serving import wait_for
from small_disk import SmallDisk
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool
from surroundings import ROOT, flask

from caloria.operations.backup import create as creation
from caloria.operations.backup import postgresql, proof, sqlite, tools
from caloria.operations.backup.create import create
from caloria.operations.backup.failure import BackupFailed
from caloria.operations.backup.shelf import Backup, Shelf
from caloria.operations.backup.verify import verify
from config import Config

pytestmark = pytest.mark.slow


def failure(config: Config, run=make) -> str:
    """The sentence with which a backup fails that leaves all there was as it was, and nothing else."""
    before = states(config)
    with pytest.raises(BackupFailed) as caught:
        run(config)
    assert caught.value.exit_code == 1
    assert states(config) == before
    assert left_over(config) == []
    return caught.value.message


@pytest.fixture
def disk(tmp_path):
    (tmp_path / "disk").mkdir()
    disk = SmallDisk(tmp_path / "disk")
    yield disk
    disk.close()


@pytest.fixture
def uploads(tmp_path):
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "photo.jpg").write_bytes(os.urandom(1 << 20))
    return tmp_path / "uploads"


def wherever_it_is_written(engine_name: str) -> list[tuple]:
    """What writes to the shelf before there is a backup: the dump, the uploads, the manifest."""
    kind = sqlite if engine_name == "sqlite" else postgresql
    return [(kind.Dump, "write"), (creation, "pack"), (creation, "finish")]


def test_a_disk_that_is_full_at_any_step(url, disk, uploads, engine_name, monkeypatch, clock):
    config = config_for(url, disk.folder / "shelf", UPLOAD_DIR=str(uploads))
    clock(days=-1)
    first = make(config)
    clock(days=0)
    with disk.full():
        assert failure(config)
    for place, name in wherever_it_is_written(engine_name):
        with monkeypatch.context() as patch:
            disk.full_at(patch, place, name)
            assert failure(config)
    assert Shelf.of(config).find(first.id).state == "proven"
    assert make(config).is_proven


def test_a_disk_that_is_full_while_a_proof_is_written_down(url, disk, monkeypatch):
    config = config_for(url, disk.folder / "shelf")
    with monkeypatch.context() as patch:
        disk.full_at(patch, Backup, "keep")
        with pytest.raises(BackupFailed, match="could not be written down: "):
            make(config)
    (stored,) = Shelf.of(config).backups()
    assert (stored.state, left_over(config)) == ("stored", [])
    assert verify(config, stored.id, quiet).state == "proven"


def test_a_disk_that_is_full_where_the_copy_for_a_proof_lies(disk, config, engine_name, monkeypatch):
    if engine_name != "sqlite":
        pytest.skip("the server keeps the copy")
    monkeypatch.setattr(tempfile, "tempdir", str(disk.folder))
    disk.full_at(monkeypatch, proof, "require")
    with pytest.raises(BackupFailed, match="no room for a copy"):
        make(config)
    assert states(config) == ["readable"]
    assert not list(disk.folder.iterdir())


TRUNCATE = 'for each in {files}; do truncate -s $(($(stat -c %s "$each") / 2)) "$each"; done'


@pytest.mark.parametrize("half", ["toc.dat", "[0-9]*.dat.gz"])
def test_a_pg_dump_that_writes_half_and_says_nothing(server, config, tmp_path, monkeypatch, half):
    cut = TRUNCATE.format(files=f'"$FILE"/{half}')
    only(bend(tmp_path / "bin", f'"$REAL" "$@"\n{cut}\nexit 0'), monkeypatch)
    made = make(config)
    assert made.state == "broken"
    assert made.problem.startswith("it is broken: pg_restore ended with 1: ")


def test_a_pg_dump_that_forgets_a_table_and_says_nothing(server, config, tmp_path, monkeypatch):
    only(bend(tmp_path / "bin", 'exec "$REAL" --exclude-table=weights "$@"'), monkeypatch)
    made = make(config)
    assert made.state == "broken"
    assert "table weights is missing" in made.problem


def test_a_pg_dump_that_hangs(server, config, tmp_path, monkeypatch):
    patience = tools.PATIENCE_SECONDS
    only(bend(tmp_path / "bin", f"sleep 3{os.getpid()} & wait"), monkeypatch)
    monkeypatch.setattr(tools, "PATIENCE_SECONDS", 0.3)
    assert failure(config) == "pg_dump did nothing for 0.3 seconds, and was ended."
    assert patience >= 60
    # Nothing that it started is left.
    wait_for(lambda: not any(f"sleep\x003{os.getpid()}" in words for words in command_lines()))


def command_lines() -> list[str]:
    """What anybody on this machine can see of every process."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.append(path.read_text(errors="replace"))
    return found


def test_a_password_is_seen_nowhere(server, url, postgres, tmp_path, monkeypatch, capfd):
    """It stands in the environment of the programs alone, which only this user can read."""
    mark, known, role = uuid4().hex, uuid4().hex, f"looked_at_{uuid4().hex[:8]}"
    seen = tmp_path / "seen"
    (tmp_path / "password").write_text(password := f"p@ss:w\\ord'x{mark}")
    postgres.run(f"CREATE ROLE {role} LOGIN SUPERUSER")
    here = make_url(url).set(username=role, password=password)
    proof_url = here.set(database="postgres").render_as_string(False)
    config = config_for(here.render_as_string(False), tmp_path / "shelf", BACKUP_PROOF_URL=proof_url)
    look = f'[ "$PGPASSWORD" = "$(cat {tmp_path}/password)" ] && echo {known}; cat /proc/[0-9]*/cmdline'
    look = f"( {look} ) >> {seen}"
    only(bend(tmp_path / "bin", f'{look}\nexec "$REAL" "$@"'), monkeypatch)
    made = make(config)
    only(bend(tmp_path / "bin", f'{look}\nexec "$REAL" "$@"', "pg_restore"), monkeypatch)
    assert verify(config, made.id, quiet).state == "proven"
    only(bend(tmp_path / "bin", 'echo "$@" >&2; exit 1'), monkeypatch)
    said = failure(config)
    assert "dbname=test_" in said
    assert seen.read_bytes().count(known.encode()) == 2
    everything = [seen, *(path for path in config.backup_dir.rglob("*") if path.is_file())]
    assert not [path for path in everything if mark.encode() in path.read_bytes()]
    assert mark not in said + "".join(capfd.readouterr())


def test_programs_are_told_of_several_hosts_as_the_driver_is():
    words, environ = tools.account(make_url("postgresql://a:b%20c@/d?host=one:1&host=two:2&sslmode=require"))
    (said,) = words
    assert {"host=one,two", "port=1,2", "user=a", "sslmode=require"} <= set(said.split())
    assert environ["PGPASSWORD"] == "b c"


class TestPrograms:
    """Of which major version the programs are, and of which the server is."""

    @pytest.fixture
    def versions(self, server):
        found = folders()
        if version(found[0]) == version(found[-1]):
            pytest.skip("programs of one version alone are here")
        return found[0], found[-1]

    def test_that_are_older_than_the_server_are_refused_before_anything_is_written(
        self, versions, tmp_path, monkeypatch
    ):
        older, newer = versions
        with cluster(newer) as other:
            execute(other, "CREATE DATABASE copied")
            url = other.set(database="copied").render_as_string(False)
            assert flask("db", "upgrade", url=url).returncode == 0
            config = config_for(url, tmp_path / "shelf", BACKUP_PROOF_URL=url)
            assert make(config).is_proven
            only(older, monkeypatch)
            said = failure(config)
        assert f"The server is PostgreSQL {version(newer)}" in said
        assert f"of version {version(older)}" in said
        assert f"Install postgresql-client-{version(newer)}." in said

    def test_that_are_newer_than_the_server_prove_a_backup(self, versions, config, monkeypatch):
        only(versions[1], monkeypatch)
        made = make(config)
        assert made.is_proven, made.problem
        assert f" {version(versions[1])}." in made.facts["made_by"]


def pg_dump_of(url: str) -> list[int]:
    """The server's processes that answer a pg_dump of this database, once there are some."""
    name = make_url(url).database
    asked = f"SELECT pid FROM pg_stat_activity WHERE application_name = 'pg_dump' AND datname = '{name}'"
    wait_for(lambda: execute(os.environ["TEST_POSTGRES_URL"], asked))
    return [number for (number,) in execute(os.environ["TEST_POSTGRES_URL"], asked)]


def amid_the_dump(url: str, act):
    """A progress that does something while a pg_dump waits for a table of the server's that another holds."""
    superuser = make_url(url).set(username="postgres", drivername="postgresql+psycopg2")
    holder = create_engine(superuser, poolclass=NullPool).connect()
    holder.exec_driver_sql("LOCK TABLE pg_publication")

    def progress(stage, _done, _total):
        if stage == "Dumping" and not holder.closed:
            with holder:
                act(pg_dump_of(url))

    return progress


def test_a_database_that_is_gone_while_it_is_dumped(server, url, tmp_path):
    proxy = Proxy(url)
    config = config_for(proxy.url, tmp_path / "shelf")
    progress = amid_the_dump(url, lambda _numbers: proxy.cut())
    assert failure(config, lambda config: create(config, progress))


def test_a_dump_whose_connection_is_ended(server, url, config):
    def end(numbers):
        for number in numbers:
            execute(os.environ["TEST_POSTGRES_URL"], f"SELECT pg_terminate_backend({number})")

    said = failure(config, lambda config: create(config, amid_the_dump(url, end)))
    assert said.startswith("pg_dump ended with 1: ")


def test_a_clock_that_was_set_back(config, clock, engine_name):
    """The newest stays the newest by its own clock; one that claims to be of the future can be seen."""
    if engine_name != "sqlite":
        pytest.skip("the same on either")
    clock(days=2)
    ahead = make(config)
    clock(days=0)
    now = make(config)
    assert (ahead.state, now.state) == ("proven", "proven")
    kept = Shelf.of(config).of_database(now.database_id)
    assert [each.id for each in kept] == [now.id, ahead.id]
    assert kept[-1].snapshot_at > datetime.now(UTC) + timedelta(days=1)


def test_thirty_bad_nights(server, config, url, tmp_path, monkeypatch, clock):
    """Nothing of what goes wrong in any of them takes the last good backup away."""
    clock(days=-31)
    good = make(config)
    elsewhere = config_for(url.replace("/test_", "/gone_"), config.backup_dir)
    scripts = ["exit 1", 'mkdir "$FILE"; echo half > "$FILE/toc.dat"; kill -9 $$', "exit 0"]
    for night in range(30):
        clock(days=night - 30)
        only(bend(tmp_path / "bin", scripts[night // 10]), monkeypatch)
        with suppress(BackupFailed):
            assert make(elsewhere if night % 10 else config).state == "broken"
    shelf = Shelf.of(config)
    assert [each.id for each in shelf.backups() if each.state == "proven"] == [good.id]
    assert verify(config, good.id, quiet).state == "proven"


@pytest.mark.parametrize(
    ("bend_it", "said"),
    [
        (lambda config: config.backup_dir.chmod(0o750), "Others can open BACKUP_DIR."),
        (lambda config: setattr(config, "backup_key", None), "BACKUP_KEY is not set."),
        (lambda config: setattr(config, "backup_dir", None), "BACKUP_DIR is not set."),
        (lambda config: setattr(config, "backup_dir", Path("/dev/null")), "cannot be used: File exists"),
    ],
)
def test_a_shelf_that_is_not_set_up(config, bend_it, said):
    config.backup_dir.mkdir(mode=0o700)
    bend_it(config)
    with pytest.raises(BackupFailed, match=said) as caught:
        make(config)
    assert caught.value.exit_code == 78


def test_a_role_that_may_make_no_database_proves_nothing(server, url, postgres, tmp_path):
    postgres.run(f"CREATE ROLE {(role := f'idle_{uuid4().hex[:8]}')} LOGIN")
    place = make_url(url).set(username=role).render_as_string(False)
    config = config_for(url, tmp_path / "shelf", BACKUP_PROOF_URL=place)
    with pytest.raises(BackupFailed, match="role of this address may not do that"):
        make(config)
    assert (states(config), left_over(config)) == (["readable"], [])


def test_uploads_that_no_restore_would_bring_back(config, uploads):
    config.upload_dir = uploads
    config.backup_dir = uploads / "shelf"
    config.backup_dir.mkdir(mode=0o700)
    assert "BACKUP_DIR lies in UPLOAD_DIR" in failure(config)


def test_a_backup_that_is_told_to_end_leaves_nothing(server, url, config, tmp_path):
    hanging = bend(tmp_path / "programs", 'mkdir -p "$FILE"; exec sleep 60')
    surroundings = told(url, config.backup_dir) | {"PATH": f"{hanging}{os.pathsep}{os.environ['PATH']}"}
    words = ["-m", "flask", "backup", "create"]
    backup = forked.start(words, ROOT, surroundings, stderr=subprocess.PIPE)
    wait_for(lambda: list(config.backup_dir.glob("*.partial/dump")), backup)
    backup.terminate()
    _, said = backup.communicate(timeout=30)
    assert backup.returncode == 128 + signal.SIGTERM, said
    assert left_over(config) == []
