import re
import threading
from email import message_from_bytes, policy

import pytest
from smtp_server import smtp_server
from surroundings import ROOT, environment
from working import do_jobs

from caloria.integrations import mail
from config import Config

SUBJECT, TEXT = "Choose a new password for Caloria", "Hello Jürgen 🥝,\n.\n\nhttp://localhost/a?b=c\n"


@pytest.fixture
def server():
    with smtp_server() as mailbox:
        yield mailbox


@pytest.fixture
def config(server):
    return told(server.port)


def told(port: int, **more: str) -> Config:
    mail_settings = {
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(port),
        "MAIL_TLS": "off",
        "MAIL_FROM": "Caloria <caloria@example.org>",
    }
    return Config.load(environment("sqlite:///unused.db", **{**mail_settings, **more}), root=ROOT)


def delivered() -> None:
    for thread in threading.enumerate():
        if thread.name == "mail":
            thread.join(30)


def send(config, to="alice@example.org", subject=SUBJECT, text=TEXT) -> None:
    mail.send(config, to, subject, text)
    delivered()


def test_a_mail_arrives_as_it_was_written(server, config):
    send(config)

    (arrived,) = server.mails
    read = message_from_bytes(arrived, policy=policy.SMTP)
    assert read["From"] == "Caloria <caloria@example.org>"
    assert read["To"] == "alice@example.org"
    assert read["Subject"] == SUBJECT
    assert read.get_content().replace("\r\n", "\n").replace("\n..\n", "\n.\n") == TEXT
    envelope = [line.partition(" size=")[0] for line in server.heard if ":<" in line]
    assert envelope == ["mail FROM:<caloria@example.org>", "rcpt TO:<alice@example.org>"]


def test_a_user_name_signs_in_at_the_mail_server(server):
    send(told(server.port, MAIL_USERNAME="caloria", MAIL_PASSWORD="a secret"))

    assert "AUTH PLAIN AGNhbG9yaWEAYSBzZWNyZXQ=" in server.heard


def test_a_long_link_in_a_header_stays_one_that_programs_can_follow(server, config):
    link = f"<https://caloria.example.org/unsubscriptions/{'x' * 120}.{'y' * 27}>"
    mail.deliver(config, "alice@example.org", SUBJECT, TEXT, {"List-Unsubscribe": link})

    (arrived,) = server.mails
    assert f"\r\nList-Unsubscribe: {link}\r\n".encode() in arrived


def test_a_mail_that_was_taken_is_no_failure_however_the_server_says_goodbye(server, config):
    server.refuses = b"QUIT"

    mail.deliver(config, "alice@example.org", SUBJECT, TEXT)

    assert len(server.mails) == 1


@pytest.mark.parametrize("refused", [b"RCPT", b"MAIL", b"DATA", b"EHLO HELO"])
def test_a_server_that_refuses_ends_in_one_line_that_names_nobody(server, config, refused, caplog):
    server.refuses = refused

    send(config)

    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert "A mail could not be sent" in record.getMessage()
    assert "alice" not in caplog.text


def test_a_server_that_is_away_is_one_line_too(server, caplog):
    send(told(1))

    assert [record.getMessage() for record in caplog.records] == [
        "A mail could not be sent (ConnectionRefusedError)"
    ]


def test_a_server_without_tls_gets_no_mail_where_tls_is_asked_for(server, caplog):
    send(told(server.port, MAIL_TLS="starttls"))

    assert server.mails == []
    assert "A mail could not be sent" in caplog.text


@pytest.mark.parametrize(
    "to",
    [
        "alice@example.org\r\nBcc: mallory@example.org",
        "jürgen@example.org",
        "a,b@example.org",
        "\ud800@x.org",
    ],
)
def test_an_odd_address_reaches_nobody_else_and_breaks_nothing(server, config, to):
    send(config, to=to)

    recipients = [line for line in server.heard if line.lower().startswith("rcpt")]
    assert "mallory" not in "".join(recipients)
    assert len(recipients) <= 1


def test_without_a_server_a_deployed_caloria_says_that_it_cannot_mail(caplog):
    config = told(1, MAIL_SERVER="", MAIL_FROM="")
    config.mail_outbox = None
    assert not mail.is_set_up(config)

    send(config)

    assert "MAIL_SERVER is not set" in caplog.text


def test_a_forgotten_password_goes_over_the_real_server(server, app, client, alice, monkeypatch):
    ours = app.extensions["caloria_config"]
    monkeypatch.setattr(ours, "mail_outbox", None)
    for name, value in vars(told(server.port)).items():
        if name.startswith("mail_") and name != "mail_outbox":
            monkeypatch.setattr(ours, name, value)

    client.post("/password/forgotten", data={"email": "alice@example.org"})
    do_jobs(app)

    text = message_from_bytes(server.mails[0], policy=policy.SMTP).get_content()
    link = re.search(r"http://\S+(/password/reset/\S+)", text)[1]
    assert client.get(link).status_code == 200
    page = client.get("/password/forgotten/sent").text
    assert "a link is on its way" in page
    assert "outbox" not in page
