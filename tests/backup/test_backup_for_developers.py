"""A developer's copy has the shapes of production and nobody in it; one from elsewhere needs its key."""

import shutil
import subprocess

import pytest
from backups import config_for, make, programs, quiet
from clusters import execute
from pyrage import x25519
from sqlalchemy import make_url
from surroundings import start

from caloria.operations.backup.failure import BackupFailed
from caloria.operations.backup.restore import restore

pytestmark = pytest.mark.slow
SECRET = "Aunt Hortensia's plum cake"
COUNTED = "SELECT (SELECT count(*) FROM entries), (SELECT sum(energy_kcal) FROM entries)"


@pytest.fixture
def production(url, config):
    """A backup of a production database in which somebody wrote something of their own."""
    execute(url, "UPDATE identity SET environment = 'production'")
    execute(url, "UPDATE users SET name = '{}'".format(SECRET.replace("'", "''")))
    return make(config)


def bytes_of(address: str, folder) -> bytes:
    if address.startswith("sqlite"):
        with open(make_url(address).database, "rb") as file:
            return file.read()
    bare = address.replace("+psycopg2", "")
    dumped = folder / "plain.sql"
    subprocess.run([programs() / "pg_dump", "--format=plain", f"--file={dumped}", bare], check=True)
    return dumped.read_bytes()


def databases(url: str, name: str) -> set[str]:
    """Those whose names begin so."""
    asked = f"SELECT datname FROM pg_database WHERE starts_with(datname, '{name}')"
    return {each for (each,) in execute(url, asked)} if url.startswith("postgres") else {name}


def test_a_scrubbed_copy_starts_under_development_and_names_nobody(url, config, production, beside, tmp_path):
    name, address = beside
    restore(config, production.id, name, quiet, scrubbed=True)
    assert start(address, CALORIA_ENV="development") == 0
    assert execute(address, COUNTED) == execute(url, COUNTED)
    assert execute(address, "SELECT environment FROM identity") == [("development",)]
    assert SECRET.encode() in bytes_of(url, tmp_path)
    assert SECRET.encode() not in bytes_of(address, tmp_path)
    assert databases(url, name) == {name}


def test_what_is_not_scrubbed_does_not_start_under_development(config, production, beside):
    name, address = beside
    restore(config, production.id, name, quiet)
    assert start(address, CALORIA_ENV="development") == 83


def test_a_column_that_nobody_decided_about_leaves_nothing(url, config, beside):
    name, _ = beside
    execute(url, "ALTER TABLE users ADD COLUMN shoe_size integer")
    backup = make(config)
    with pytest.raises(BackupFailed, match=r"users\.shoe_size"):
        restore(config, backup.id, name, quiet, scrubbed=True)
    assert databases(url, name) == set() or url.startswith("sqlite")


def test_a_copy_from_elsewhere_is_restored_with_its_key_alone(url, beside, tmp_path):
    key, elsewhere = x25519.Identity.generate(), tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "age.key").write_text(f"# kept far away\n{key}\n")
    away = {"BACKUP_COPY_DIR": str(elsewhere), "BACKUP_RECIPIENT": str(key.to_public())}
    config = config_for(url, tmp_path / "shelf", **away)
    backup = make(config)
    assert "problem" not in backup.facts["away"]
    shutil.rmtree(config.backup_dir)
    (copy,) = elsewhere.iterdir()
    name, address = beside
    with pytest.raises(BackupFailed, match="--age-key"):
        restore(config, str(copy), name, quiet)
    bare = config_for(url, tmp_path / "new shelf")
    restore(bare, str(copy), name, quiet, age_key=tmp_path / "age.key")
    assert execute(address, COUNTED) == execute(url, COUNTED)
