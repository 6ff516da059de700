"""What makes a backup look wrong, and what is no reason to doubt one."""

import shutil

import pytest
from backups import config_for, make, only, quiet, states
from clusters import execute
from pyrage import x25519
from sqlalchemy import make_url

from caloria.operations.backup.create import create
from caloria.operations.backup.failure import BackupFailed
from caloria.operations.backup.place import UNFINISHED
from caloria.operations.backup.restore import restore
from caloria.operations.backup.shelf import Shelf
from caloria.operations.backup.telling import told
from caloria.operations.backup.verify import verify

pytestmark = pytest.mark.slow


def test_uploads_that_are_gone_are_missed(url, tmp_path, clock):
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    (uploads / "plate.jpg").write_bytes(b"a picture")
    config = config_for(url, tmp_path / "shelf", UPLOAD_DIR=str(uploads))
    assert make(config).suspicion is None
    shutil.rmtree(uploads)
    clock(1)
    assert make(config).suspicion == "uploads went from 1 to 0 files"


def test_a_link_among_the_uploads_is_told_and_keeps_nothing_from_being_backed_up(url, tmp_path):
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    (uploads / "link").symlink_to("/etc/hostname")
    made = make(config_for(url, tmp_path / "shelf", UPLOAD_DIR=str(uploads)))
    assert made.is_proven
    assert "a link or a device among the uploads was left out" in made.trouble


@pytest.mark.parametrize("mislay", ["folder", "key"])
def test_a_shelf_without_the_backups_of_before_is_doubted(url, config, tmp_path, clock, mislay):
    told(config, lambda: create(config, quiet))
    clock(1)
    more = {"BACKUP_KEY": "another key than the one of before, as long"} if mislay == "key" else {}
    shelf = tmp_path / ("shelf" if mislay == "key" else "not mounted")
    made = make(config_for(url, shelf, **more))
    assert "is BACKUP_DIR mounted" in made.suspicion


def test_a_restore_that_went_live_is_no_loss(url, config, clock):
    make(config)
    clock(1)
    execute(url, "UPDATE identity SET epoch = epoch + 1", "DELETE FROM entries")
    assert make(config).suspicion is None


def test_a_machine_without_the_programs_says_nothing_about_a_backup(server, config, tmp_path, monkeypatch):
    made = make(config)
    only(tmp_path, monkeypatch)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupFailed, match="Install postgresql-client"):
        verify(config, made.id, quiet)
    assert states(config) == ["proven"]


def test_the_live_database_is_not_dropped_whatever_is_said_of_it(server, url, config):
    made, name = make(config), make_url(url).database
    before = execute(url, "SELECT oid FROM pg_database WHERE datname = current_database()")
    execute(url, f"COMMENT ON DATABASE {name} IS '{UNFINISHED}'")
    with pytest.raises(BackupFailed, match="is the live database"):
        restore(config, made.id, name, quiet)
    assert execute(url, "SELECT oid FROM pg_database WHERE datname = current_database()") == before


def test_a_copy_goes_away_also_when_no_proof_can_be_tried(url, tmp_path, server):
    (tmp_path / "away").mkdir()
    key = x25519.Identity.generate()
    away = {"BACKUP_COPY_DIR": str(tmp_path / "away"), "BACKUP_RECIPIENT": str(key.to_public())}
    nowhere = "postgresql://nobody@localhost:1/postgres"
    config = config_for(url, tmp_path / "shelf", BACKUP_PROOF_URL=nowhere, **away)
    with pytest.raises(BackupFailed, match="is readable, and could not be proven"):
        make(config)
    assert len(list((tmp_path / "away").iterdir())) == 1
    assert Shelf.of(config).backups()[0].state == "readable"
