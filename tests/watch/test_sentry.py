"""Sentry is told where an error was, and nothing of what it was about."""

import sys

import pytest
from sentry_server import event, sentry
from sqlalchemy import select, text
from surroundings import environment
from werkzeug.exceptions import NotFound
from working import do_jobs

from caloria.extensions import db
from caloria.models import Job, Signup
from config import Config

CANARY = "kanarienvogel"


@pytest.fixture
def keeper():
    with sentry() as keeper:
        yield keeper


def fail(app, client, **more):
    """Sign in while the table of accounts is away, with a canary wherever something can stand."""
    with app.app_context():
        db.session.execute(text("ALTER TABLE users RENAME TO away"))
        db.session.commit()
    client.set_cookie("bird", CANARY)
    return client.post(
        f"/login?next=/{CANARY}",
        data={"email": f"{CANARY}@example.org", "password": CANARY},
        headers={"User-Agent": CANARY, "Referer": f"http://localhost/{CANARY}", "X-Forwarded-For": CANARY},
        environ_base={"REMOTE_ADDR": "203.0.113.9"},
    )


def test_an_error_is_told_with_its_place_and_no_value(make_app, keeper):
    app = make_app(SENTRY_DSN=keeper.dsn, CALORIA_SERVER="web-7")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = fail(app, app.test_client())
    assert answer.status_code == 500
    app.extensions["caloria_sentry"].client.flush(10)

    (message,) = keeper.heard
    assert message.startswith("/api/7/envelope/")
    assert CANARY not in message.lower()
    assert "203.0.113.9" not in message
    told = event(message)
    assert told["transaction"] == "/login"
    assert told["tags"]["request_id"] == answer.headers["X-Request-ID"]
    assert (told["environment"], told["server_name"]) == ("test", "web-7")
    last = told["exception"]["values"][-1]
    assert (last["module"], last["type"]) == ("sqlalchemy.exc", "ProgrammingError")
    assert any(frame["filename"] == "caloria/views/sessions.py" for frame in last["stacktrace"]["frames"])
    assert not any("vars" in frame or "context_line" in frame for frame in last["stacktrace"]["frames"])
    for nothing in ("request", "user", "breadcrumbs", "extra", "modules", "contexts", "logentry"):
        assert not told.get(nothing), nothing


def test_what_is_nobodys_mistake_is_not_told(make_app, keeper):
    app = make_app(SENTRY_DSN=keeper.dsn)
    with pytest.raises(NotFound):
        raise NotFound
    assert app.test_client().get(f"/{CANARY}").status_code == 404
    app.extensions["caloria_sentry"].client.flush(10)
    assert keeper.heard == []


def test_a_sentry_that_is_gone_keeps_nobody_waiting(make_app):
    app = make_app(SENTRY_DSN="http://0123456789abcdef@127.0.0.1:1/7")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert fail(app, app.test_client()).status_code == 500


def test_pages_may_load_no_more_than_without_it(make_app, keeper):
    policies = {
        app.test_client().get("/login").headers["Content-Security-Policy"]
        for app in (make_app(), make_app(SENTRY_DSN=keeper.dsn))
    }
    assert len(policies) == 1


def test_a_start_is_refused_where_the_library_is_missing(monkeypatch, tmp_path):
    monkeypatch.delitem(sys.modules, "sentry_sdk", raising=False)
    monkeypatch.setattr(sys, "path", [place for place in sys.path if "site-packages" not in place])
    told = environment(
        "postgresql://caloria@localhost/caloria", SENTRY_DSN="https://key@sentry.example.org/7"
    )
    (mistake,) = Config.load(told, root=tmp_path).mistakes
    assert mistake.state == "sentry_missing"
    assert mistake.mend.startswith("pip install -r requirements-sentry.txt")
    assert "key@" not in mistake.found + mistake.mend


def test_an_error_in_a_job_is_told_and_a_mail_server_that_is_away_is_not(make_app, password_hash, keeper):
    mail = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": "1", "MAIL_TLS": "off", "MAIL_FROM": "a@example.org"}
    app = make_app(SENTRY_DSN=keeper.dsn, **mail)
    app.extensions["caloria_config"].mail_outbox = None
    with app.app_context():
        signup = Signup("Ann", f"{CANARY}@example.org", "", "UTC")
        signup.password_hash = password_hash
        Job.put("password_reset", user_id=str(signup.complete().id), root="http://localhost/")
        Job.put("unwritten", bird=CANARY)
        db.session.commit()
        do_jobs(app)
        errors = db.session.scalars(select(Job.last_error).order_by(Job.id)).all()
        assert errors == ["ConnectionRefusedError", "KeyError"]
    app.extensions["caloria_sentry"].client.flush(10)

    (message,) = keeper.heard
    told = event(message)
    assert (told["transaction"], told["exception"]["values"][-1]["type"]) == ("job unwritten", "KeyError")
    assert CANARY not in message
