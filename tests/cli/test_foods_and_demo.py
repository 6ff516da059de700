"""`flask foods import starter` and `flask demo load`: what they say, and when they refuse."""

import os
import pty
import subprocess
import sys

import pytest
from surroundings import ROOT, environment, flask
from sqlalchemy import func, select

from caloria.extensions import db
from caloria.models import Entry, Food, User
from caloria.operations import demo

IMPORT = ("foods", "import", "starter")


def count(kind) -> int:
    return db.session.scalar(select(func.count()).select_from(kind))


def test_an_import_says_what_is_there_now(runner):
    first = runner.invoke(args=IMPORT)
    second = runner.invoke(args=IMPORT)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.output.startswith("493 foods with ")
    assert second.output == first.output
    assert count(Food) == 493


@pytest.mark.slow
def test_an_import_is_quiet_without_a_terminal(make_database, migrated_url):
    result = flask(*IMPORT, url=make_database(copy_of=migrated_url))

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
    shown = os.read(screen, 100_000).decode()
    os.close(screen)

    assert result.stdout.startswith("493 foods with ")
    assert "Importing foods" in shown
    assert "100%" in shown


def test_a_demo_is_loaded_once_and_says_how_to_sign_in(runner, client):
    runner.invoke(args=IMPORT)

    first = runner.invoke(args=("demo", "load"))
    entries = count(Entry)
    second = runner.invoke(args=("demo", "load"))

    assert first.exit_code == 0
    assert f"{entries:,} things on {demo.DAYS} days" in first.output
    assert second.exit_code == 1
    assert "here already" in second.output
    assert count(Entry) == entries
    signed_in = client.post("/login", data={"email": demo.EMAIL, "password": demo.PASSWORD})
    assert signed_in.status_code == 303
    assert client.get("/diary", follow_redirects=True).status_code == 200


def test_a_demo_without_its_foods_is_one_sentence_and_leaves_nothing(runner):
    result = runner.invoke(args=("demo", "load"))

    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert "flask foods import starter" in result.output
    db.session.rollback()
    assert count(User) == 0


@pytest.mark.parametrize(("environment", "is_refused"), [("production", True), ("staging", False)])
def test_a_demo_is_refused_among_real_people(runner, app, monkeypatch, environment, is_refused):
    runner.invoke(args=IMPORT)
    monkeypatch.setattr(app.extensions["caloria_config"], "environment", environment)

    result = runner.invoke(args=("demo", "load"))

    assert (result.exit_code != 0) == is_refused
    assert ("this is production" in result.output) == is_refused
    assert count(User) == (0 if is_refused else 1)


@pytest.mark.parametrize("words", [(), ("import",), ("import", "starter"), ("import", "elsewhere")])
def test_help_says_what_each_command_does(runner, words):
    result = runner.invoke(args=("foods", *words, "--help"))

    assert (result.exit_code == 0) == ("elsewhere" not in words)
    assert "Usage:" in result.output
