"""A disk that is full, here or at the server: it is said, nothing half done is left, and the move goes on."""

import os
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import pytest
from small_disk import SmallDisk
from sqlalchemy import make_url

from caloria.operations.transfer import sqlite_source
from caloria.operations.transfer.failure import TransferFailed
from caloria.operations.transfer.move import Wanted, transfer
from caloria.operations.transfer.quarantine import Quarantine
from caloria.operations.transfer.report import Report
from caloria.operations.transfer.sqlite_source import SqliteSource

NO_ROOM = "(No space left|File too large|database or disk is full|disk I/O error)"
FULL = """
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF (to_regnamespace('caloria_transfer') IS NULL) = {is_tried} THEN
            RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full';
        END IF;
        RETURN NEW;
    END $$
"""


@pytest.fixture
def disk(tmp_path):
    (tmp_path / "disk").mkdir()
    disk = SmallDisk(tmp_path / "disk")
    yield disk
    disk.close()


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (sqlite_source, "upgrade"),
        (SqliteSource, "copy_to"),
        (Quarantine, "put"),
        (Quarantine, "finish"),
        (Report, "write"),
    ],
)
def test_a_disk_that_is_full_here(source, target, disk, monkeypatch, place, name):
    target.kept = disk.folder / "kept"
    source.run("UPDATE entries SET eaten_at = 'later' WHERE rowid IN (1, 2)")
    source.run(f"UPDATE foods SET names = '{'x' * 100_000}' WHERE rowid = 1")
    if name == "upgrade":
        source.take_back()
    wanted = Wanted(quarantine=disk.folder / "left-out.jsonl")
    with monkeypatch.context() as patch:
        disk.full_at(patch, place, name)
        with pytest.raises(TransferFailed, match=f"{disk.folder}.* (written|upgraded): {NO_ROOM}") as failed:
            transfer(target.config, source.file, wanted, lambda *_: None)
    assert failed.value.exit_code == 1
    is_moved = name == "write"
    assert target.is_empty != is_moved
    assert {path.name for path in disk.folder.iterdir()} - {"left-out.jsonl"} == {"kept"}
    assert len(list(target.kept.iterdir())) == is_moved
    report = transfer(target.config, source.file, wanted, lambda *_: None)
    assert (report.exit_code, report.state) == (3, "verified before" if is_moved else "moved")
    assert len(wanted.quarantine.read_text().splitlines()) == report.left_out
    assert len(list(target.kept.iterdir())) == 2


@pytest.mark.parametrize("is_tried", [True, False])
def test_a_server_that_says_its_disk_is_full(target, move, is_tried):
    target.run(
        FULL.format(is_tried=is_tried),
        "CREATE TRIGGER refuse BEFORE INSERT ON weights FOR EACH ROW EXECUTE FUNCTION refuse()",
    )
    with pytest.raises(TransferFailed, match="disk of the target's server is full") as failed:
        move()
    assert failed.value.exit_code == 1
    assert target.is_empty == is_tried
    target.run("DROP FUNCTION refuse CASCADE")
    assert (move().exit_code, move().state) == (0, "verified before")


@pytest.fixture
def small_server(postgres, migrated_url):
    """A disk of its own for one database of the server, and the address of that."""
    folder, name = Path(mkdtemp()), f"small_{uuid4().hex[:8]}"
    folder.chmod(0o711)  # the server is another user
    (folder / "disk").mkdir()
    disk = SmallDisk(folder / "disk")
    if not disk.is_mounted:
        pytest.skip("no file system may be mounted here")
    os.chown(disk.folder, os.stat(postgres.run("SHOW data_directory")).st_uid, -1)
    postgres.run(f"CREATE TABLESPACE {name} LOCATION '{disk.folder}'")
    template = make_url(migrated_url).database
    postgres.run(f"CREATE DATABASE {name} OWNER caloria TEMPLATE {template} TABLESPACE {name}")
    yield disk, make_url(migrated_url).set(database=name).render_as_string(False)
    postgres.run(f"DROP DATABASE {name} WITH (FORCE)")
    postgres.run(f"DROP TABLESPACE {name}")
    disk.close()


def test_a_server_whose_disk_is_full(small_server, target, move):
    disk, target.url = small_server

    def fill(stage):
        return lambda said, done, _total: said == stage and done and not disk.is_filled and disk.fill()

    for stage in ("Checking", "Copying"):
        with pytest.raises(TransferFailed, match="disk of the target's server is full"):
            move(fill(stage))
        disk.empty()
    assert (move().exit_code, move().state) == (0, "verified before")
