import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, make_url, text
from surroundings import ROOT, environment, flask

pytestmark = pytest.mark.slow
SCRIPTS = ScriptDirectory(str(ROOT / "migrations"))
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions()][::-1]


@pytest.fixture
def copied_url(make_database, migrated_url):
    return make_database(copy_of=migrated_url)


def rows(url: str) -> dict[str, int]:
    engine = create_engine(url)
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        counts = {table: connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in tables}
    engine.dispose()
    return counts


def test_there_is_one_head():
    assert len(SCRIPTS.get_heads()) == 1


def test_no_code_makes_tables_but_the_migrations():
    made = re.compile(r"\bcreate_all\b|render_as_batch=True|batch_alter_table")
    for path in [*ROOT.glob("*.py"), *(ROOT / "caloria").rglob("*.py"), *(ROOT / "migrations").rglob("*.py")]:
        assert not made.search(path.read_text(encoding="utf-8")), path


def test_revisions_do_not_import_the_code():
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        assert not re.search(
            r"^\s*(from|import) (caloria|config)", path.read_text(encoding="utf-8"), re.MULTILINE
        )


def test_the_models_are_what_the_migrations_made(copied_url):
    result = flask("db", "check", url=copied_url)

    assert result.returncode == 0, result.stdout + result.stderr


def test_the_migrations_can_be_printed_without_a_database(engine_name, migrated_url):
    result = flask("db", "upgrade", "--sql", url=migrated_url)

    assert result.returncode == 0, result.stderr
    assert "CREATE TABLE entries" in result.stdout


def test_every_revision_goes_up_down_and_up_again_with_rows_in_it(copied_url):
    for command in (("foods", "import", "starter"), ("demo", "load")):
        assert flask(*command, url=copied_url).returncode == 0
    before = rows(copied_url)
    assert before["entries"] > 1000

    for revision in reversed(REVISIONS):
        target = SCRIPTS.get_revision(revision).down_revision or "base"
        down = flask("db", "downgrade", target, url=copied_url)
        assert down.returncode == 0, down.stderr
        up = flask("db", "upgrade", url=copied_url)
        assert up.returncode == 0, up.stderr
    assert flask("db", "check", url=copied_url).returncode == 0


def test_five_upgrades_at_once_migrate_once(make_database):
    url = make_database()
    command = [sys.executable, "-m", "flask", "db", "upgrade"]
    started = [
        subprocess.Popen(
            command, cwd=ROOT, env=environment(url), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(5)
    ]
    answers = [process.communicate(timeout=120) for process in started]

    assert [process.returncode for process in started] == [0] * 5, answers
    assert sum(out.count("CALORIA_DB_ID=") for out, _ in answers) == 1
    assert rows(url)["identity"] == 1


def test_a_failing_revision_leaves_the_old_one(copied_url, tmp_path):
    """The second half of the revision fails; the first half must be gone."""
    migrations = tmp_path / "migrations"
    for path in (ROOT / "migrations").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            target = migrations / path.relative_to(ROOT / "migrations")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (migrations / "versions" / "9999_broken.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '9999'\ndown_revision = '{SCRIPTS.get_current_head()}'\n"
        "def upgrade():\n"
        "    op.create_table('half_made', sa.Column('id', sa.Integer(), primary_key=True))\n"
        "    op.execute('SELECT * FROM there_is_no_such_table')\n"
    )
    before = rows(copied_url)

    result = flask("db", "upgrade", "-d", str(migrations), url=copied_url)

    assert result.returncode != 0
    assert rows(copied_url) == before


@pytest.mark.parametrize("command", ["downgrade", "stamp"])
def test_taking_back_a_live_schema_needs_the_name_of_the_database(command, make_database, engine_name):
    if engine_name != "postgresql":
        pytest.skip("only PostgreSQL is ever live")
    url = make_database()
    name = make_url(url).database
    live = {
        "CALORIA_ENV": "staging",
        "TRUSTED_HOSTS": "caloria.example",
        "PUBLIC_URL": "https://caloria.example",
    }
    first = flask("db", "upgrade", url=url, **live)
    live["CALORIA_DB_ID"] = first.stdout.strip().rpartition("=")[2]
    target = "base" if command == "downgrade" else "head"

    refused = flask("db", command, target, url=url, **live)
    allowed = flask("db", command, "--database", name, target, url=url, **live)

    assert refused.returncode == 78
    assert f"--database {name}" in refused.stderr
    assert allowed.returncode == 0, allowed.stderr


def test_write_env_pins_the_new_database(make_database, tmp_path):
    """The line is appended to the .env beside the code, so the code is copied first."""
    folder = tmp_path / "caloria"
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    for name in tracked.stdout.splitlines():
        if Path(name).suffix in (".py", ".mako", ".ini") and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
    result = subprocess.run(
        [sys.executable, "-m", "flask", "db", "upgrade", "--write-env"],
        cwd=folder,
        env=environment(make_database()),
        capture_output=True,
        text=True,
    )

    assert result.returncode == 0, result.stderr
    assert (folder / ".env").read_text().strip() in result.stdout
