"""Which command runs in a refused state."""

import click
import pytest
from flask import Flask

from caloria.cli import gate
from caloria.guard import StartupRefused


@pytest.fixture
def refused_app(monkeypatch, told):
    """The app as `flask` builds it to learn its commands, where nothing is configured."""
    from caloria import create_app

    monkeypatch.setattr(gate, "command_is_unknown_yet", lambda: True)
    return create_app(told(None, None))


def walk(command, path=()):
    yield path, command
    for name, each in getattr(command, "commands", {}).items():
        yield from walk(each, (*path, name))


def test_every_command_explains_itself(refused_app):
    runner = refused_app.test_cli_runner()
    for path, _ in walk(refused_app.cli):
        result = runner.invoke(args=[*path, "--help"])
        assert result.exit_code == 0, (path, result.output)
        assert "Usage:" in result.output


def test_no_command_runs_unless_it_says_so(refused_app):
    runner = refused_app.test_cli_runner()
    for path, command in walk(refused_app.cli):
        if isinstance(command, click.Group) or path[0] == "db" or hasattr(command.callback, "is_unguarded"):
            continue
        result = runner.invoke(args=[*path])
        assert result.exit_code == 78, (path, result.output)
        assert "database_url_missing" in result.output


def test_commands_of_the_database_are_refused_too(refused_app):
    runner = refused_app.test_cli_runner()
    for words in (["upgrade"], ["current"], ["check"], ["downgrade"]):
        result = runner.invoke(args=["db", *words])
        assert result.exit_code == 78, (words, result.output)


def test_an_unknown_command_is_a_mistake_of_its_own(refused_app):
    assert refused_app.test_cli_runner().invoke(args=["nonsense"]).exit_code == 2


def test_an_unguarded_command_runs_in_a_refused_state(refused_app):
    @refused_app.cli.command("doctor")
    @gate.unguarded
    def doctor():
        click.echo("ran")

    gate.protect(refused_app)
    assert refused_app.test_cli_runner().invoke(args=["doctor"]).output == "ran\n"


def test_an_app_without_an_address_reaches_no_database(refused_app):
    from caloria.extensions import db

    with refused_app.app_context(), pytest.raises(RuntimeError, match="DATABASE_URL"):
        db.engine.connect()


def test_from_python_it_is_an_exception(told):
    from caloria import create_app

    with pytest.raises(StartupRefused) as caught:
        create_app(told(None))
    assert caught.value.exit_code == 78
    assert isinstance(caught.value, click.ClickException)


def test_a_process_of_gunicorn_does_not_ask(told, monkeypatch):
    import os

    from caloria import create_app

    monkeypatch.setenv("CALORIA_GUARDED_BY", str(os.getppid()))
    assert isinstance(create_app(told(None)), Flask)
    monkeypatch.setenv("CALORIA_GUARDED_BY", "1234567")
    with pytest.raises(StartupRefused):
        create_app(told(None))
