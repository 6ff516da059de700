"""The log says how each request went, and nothing of what it was about."""

import json
import logging
import socket
import sys
import threading
import warnings
from contextlib import contextmanager
from types import SimpleNamespace
from uuid import uuid4

import pytest
from serving import Browser, server
from sqlalchemy import event, make_url, text
from surroundings import PASSWORD

from caloria.extensions import db
from caloria.models.ids import new_id
from settings.log_lines import TextLines, configure

CANARY = "kanarienvogel"
DAY = "/diary/2026-11-21"
FIELDS = [
    "time",
    "level",
    "id",
    "method",
    "route",
    "status",
    "milliseconds",
    "statements",
    "server",
    "process",
]

HOOKS = [
    (sys, "excepthook"),
    (sys, "unraisablehook"),
    (threading, "excepthook"),
    (warnings, "showwarning"),
    (logging, "raiseExceptions"),
]


@pytest.fixture
def kept_hooks(monkeypatch):
    """What Python calls when something happens outside of everything is as it was, afterwards."""
    for owner, name in HOOKS:
        monkeypatch.setattr(owner, name, getattr(owner, name))
    yield
    logging.getLogger().handlers = [
        each for each in logging.getLogger().handlers if type(each).__name__ != "ToStderr"
    ]


@pytest.fixture
def json_app(make_app, make_database, migrated_url, engine_name, kept_hooks):
    """An app that logs as in production, over an address whose password is a canary."""
    url = make_url(make_database(copy_of=migrated_url))
    if engine_name == "postgresql":
        url = url.set(password=CANARY)
    app = make_app(url.render_as_string(False), LOG_FORMAT="json", LOG_LEVEL="DEBUG", CALORIA_SERVER="web-7")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.fixture
def logged(capfd):
    """What was logged since it was last asked for, line by line."""

    def logged():
        written = capfd.readouterr()
        assert CANARY not in (written.out + written.err).lower()
        return [json.loads(line) for line in written.err.splitlines()]

    return logged


def signed_up(app):
    browser = app.test_client()
    form = {"name": CANARY, "email": f"{CANARY}@example.org", "password": PASSWORD, "time_zone": "UTC"}
    assert browser.post("/signup", data=form).status_code == 303
    return browser


def test_each_request_is_one_line_that_says_how_it_went(json_app, logged):
    browser = signed_up(json_app)
    logged()
    answer = browser.get(f"{DAY}?q={CANARY}", headers={"User-Agent": CANARY, "Referer": f"/{CANARY}"})
    (line,) = logged()
    assert list(line) == FIELDS
    assert (line["level"], line["method"], line["route"]) == ("INFO", "GET", "/diary/<date:day>")
    assert (line["status"], line["statements"], line["server"]) == (200, 4, "web-7")
    assert line["id"] == answer.headers["X-Request-ID"]


@pytest.mark.parametrize(
    ("method", "address", "route", "status", "level"),
    [
        ("GET", f"/{CANARY}", "unknown", 404, "INFO"),
        (CANARY.upper(), "/login", "unknown", 405, "INFO"),
        ("GET", f"/foods/{CANARY}", "unknown", 404, "INFO"),
        ("GET", "/health", "/health", 200, "DEBUG"),
        ("GET", "/static/css/add.css", "/static/<path:filename>", 200, "DEBUG"),
    ],
)
def test_an_address_that_anybody_makes_up_is_not_repeated(
    json_app, logged, method, address, route, status, level
):
    answer = json_app.test_client().open(address, method=method, query_string={"q": CANARY})
    (line,) = logged()
    assert (line["route"], line["status"], line["level"]) == (route, answer.status_code, level)
    assert answer.status_code == status


def wrongs():
    """Ways for a statement to go wrong, each of which names what somebody wrote."""

    def broken_code(_connection):
        raise RuntimeError(f"{CANARY} was not expected")

    def refused_value(connection):
        connection.execute(text("SELECT CAST(:said AS uuid)"), {"said": CANARY})

    def repeated_key(connection):
        connection.execute(text("CREATE TEMPORARY TABLE birds (name text PRIMARY KEY) ON COMMIT DROP"))
        for _ in range(2):
            connection.execute(text("INSERT INTO birds VALUES (:name)"), {"name": CANARY})

    def ended_backend(connection):
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid()), :said"), {"said": CANARY})

    return [broken_code, refused_value, repeated_key, ended_backend]


class Trap:
    """Has the n-th statement of what is sent go wrong."""

    def __init__(self, engine):
        self.engine, self.left, self.wrong, self.is_set = engine, 0, None, False
        event.listen(engine, "before_cursor_execute", self.step)

    def step(self, connection, *_rest):
        if not self.is_set:
            return
        self.left -= 1
        if self.left == 0:
            self.is_set = False
            self.wrong(connection)

    def spring(self, number, wrong):
        self.left, self.wrong, self.is_set = number, wrong, True


@pytest.mark.parametrize("wrong", wrongs(), ids=lambda wrong: wrong.__name__)
def test_whatever_fails_at_whichever_step_the_log_has_where_and_no_value(json_app, logged, wrong):
    browser = signed_up(json_app)
    meal = browser.get(DAY).text.partition('id="meal-')[2][:36]
    with json_app.app_context():
        trap = Trap(db.engine)

    def log_one():
        form = {"id": str(new_id()), "meal_id": meal, "name": CANARY, "energy_kcal": "1"}
        return browser.post(f"{DAY}/quick-entries?next={CANARY}", data=form)

    def sign_in():
        form = {"email": f"{uuid4().hex}{CANARY}@example.org", "password": CANARY}
        return json_app.test_client().post("/login", data=form)

    failed = 0
    for ask in (log_one, sign_in):
        logged()
        for number in range(1, 30):
            trap.spring(number, wrong)
            status = ask().status_code
            if trap.is_set:
                break
            assert status in (500, 503)
            lines = logged()
            errors = [line for line in lines if "errors" in line]
            assert errors, lines
            assert errors[0]["id"] == lines[-1]["id"]
            assert errors[0]["errors"][0]["class"]
            assert any(
                "caloria/views/" in frame or "caloria/" in frame for frame in errors[0]["errors"][0]["frames"]
            )
            assert lines[-1]["status"] == status
            assert lines[-1]["level"] == "ERROR"
            failed += 1
        trap.is_set = False
    assert failed >= 8


def test_a_database_that_is_gone_leaves_no_part_of_its_address(json_app, logged, postgres):
    browser = signed_up(json_app)
    with json_app.app_context():
        name = db.engine.url.database
        postgres.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        postgres.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    logged()
    assert browser.get(DAY).status_code == 503
    error, line = logged()
    assert (error["message"], line["status"]) == ("The database did not answer (OperationalError)", 503)
    assert error["errors"][0]["class"] == "sqlalchemy.exc.OperationalError"


def test_others_words_are_told_without_what_was_filled_in(json_app, logged):
    theirs = logging.getLogger("gunicorn.error")
    theirs.warning("Error handling request %s, try %d", f"/{CANARY}", 3)
    theirs.error(f"Invalid request from ip={CANARY}: bad")
    try:
        raise ValueError(CANARY)
    except ValueError:
        theirs.exception("Exception in worker process")
    first, second, third = logged()
    assert first["message"] == "Error handling request …, try 3"
    assert second["message"] == "Invalid request"
    assert third["errors"][0]["class"] == "builtins.ValueError"


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, logging.WARNING])
def test_what_others_have_put_together_is_told_by_its_place(json_app, logged, level):
    theirs = logging.getLogger("their.own")
    theirs.setLevel(logging.DEBUG)
    theirs.log(level, f"GET /{CANARY}")
    theirs.log(level, "%s %s", "GET", f"/{CANARY}")
    theirs.log(level, "%(path)s", {"path": CANARY})
    theirs.log(level, "%d tries", CANARY)
    first, *others = (line["message"] for line in logged())
    assert first.startswith("tests/watch/test_request_log.py:")
    assert others == ["… …", "%(path)s", "%d tries"]


@contextmanager
def gone_wrong():
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        yield error


def in_a_thread():
    def end():
        raise ValueError(CANARY)

    thread = threading.Thread(target=end)
    thread.start()
    thread.join()


def in_a_command():
    with gone_wrong() as error:
        sys.excepthook(type(error), error, error.__traceback__)


def where_nobody_catches():
    class Left:
        def __del__(self):
            raise ValueError(CANARY)

    Left()


def in_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(CANARY, UserWarning, stacklevel=1)


def in_a_line_of_ours():
    logging.getLogger("caloria").error("%d tries", CANARY)


BY_PYTHON = {
    in_a_thread: "A thread ended by an error",
    in_a_command: "This process ended by an error",
    where_nobody_catches: "An error was left behind",
    in_a_warning: "UserWarning at tests/watch/test_request_log.py:",
    in_a_line_of_ours: "",
}


@pytest.mark.parametrize("kind", ["json", "text"])
@pytest.mark.parametrize("happen", BY_PYTHON, ids=lambda happen: happen.__name__)
def test_what_python_itself_says_is_told_without_values(kept_hooks, capfd, happen, kind):
    told = {"deployed": True, "log_format": kind, "log_level": "INFO", "server": "web-7"}
    configure(SimpleNamespace(**told))
    happen()
    written = capfd.readouterr().err
    assert CANARY not in written
    message = json.loads(written)["message"] if kind == "json" and written else written
    assert message.startswith(BY_PYTHON[happen])
    assert not BY_PYTHON[happen] or "test_request_log.py:" in written


@pytest.mark.slow
def test_gunicorn_tells_no_address_and_no_cookie_however_much_is_asked_for(
    migrated_url, make_database, tmp_path
):
    told = {"LOG_LEVEL": "DEBUG", "LOG_FORMAT": "text"}
    with (
        (tmp_path / "log").open("w") as log,
        server(make_database(copy_of=migrated_url), output=log, **told) as web,
    ):
        Browser(web.port).get(f"/{CANARY}")
        with socket.create_connection(("127.0.0.1", web.port)) as client:
            client.sendall(f"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: caloria={CANARY}\r\n".encode())
            client.shutdown(socket.SHUT_WR)
            client.recv(1)
    written = (tmp_path / "log").read_text()
    assert "GET unknown 404" in written
    assert CANARY not in written


def test_in_words_too_an_operator_is_shown_places_and_a_developer_everything():
    try:
        raise ValueError(CANARY)
    except ValueError:
        record = logging.LogRecord("gunicorn.error", logging.ERROR, "", 1, "It broke", None, sys.exc_info())
    shown = TextLines(shows_values=False).format(record)
    assert "It broke" in shown
    assert "test_request_log.py" in shown
    assert CANARY not in shown
    assert CANARY in TextLines(shows_values=True).format(record)
