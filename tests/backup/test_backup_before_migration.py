"""A deployed database is backed up before its tables are changed."""

import pytest
from backups import KEY
from clusters import execute
from surroundings import flask

pytestmark = pytest.mark.slow
BEFORE = "0003"


@pytest.fixture
def behind(server, make_database) -> str:
    """A production database that waits for the newest migration."""
    url = make_database()
    made = upgrade(url, BEFORE)
    assert made.returncode == 0, made.stderr
    return url


def upgrade(url: str, *words: str, **more: str):
    production = {"CALORIA_ENV": "production", "TRUSTED_HOSTS": "localhost"}
    return flask("db", "upgrade", *words, url=url, **production, **more)


def revision(url: str) -> str:
    return execute(url, "SELECT version_num FROM alembic_version")[0][0]


def test_a_backup_that_is_kept_for_a_month_comes_first(behind, tmp_path):
    shelf = {"BACKUP_DIR": str(tmp_path / "shelf"), "BACKUP_KEY": KEY}
    done = upgrade(behind, **shelf)
    assert done.returncode == 0, done.stderr
    assert revision(behind) > BEFORE
    (folder,) = [path for path in (tmp_path / "shelf").iterdir() if path.is_dir()]
    text = (folder / "manifest.json").read_text()
    assert '"reason": "pre-migration"' in text
    assert f'"revision": "{BEFORE}"' in text
    assert '"pinned_until": null' not in text
    assert upgrade(behind, **shelf).returncode == 0
    assert len(list((tmp_path / "shelf").iterdir())) == 2, "nothing to migrate, nothing to back up"


def test_without_one_nothing_is_changed_unless_that_is_said(behind):
    refused = upgrade(behind)
    assert refused.returncode == 78
    assert "BACKUP_DIR is not set" in refused.stderr
    assert "--no-backup" in refused.stderr
    assert revision(behind) == BEFORE
    assert upgrade(behind, "--no-backup").returncode == 0
    assert revision(behind) > BEFORE
