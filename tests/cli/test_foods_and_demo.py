"""`flask foods import starter` and `flask demo load`: what they say, and when they refuse."""

import os
import pty
import subprocess
import sys

import pytest
from food_files import open_csv, spread
from sqlalchemy import create_engine, func, select
from sqlalchemy.pool import NullPool
from surroundings import ROOT, environment, flask
from terminals import everything_on

from caloria.extensions import db
from caloria.models import Entry, Food, User
from caloria.operations import demo
from caloria.operations.starter import lines

IMPORT = ("foods", "import", "starter")
SHIPPED = sum(1 for name in ("foods", "dishes") for _ in lines(name))


def count(kind) -> int:
    return db.session.scalar(select(func.count()).select_from(kind))


def test_an_import_says_what_is_there_now(make_app):
    """In a database of its own: so much that is not committed locks a file of SQLite for everybody else."""
    app = make_app()
    first, second = (app.test_cli_runner().invoke(args=IMPORT) for _ in range(2))

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.output.startswith(f"{SHIPPED} foods with ")
    assert second.output == first.output
    with app.app_context():
        assert count(Food) == SHIPPED


@pytest.fixture(scope="module")
def imported(make_database, migrated_url):
    """A database with the starter foods, and how the process ended that imported them."""
    url = make_database(copy_of=migrated_url)
    return url, flask(*IMPORT, url=url)


@pytest.mark.slow
def test_an_import_is_quiet_without_a_terminal(imported):
    _url, result = imported

    assert result.returncode == 0
    assert result.stdout.count("\n") == 1
    assert "Importing" not in result.stderr
    assert "\r" not in result.stdout + result.stderr


@pytest.mark.slow
def test_an_import_shows_its_progress_on_a_terminal(make_database, migrated_url):
    screen, terminal = pty.openpty()
    result = subprocess.run(
        [sys.executable, "-m", "flask", *IMPORT],
        cwd=ROOT,
        env=environment(make_database(copy_of=migrated_url)),
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
        timeout=120,
    )
    os.close(terminal)
    shown = everything_on(screen)

    assert result.stdout.startswith(f"{SHIPPED} foods with ")
    assert "Importing foods" in shown
    assert "100%" in shown


@pytest.mark.slow
def test_an_import_of_a_file_shows_rows_a_second_on_a_terminal(make_database, migrated_url, tmp_path):
    path = open_csv(tmp_path / "products.csv.gz", spread())
    screen, terminal = pty.openpty()
    result = subprocess.run(
        [sys.executable, "-m", "flask", "foods", "import", "openfoodfacts", str(path)],
        cwd=ROOT,
        env=environment(make_database(copy_of=migrated_url)),
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
        timeout=120,
    )
    os.close(terminal)
    shown = everything_on(screen)

    assert result.stdout == "1 read = 1 added + 0 updated + 0 unchanged + 0 rejected\n"
    assert "Reading [" in shown
    assert "Storing [####################] 100%  1 rows" in shown
    assert "rows/s" in shown


@pytest.mark.slow
def test_a_demo_is_loaded_once_and_says_how_to_sign_in(imported, make_database, make_app):
    url = make_database(copy_of=imported[0])

    first, second = (flask("demo", "load", url=url) for _ in range(2))

    app = make_app(url)
    with app.app_context():
        assert first.stdout.startswith(f"Demo ate {count(Entry):,} things on {demo.DAYS} days.")
    assert (first.returncode, second.returncode, second.stdout) == (0, 1, "")
    assert "here already" in second.stderr
    browser = app.test_client()
    assert browser.post("/login", data={"email": demo.EMAIL, "password": demo.PASSWORD}).status_code == 303
    assert browser.get(browser.get("/diary").location).status_code == 200


def test_a_demo_without_its_foods_is_one_sentence_and_leaves_nothing(runner):
    result = runner.invoke(args=("demo", "load"))

    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert "flask foods import starter" in result.output
    db.session.rollback()
    assert count(User) == 0


@pytest.fixture
def deployed(imported, make_database, engine_name):
    """Label a database as one of a deployed environment, and say what its processes are told."""
    if engine_name == "sqlite":
        pytest.skip("SQLite is refused where there are real people")

    def deployed(name: str) -> dict[str, str]:
        url = make_database(copy_of=imported[0])
        mine = "(SELECT oid::bigint FROM pg_database WHERE datname = current_database())"
        engine = create_engine(url.replace("postgresql:", "postgresql+psycopg2:"), poolclass=NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE identity SET environment = '{name}', database_oid = {mine}")
            database_id = connection.exec_driver_sql("SELECT uuid FROM identity").scalar_one()
        return {
            "url": url,
            "CALORIA_ENV": name,
            "CALORIA_DB_ID": str(database_id),
            "TRUSTED_HOSTS": "localhost",
        }

    return deployed


@pytest.mark.slow
@pytest.mark.parametrize(("name", "exit_code"), [("production", 1), ("staging", 0)])
def test_a_demo_has_no_place_among_real_people(deployed, name, exit_code):
    result = flask("demo", "load", **deployed(name))

    assert result.returncode == exit_code, result.stderr
    assert ("Error: A demo person has no place" in result.stderr) == (name == "production")
    assert ("Sign in as" in result.stdout) == (name == "staging")


@pytest.mark.parametrize("words", [(), ("import",), ("import", "starter"), ("import", "elsewhere")])
def test_help_says_what_each_command_does(runner, words):
    result = runner.invoke(args=("foods", *words, "--help"))

    assert (result.exit_code == 0) == ("elsewhere" not in words)
    assert "Usage:" in result.output
