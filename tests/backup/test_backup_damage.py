"""Damage to a backup that lies there, and restores that are not what was backed up: each is found."""

import json
import shutil
from random import Random

import pytest
from backups import KEY, config_for, make, quiet
from clusters import execute

from caloria.operations.backup import postgresql, proof
from caloria.operations.backup.failure import BackupFailed, Broken
from caloria.operations.backup.manifest import FILE, Manifest
from caloria.operations.backup.shelf import Backup, Shelf
from caloria.operations.backup.verify import read_in_full, require_files, verify

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def backed_up(lived_in, tmp_path_factory):
    """A proven backup, with uploads in it. Copy it; do not change it."""
    folder = tmp_path_factory.mktemp("backed-up")
    (folder / "uploads").mkdir()
    (folder / "uploads" / "photo.jpg").write_bytes(Random(1).randbytes(5000))
    config = config_for(lived_in, folder / "shelf", UPLOAD_DIR=str(folder / "uploads"))
    assert make(config).is_proven
    return Shelf.of(config).backups()[0]


@pytest.fixture
def made(backed_up, config):
    config.backup_dir.mkdir(mode=0o700)
    return Backup(shutil.copytree(backed_up.folder, config.backup_dir / backed_up.id), KEY)


def is_broken(backup: Backup) -> bool:
    """Whether its bytes alone tell that it is not what it was."""
    again = Backup(backup.folder, KEY)
    try:
        require_files(again.folder, again.manifest) if again.manifest else None
    except Broken:
        return True
    return again.manifest is None


def files_of(backup: Backup):
    return sorted(path for path in backup.folder.rglob("*") if path.is_file() and path.stat().st_size)


def test_two_hundred_flipped_bytes_and_fifty_truncations_are_all_found(made):
    chance, files = Random(2026), files_of(made)
    assert not is_broken(made)
    for number in range(250):
        file = files[number % len(files)] if number % 3 else made.folder / FILE
        content = file.read_bytes()
        place = chance.randrange(len(content))
        flipped = bytes([content[place] ^ chance.randrange(1, 256)])
        file.write_bytes(content[:place] + (b"" if number % 5 == 0 else flipped + content[place + 1 :]))
        assert is_broken(made), (file.name, place)
        file.write_bytes(content)
    assert not is_broken(made)


def test_a_byte_of_the_manifest_that_changes_nothing_it_says_is_found(made):
    file = made.folder / FILE
    file.write_bytes(file.read_bytes().replace(b"\n ", b"\n\t", 1))
    assert is_broken(made)


def test_damaged_data_is_found_by_reading_it_as_well(made, engine_name):
    """Where a manifest was made of what was damaged before."""
    dump = made.folder / proof.DUMP
    largest = max(dump.iterdir(), key=lambda path: path.stat().st_size * (path.name != "toc.dat"))
    content = largest.read_bytes()
    for place in (len(content) // 3, len(content) // 2):
        # On SQLite a byte of somebody's text may be any: that is what the checksum of each file is for.
        bad = content[:place] + bytes([content[place] ^ 255]) + content[place + 1 :]
        largest.write_bytes(
            bad if engine_name == "postgresql" else content[:4096] + bytes(4096) + content[8192:]
        )
        with pytest.raises(Broken):
            read_in_full(made.folder, made.manifest, quiet)
    largest.write_bytes(content[: len(content) // 2])
    with pytest.raises(Broken):
        read_in_full(made.folder, made.manifest, quiet)


def test_what_was_taken_away_put_there_or_renamed_is_found(made, config):
    archive = made.folder / "uploads.tar"
    archive.rename(made.folder.parent / "elsewhere")
    assert "uploads.tar is missing" in verify(config, made.id, quiet).manifest.problem
    (made.folder.parent / "elsewhere").rename(archive)
    (made.folder / "dump" / "more").touch()
    assert "dump/more does not belong to it" in verify(config, made.id, quiet).manifest.problem
    (made.folder / "dump" / "more").unlink()
    other = made.folder.rename(made.folder.parent / f"20200101T000000Z-{made.id[-8:]}")
    (found,) = Shelf.of(config).backups()
    assert (found.state, found.problem) == ("broken", f"its manifest is that of {made.id}")
    with pytest.raises(BackupFailed, match="cannot be used"):
        verify(config, other.name, quiet)
    other.rename(made.folder)
    assert verify(config, made.id, quiet).state == "proven"


def test_a_manifest_of_another_key_is_no_manifest(made, config):
    facts = {**made.manifest.facts}
    (made.folder / FILE).write_bytes(Manifest(facts).text("another key, long enough to be one"))
    (found,) = Shelf.of(config).backups()
    assert "another BACKUP_KEY" in found.problem
    facts["contents"]["tables"]["users"]["rows"] += 1
    signature = json.loads(Manifest(made.manifest.facts).text(KEY))["signature"]
    (made.folder / FILE).write_text(json.dumps({**facts, "signature": signature[::-1]}, indent=1))
    assert Shelf.of(config).backups()[0].state == "broken"


def test_a_manifest_beside_the_dump_of_another_database_is_found(
    made, config, make_database, lived_in, clock
):
    url = make_database(copy_of=lived_in)
    execute(url, "UPDATE weights SET weight_kg = weight_kg + 1")
    clock(days=1)
    other = make(config_for(url, config.backup_dir))
    shutil.rmtree(made.folder / proof.DUMP)
    shutil.copytree(config.backup_dir / other.id / proof.DUMP, made.folder / proof.DUMP)
    assert verify(config, made.id, quiet).state == "broken"
    assert verify(config, other.id, quiet).state == "proven"


TAMPERING = {
    "UPDATE weights SET weight_kg = weight_kg + 0.1 WHERE day = (SELECT max(day) FROM weights)": (
        "table weights has as many rows, but not the same"
    ),
    "DROP TABLE day_notes": "table day_notes is missing",
    "DROP INDEX ix_audit_events_at": "missing: audit_events index",
    "ALTER TABLE entries DROP CONSTRAINT ck_entries_day": "missing: entries check",
    "ALTER SEQUENCE audit_events_sequence_seq RESTART": "sequence audit_events_sequence_seq is at ",
    "UPDATE alembic_version SET version_num = '0001'": "revision 0001 in place of",
    "DROP TABLE alembic_version": "revision nothing in place of",
}


def test_a_restore_that_is_not_what_was_backed_up_is_no_proof(server, made, config, monkeypatch):
    real = postgresql.load

    def load(folder, made_by, where, *words):
        real(folder, made_by, where, *words)
        execute(where, "DELETE FROM weights WHERE day = (SELECT max(day) FROM weights)")

    monkeypatch.setattr(postgresql, "load", load)
    found = verify(config, made.id, quiet).manifest
    assert found.state == "broken"
    assert "what was restored differs: table weights has " in found.problem


def test_whatever_differs_in_a_restore_is_named(server, made, config):
    with proof.scratch(config, made.manifest, made.folder, quiet) as scratch:
        assert proof.compared(config, scratch, made.manifest, quiet) == []
        for statement, said in TAMPERING.items():
            execute(scratch, statement)
            found = "; ".join(proof.compared(config, scratch, made.manifest, quiet))
            assert said in found, found
