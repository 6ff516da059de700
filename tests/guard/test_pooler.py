"""A real PgBouncer between Caloria and PostgreSQL."""

import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from ports import free_port
from sqlalchemy import make_url, text
from surroundings import flask

from caloria.extensions import db
from caloria.models import Session

pytestmark = pytest.mark.slow
SETTINGS = """
[databases]
* = host={host} user=caloria
[pgbouncer]
listen_addr =
listen_port = {port}
unix_socket_dir = {folder}
auth_type = any
pool_mode = transaction
{user}
"""


def program() -> str | None:
    return shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin:/opt/homebrew/bin")


@pytest.fixture
def through_pooler(engine_name, tmp_path):
    """Lead an address through a pooler, which pools by transaction."""
    if engine_name != "postgresql":
        pytest.skip("SQLite has no pooler")
    if not program():
        pytest.skip("PgBouncer is not installed")
    host = make_url(os.environ["TEST_POSTGRES_URL"]).query["host"]
    port = free_port()
    # It does not run as root, and must reach PostgreSQL's socket.
    user = f"user = {pwd.getpwuid(Path(host).stat().st_uid).pw_name}" if os.geteuid() == 0 else ""
    folder = Path("/tmp") / f"caloria-pooler-{port}"
    folder.mkdir()
    folder.chmod(0o777)
    (tmp_path / "pgbouncer.ini").write_text(SETTINGS.format(host=host, port=port, folder=folder, user=user))
    process = subprocess.Popen([program(), "-q", tmp_path / "pgbouncer.ini"], cwd=folder)
    try:
        wait_for_socket(folder / f".s.PGSQL.{port}", process)
        yield (
            lambda url: (
                make_url(url)
                .update_query_dict({"host": str(folder), "port": str(port)})
                .render_as_string(False)
            )
        )
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder)


def wait_for_socket(path: Path, process: subprocess.Popen) -> None:
    for _ in range(100):
        assert process.poll() is None, "PgBouncer ended"
        if path.exists():
            return
        time.sleep(0.1)
    raise AssertionError("PgBouncer does not listen")


def test_a_migration_does_not_go_through_a_pooler(through_pooler, empty):
    refused = flask("db", "upgrade", url=through_pooler(empty))

    assert refused.returncode == 78, refused.stderr
    assert "[78 migration_through_pooler]" in refused.stderr
    assert "MIGRATION_DATABASE_URL=" in refused.stderr


def test_a_migration_goes_around_it_where_a_way_is_named(through_pooler, empty):
    told = {"url": through_pooler(empty), "MIGRATION_DATABASE_URL": empty}

    assert flask("db", "upgrade", **told).returncode == 0
    assert flask("db", "current", **told).returncode == 0


def test_the_app_itself_runs_through_it(through_pooler, migrated):
    for words in (["foods", "import", "starter"], ["demo", "load"], ["database", "show"]):
        result = flask(*words, url=through_pooler(migrated))
        assert result.returncode == 0, result.stderr


def test_nothing_is_prepared_on_a_connection_that_others_have_too(through_pooler, make_app, migrated):
    with make_app(through_pooler(migrated)).app_context():
        assert Session.person("nobody's") is None
        assert db.session.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar() == 0


def test_a_move_is_not_stopped_by_what_it_keeps_open(through_pooler, migrated, tmp_path):
    file = f"sqlite:///{tmp_path}/caloria.db"
    assert flask("db", "upgrade", url=file).returncode == 0
    moved = flask("transfer", file, url=through_pooler(migrated), MIGRATION_DATABASE_URL=migrated)
    assert moved.returncode == 0, moved.stderr
