"""The server behind the address, in the variants that test_every_row.py leaves out; and row 30."""

import pytest
from fake_server import refusing, server, silent

from caloria.guard import StartupRefused, asking, connection, table

TEXTS = {
    'password authentication failed for user "caloria"': (78, "database_password"),
    'Peer authentication failed for user "caloria"': (78, "database_access"),
    'no pg_hba.conf entry for host "10.0.0.7", user "caloria"': (78, "database_access"),
    'role "caloria" does not exist': (78, "database_role_missing"),
    'database "caloria" does not exist': (78, "database_missing"),
    'permission denied for database "caloria"': (78, "database_access"),
    'role "caloria" is not permitted to log in': (78, "database_access"),
    "the database system is starting up": (69, "database_starting"),
    "the database system is shutting down": (69, "database_stopping"),
    "sorry, too many clients already": (69, "connections_exhausted"),
    "remaining connection slots are reserved": (69, "connections_exhausted"),
    "a text that nobody has seen before": (69, "database_unreachable"),
}


@pytest.mark.parametrize("text", TEXTS)
def test_the_servers_words_decide_between_try_again_and_correct_it(state, told, text):
    with server(refusing(text)) as port:
        assert state(told(f"postgresql://caloria:secret@127.0.0.1:{port}/caloria")) == TEXTS[text]


def test_a_port_where_nobody_listens_is_worth_another_try(state, told):
    assert state(told("postgresql://caloria@127.0.0.1:1/caloria")) == (69, "connection_refused")
    assert state(told("postgresql:///caloria?host=/nowhere")) == (69, "connection_refused")


def test_a_silent_server_is_given_up(require, told):
    with server(silent) as port:
        config = told(f"postgresql://caloria@127.0.0.1:{port}/caloria", DATABASE_CONNECT_TIMEOUT="2")
        with pytest.raises(StartupRefused) as caught:
            require(config)
    assert caught.value.state == "database_silent"


def test_work_that_no_timeout_bounds_is_given_up_too(require, told, monkeypatch):
    monkeypatch.setattr(asking, "PATIENCE", 0.5)
    with server(silent) as port, pytest.raises(StartupRefused) as caught:
        require(told(f"postgresql://caloria@127.0.0.1:{port}/caloria?connect_timeout=60"))
    assert (caught.value.exit_code, caught.value.state) == (69, "database_silent")


def test_a_parameter_the_driver_does_not_know_is_refused(state, told):
    assert state(told("postgresql://caloria@127.0.0.1:1/caloria?colour=red")) == (78, "database_url_invalid")
    assert state(told("postgresql://caloria@127.0.0.1:1/caloria?sslmode=red")) == (78, "database_url_invalid")


def test_a_missing_database_is_named(refusal, told, migrated, engine_name):
    if engine_name == "sqlite":
        pytest.skip("a SQLite file that is missing is row 6")
    refused = refusal(told(migrated.replace("/test_", "/none_")))
    assert (refused.exit_code, refused.state) == (78, "database_missing")
    assert '"none_' in refused.message


def test_a_superuser_is_noticed(require, told, labelled, engine_name, request):
    url = labelled("development")
    if engine_name == "sqlite":
        pytest.skip("SQLite has no roles")
    boss = request.getfixturevalue("postgres").url.username
    heard = {notice.state for notice in require(told(url.replace("caloria@", f"{boss}@"), "development"))}
    assert "role_superuser" in heard
    assert "role_superuser" not in {notice.state for notice in require(told(url, "development"))}


def test_a_server_that_was_not_tested_with_is_noticed(require, told, labelled, monkeypatch):
    monkeypatch.setattr(connection, "SUPPORTED_POSTGRESQL", range(40, 41))
    monkeypatch.setattr(connection, "OLDEST_SQLITE", (40, 0))
    url = labelled("development")
    assert "server_unsupported" in {notice.state for notice in require(told(url, "development"))}


QUESTIONS = [*table.CONFIGURATION, *table.CONNECTION, *table.SCHEMA, *table.IDENTITY]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.__name__)
def test_a_question_that_fails_is_a_refusal_that_names_it(monkeypatch, refusal, told, migrated, question):
    def fail(_about):
        raise RuntimeError("topsecret")

    fail.__name__ = question.__name__
    for phase in ("CONFIGURATION", "CONNECTION", "SCHEMA", "IDENTITY"):
        asked = [fail if each is question else each for each in getattr(table, phase)]
        monkeypatch.setattr(table, phase, tuple(asked))
    refused = refusal(told(migrated))
    assert (refused.exit_code, refused.state) == (70, "check_failed")
    assert question.__name__.replace("_", " ") in refused.message
    assert "topsecret" not in refused.message
