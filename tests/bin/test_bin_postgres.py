"""bin/postgres looks after a server of its own."""

import os
import signal
import sys
from pathlib import Path

import psycopg2
import pytest
from clones import linux_only, wait_until

ASK = """
import os, psycopg2
for name in ("DATABASE_URL", "TEST_POSTGRES_URL"):
    cursor = psycopg2.connect(os.environ[name]).cursor()
    cursor.execute(
        "SELECT current_user, current_database(), rolsuper FROM pg_roles WHERE rolname = current_user"
    )
    print(cursor.fetchone())
raise SystemExit(7)
"""


def started(checkout, folder):
    program = checkout.start("bin/postgres", folder, "--fast")
    return program, program.wait_for(r"(postgresql://\S+)")


def value(url, *statements):
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchone()[0]


def test_a_command_gets_an_ordinary_role_a_superuser_and_its_own_exit_code(checkout, tmp_path):
    result = checkout.run(
        "bin/postgres", "--fast", "--", sys.executable, "-c", ASK, TMPDIR=str(tmp_path), PGHOST="/nowhere"
    )

    assert result.stdout.splitlines() == ["('caloria', 'caloria', False)", "('postgres', 'postgres', True)"]
    assert result.returncode == 7
    assert not list(tmp_path.glob("caloria-*")), "the temporary folder was left behind"


def test_the_database_is_utf8_and_listens_on_a_private_socket_alone(checkout):
    _, url = started(checkout, "pg")

    assert value(url, "SELECT current_setting('server_encoding')") == "UTF8"
    assert value(url, "SELECT current_setting('listen_addresses')") == ""
    folder = Path(url.partition("host=")[2])
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len(f"{folder}/.s.PGSQL.5432") < 107


def test_a_second_one_in_the_same_folder_says_that_it_runs_already(checkout):
    started(checkout, "pg")

    second = checkout.run("bin/postgres", "pg")

    assert second.returncode == 75
    assert "already running" in second.stderr


@linux_only
def test_killed_it_leaves_nothing_running_and_its_data_whole(checkout):
    program, url = started(checkout, "pg")
    value(url, "CREATE TABLE kept AS SELECT 42 AS answer", "SELECT 1")

    program.stop(signal.SIGKILL)
    _, url = started(checkout, "pg")

    assert value(url, "SELECT answer FROM kept") == 42


@linux_only
def test_it_ends_with_the_process_that_started_it(checkout, tmp_path):
    script = "import subprocess, sys; subprocess.run([sys.executable, 'bin/postgres', 'pg', '--fast'])"
    program = checkout.start("-c", script)
    program.wait_for(r"(postgresql://\S+)")

    program.stop(signal.SIGKILL)

    wait_until(lambda: not checkout.processes(), seconds=30)


def test_half_a_database_is_not_taken_for_one(checkout):
    half = checkout.folder / "pg" / "data.partial"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("15\n")

    _, url = started(checkout, "pg")

    assert value(url, "SELECT count(*) FROM pg_database WHERE datname = 'caloria'") == 1


def test_a_database_of_another_version_is_left_alone(checkout):
    data = checkout.folder / "pg" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")
    files = checkout.files()

    result = checkout.run("bin/postgres", "pg")

    assert result.returncode == 78
    assert "was made by PostgreSQL 9" in result.stderr
    assert checkout.files() - files <= {"pg/lock"}


def test_a_folder_that_holds_something_else_is_left_alone(checkout):
    data = checkout.folder / "pg" / "data"
    data.mkdir(parents=True)
    (data / "thesis.txt").touch()

    result = checkout.run("bin/postgres", "pg")

    assert result.returncode == 78
    assert "is no PostgreSQL database" in result.stderr
    assert os.listdir(data) == ["thesis.txt"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_root_runs_it_as_somebody_else_even_in_a_private_folder(checkout, tmp_path):
    tmp_path.chmod(0o700)

    _, url = started(checkout, "pg")

    server = (checkout.folder / "pg" / "data" / "postmaster.pid").read_text().splitlines()[0]
    assert Path(f"/proc/{server}").stat().st_uid != 0
    assert value(url, "SELECT 1") == 1
