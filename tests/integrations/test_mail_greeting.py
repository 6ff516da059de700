"""Whether the mail server answers, without sending anything."""

import socket
from contextlib import closing

import pytest
from smtp_server import smtp_server
from surroundings import environment

from caloria.operations.doctor.check import OK, WARN
from caloria.operations.doctor.outside import mail_server_answers
from config import Config


@pytest.fixture
def told(tmp_path):
    def tell(port: int, **more: str) -> Config:
        said = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(port), "MAIL_TLS": "off", "MAIL_FROM": "a@b.c"}
        return Config.load(environment("sqlite:///unused.db", **{**said, **more}), root=tmp_path)

    return tell


def test_a_server_that_answers_is_greeted_and_no_more(told):
    with smtp_server() as server:
        check = mail_server_answers(told(server.port, MAIL_USERNAME="caloria", MAIL_PASSWORD="very-secret"))

    assert check.status == OK
    assert [line.split()[0].upper() for line in server.heard] == ["EHLO", "QUIT"]
    assert server.mails == []
    assert "very-secret" not in check.detail


@pytest.mark.parametrize(
    ("tls", "why"), [("starttls", "does not offer STARTTLS"), ("ssl", "do not agree on TLS")]
)
def test_a_server_without_the_tls_that_is_asked_for_is_of_no_use(told, tls, why):
    with smtp_server() as server:
        check = mail_server_answers(told(server.port, MAIL_TLS=tls))

    assert (check.status, why in check.detail) == (WARN, True)
    assert "MAIL_TLS" in check.mend


def test_a_server_that_refuses_to_talk_is_a_warning(told):
    with smtp_server() as server:
        server.refuses = b"EHLO HELO"
        check = mail_server_answers(told(server.port))

    assert (check.status, "does not want to talk" in check.detail) == (WARN, True)


def test_a_server_that_is_away_is_a_warning(told):
    check = mail_server_answers(told(1))

    assert (check.status, "nothing listens there" in check.detail) == (WARN, True)


def test_a_server_that_says_nothing_costs_seconds(told):
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        check = mail_server_answers(told(silent.getsockname()[1]))

    assert (check.status, "it said nothing" in check.detail) == (WARN, True)


def test_without_a_server_nothing_is_asked(told):
    check = mail_server_answers(told(1, MAIL_SERVER=""))

    assert (check.status, check.detail) == ("-", "MAIL_SERVER is not set")
