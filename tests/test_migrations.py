import re
import shutil
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import forked
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.pool import NullPool
from surroundings import ROOT, environment, flask, start

from caloria.guard import revisions

pytestmark = pytest.mark.slow
SCRIPTS = ScriptDirectory(str(ROOT / "migrations"))
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions()][::-1]


@pytest.fixture
def copied_url(make_database, migrated_url):
    return make_database(copy_of=migrated_url)


def run(url: str, sql: str) -> None:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(sql)


def rows(url: str) -> dict[str, int]:
    engine = create_engine(url)
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        counts = {table: connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in tables}
    engine.dispose()
    return counts


@pytest.mark.parametrize("revision", REVISIONS)
def test_squawk_has_nothing_against_what_a_revision_does_to_postgresql(revision, tmp_path, engine_name):
    if engine_name != "postgresql":
        pytest.skip("squawk knows PostgreSQL")
    before = SCRIPTS.get_revision(revision).down_revision or "base"
    printed = flask("db", "upgrade", f"{before}:{revision}", "--sql", url="postgresql://caloria@/caloria")
    assert printed.returncode == 0, printed.stderr
    (tmp_path / "revision.sql").write_text(printed.stdout)

    squawk = Path(sys.executable).parent / "squawk"
    command = [squawk, "--config", ROOT / ".squawk.toml", "--reporter", "gcc", tmp_path / "revision.sql"]
    linted = subprocess.run(command, capture_output=True, text=True)

    assert linted.returncode == 0, linted.stdout + linted.stderr


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


def test_the_migrations_can_be_printed_without_a_database(engine_name, copied_url):
    result = flask("db", "upgrade", "--sql", url=copied_url)

    assert result.returncode == 0, result.stderr
    assert "CREATE TABLE entries" in result.stdout


def test_every_revision_goes_up_down_and_up_again_with_rows_in_it(make_database, demo_url):
    """The newest with rows in every table, the ones before it together with rows in the first tables."""
    copied_url = make_database(copy_of=demo_url)
    run(copied_url, "INSERT INTO servers VALUES ('web-1', '1.0', 'test', '2026-11-21', '2026-11-21')")
    before = rows(copied_url)
    assert before["entries"] > 1000

    for target in (REVISIONS[-2], REVISIONS[0], "base"):
        down = flask("db", "downgrade", target, url=copied_url)
        assert down.returncode == 0, down.stderr
        up = flask("db", "upgrade", url=copied_url)
        assert up.returncode == 0, up.stderr
    assert flask("db", "check", url=copied_url).returncode == 0


def test_five_upgrades_at_once_migrate_once(make_database):
    url = make_database()
    command, pipes = ["-m", "flask", "db", "upgrade"], {"stdout": PIPE, "stderr": PIPE, "text": True}
    started = [forked.start(command, ROOT, environment(url), **pipes) for _ in range(5)]
    answers = [process.communicate(timeout=120) for process in started]

    assert [process.returncode for process in started] == [0] * 5, answers
    assert sum(out.count("CALORIA_DB_ID=") for out, _ in answers) == 1
    assert rows(url)["identity"] == 1


@pytest.fixture
def with_revision(tmp_path):
    """Make a migrations folder with one more revision, which makes a table and then does something else."""

    def make(*then: str) -> str:
        migrations = tmp_path / "migrations"
        shutil.copytree(ROOT / "migrations", migrations, ignore=shutil.ignore_patterns("__pycache__"))
        (migrations / "versions" / "9999_another.py").write_text(
            "import time\nimport sqlalchemy as sa\nfrom alembic import op\n"
            f"revision = '9999'\ndown_revision = '{SCRIPTS.get_current_head()}'\n"
            "def upgrade():\n"
            "    op.create_table('half_made', sa.Column('id', sa.Integer(), primary_key=True))\n"
            + "".join(f"    {line}\n" for line in then)
        )
        return str(migrations)

    return make


def test_a_failing_revision_leaves_the_old_one(copied_url, with_revision):
    migrations = with_revision("op.execute('SELECT * FROM there_is_no_such_table')")
    before = rows(copied_url)

    result = flask("db", "upgrade", "-d", migrations, url=copied_url)

    assert result.returncode != 0
    assert rows(copied_url) == before


def test_a_migration_that_is_killed_leaves_the_old_revision_and_no_lock(copied_url, with_revision):
    migrations = with_revision("print('half way', flush=True)", "time.sleep(60)")
    before = rows(copied_url)
    command = ["-m", "flask", "db", "upgrade", "-d", migrations]
    process = forked.start(command, ROOT, environment(copied_url), stdout=PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout.readline() == b"half way\n"
    process.kill()
    process.communicate()

    assert rows(copied_url) == before
    assert flask("db", "upgrade", url=copied_url).returncode == 0
    assert start(copied_url) == 0


def test_a_migration_does_not_wait_for_ever_for_a_table_in_use(copied_url, with_revision, engine_name):
    if engine_name != "postgresql":
        pytest.skip("SQLite locks the whole database: its turn is what a migration waits for")
    migrations = with_revision("op.add_column('users', sa.Column('nickname', sa.Text()))")
    before = rows(copied_url)
    engine = create_engine(copied_url, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT * FROM users"))
        result = flask("db", "upgrade", "-d", migrations, url=copied_url)

    assert result.returncode == 75, result.stderr
    assert "in use" in result.stderr
    assert "Traceback" not in result.stderr
    assert rows(copied_url) == before


def test_no_revision_reaches_further_back_than_the_one_before_it():
    """Else code that one revision shut out would be let in by the next."""
    windows = [revisions.oldest_compatible(revision) for revision in REVISIONS]

    assert windows == sorted(windows, key=REVISIONS.index)
    assert all(REVISIONS.index(oldest) <= index for index, oldest in enumerate(windows))


def test_the_window_of_the_reached_revision_is_written_down(copied_url):
    def window():
        engine = create_engine(copied_url, poolclass=NullPool)
        with engine.connect() as connection:
            return connection.scalar(text("SELECT oldest_compatible_revision FROM identity"))

    for command, target in (("downgrade", "0001"), ("upgrade", "0002")):
        assert flask("db", command, target, url=copied_url).returncode == 0
        assert window() == revisions.oldest_compatible(target)


def test_printed_migrations_write_down_the_window_too(copied_url):
    result = flask("db", "upgrade", "0001:0002", "--sql", url=copied_url)

    assert "UPDATE identity SET oldest_compatible_revision='0001'" in result.stdout


@pytest.mark.parametrize("command", ["downgrade", "stamp"])
def test_taking_back_a_live_schema_needs_the_name_of_the_database(
    command, make_database, engine_name, tmp_path
):
    if engine_name != "postgresql":
        pytest.skip("only PostgreSQL is ever live")
    url = make_database()
    name = make_url(url).database
    live = {
        "CALORIA_ENV": "staging",
        "TRUSTED_HOSTS": "caloria.example",
        "PUBLIC_URL": "https://caloria.example",
        "BACKUP_DIR": str(tmp_path / "backups"),
        "BACKUP_KEY": "signs the backup that comes first, and nothing else",
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
