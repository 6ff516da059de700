"""`flask database check`: its words, its exit code, and its progress where somebody watches."""

import os
import pty
import re
import subprocess
import sys

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool
from surroundings import ROOT, environment, flask
from terminals import everything_on

CHECK = ("database", "check")


def test_where_nothing_is_wrong_there_is_one_line(runner):
    result = runner.invoke(args=CHECK)

    assert (result.exit_code, result.output.count("\n")) == (0, 1)
    assert result.output.startswith("Nothing contradicts itself in ")


@pytest.fixture(scope="module")
def damaged(make_database, migrated_url):
    """A database with one person born in the future."""
    url = make_database(copy_of=migrated_url)
    told = {"email": "a@example.org", "name": "A", "password": "correct horse battery staple"}
    flask("users", "create", *(f"--{name}={text}" for name, text in told.items()), url=url)
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg2://"), poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE users SET created_at = '2190-01-01 00:00:00.000000'")
    return url


@pytest.mark.slow
def test_a_finding_is_counted_with_a_query_and_a_bad_end(damaged):
    result = flask(*CHECK, url=damaged)

    assert result.returncode == 1
    first, *query = result.stdout.splitlines()
    assert first == "1 users whose created_at lies in the future"
    assert re.fullmatch(
        r"SELECT users.id FROM users WHERE users.created_at > '[^']+'", " ".join(map(str.strip, query))
    )
    assert result.stderr == "1 finding.\n"


@pytest.mark.slow
def test_it_asks_the_guard_first(make_database):
    result = flask(*CHECK, url=make_database())

    assert result.returncode == 80


@pytest.mark.slow
def test_a_database_in_memory_is_not_said_to_be_well():
    result = flask(*CHECK, url="sqlite://")

    assert result.returncode == 1
    assert "there is none to check" in result.stderr


@pytest.mark.slow
def test_it_shows_how_far_it_is_on_a_terminal_only(damaged):
    screen, terminal = pty.openpty()
    subprocess.run(
        [sys.executable, "-m", "flask", *CHECK],
        cwd=ROOT,
        env=environment(damaged),
        stdout=subprocess.DEVNULL,
        stderr=terminal,
        timeout=60,
        check=False,
    )
    os.close(terminal)
    shown = everything_on(screen)

    assert "Looking" in shown
    assert "100%" in shown
