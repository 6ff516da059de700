"""The database is there and will not: no connection left, or nothing may be written."""

from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, make_url, select
from sqlalchemy.exc import DatabaseError, ProgrammingError
from surroundings import PASSWORD

from caloria.access import public
from caloria.extensions import db
from caloria.models import Entry, Meal, Session, Signup
from caloria.models.ids import new_id

DAY = "/diary/2026-11-21"


def alices(app: Flask):
    """Alice's browser, and what a form of hers says."""
    with app.app_context():
        alice = Signup("Alice", "alice@example.org", PASSWORD, "UTC").complete()
        token = Session.start(alice).token
        db.session.commit()
        meal = db.session.scalar(select(Meal.id))
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = token
    return browser, {"id": new_id(), "meal_id": meal, "name": "Soup & salad", "energy_kcal": "155"}


def entries(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Entry))


def assert_given_back(answer) -> None:
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert 'value="Soup &amp; salad"' in answer.text


def test_when_no_connection_is_left_the_text_is_given_back(make_app):
    app = make_app(DATABASE_POOL_SIZE="1", DATABASE_MAX_OVERFLOW="0", DATABASE_POOL_TIMEOUT="1")
    browser, form = alices(app)

    with app.app_context(), db.engine.connect():
        assert browser.get(DAY).status_code == 503
        assert_given_back(browser.post(f"{DAY}/quick-entries", data=form))
        assert browser.get("/health").status_code == 200

    assert browser.get(DAY).status_code == 200
    assert browser.post(f"{DAY}/quick-entries", data=form).status_code == 303
    assert entries(app) == 1


@pytest.fixture
def read_only(engine_name):
    """Make a PostgreSQL database refuse to be written to, as one that has become a standby does."""
    if engine_name != "postgresql":
        pytest.skip("a file has no such switch")

    @contextmanager
    def read_only(app: Flask):
        url = app.extensions["caloria_config"].database_url
        say(url, app, "on")
        yield
        say(url, app, "off")

    return read_only


def say(url, app: Flask, switch: str) -> None:
    engine = create_engine(make_url(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("SET default_transaction_read_only = off")
        connection.exec_driver_sql(
            f'ALTER DATABASE "{url.database}" SET default_transaction_read_only = {switch}'
        )
    engine.dispose()
    with app.app_context():
        db.engine.dispose()


def test_a_read_only_database_shows_what_it_has_and_gives_back_what_is_new(make_app, read_only):
    app = make_app()
    browser, form = alices(app)
    with read_only(app):
        assert browser.get(DAY).status_code == 200
        assert_given_back(browser.post(f"{DAY}/quick-entries", data=form))
        answer = browser.get("/health/database")
        assert (answer.status_code, answer.json["reasons"]) == (503, ["read_only"])

    assert entries(app) == 0
    assert browser.post(f"{DAY}/quick-entries", data=form).status_code == 303


def test_signing_in_to_a_read_only_database_leads_nowhere_round_and_round(make_app, read_only):
    app = make_app()
    alices(app)
    visitor = app.test_client()
    with read_only(app):
        asked = visitor.get(DAY)
        assert (asked.status_code, visitor.get(asked.location).status_code) == (303, 200)
        answer = visitor.post(asked.location, data={"email": "alice@example.org", "password": PASSWORD})
        assert answer.status_code == 503
        assert "alice@example.org" in answer.text
        assert PASSWORD not in answer.text

    answer = visitor.post(asked.location, data={"email": "alice@example.org", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, DAY)


@pytest.fixture
def broken_app(make_app):
    """An app with two pages that fail, as it is in production."""
    app = make_app()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    lost = DatabaseError("SELECT secret", {}, Exception("server closed"), connection_invalidated=True)
    wrong = ProgrammingError("SELECT secret", {"password": "unspoken"}, Exception("no such column"))
    for path, error in (("/lost", lost), ("/wrong", wrong)):

        def fail(error=error):
            raise error

        app.add_url_rule(path, path, public(fail), methods=["GET", "POST"])
    return app


def test_a_connection_that_breaks_under_another_name_is_the_database_away(broken_app):
    answer = broken_app.test_client().post("/lost", data={"name": "Soup & salad"})

    assert_given_back(answer)


def test_a_mistake_of_ours_is_a_500_that_tells_nothing(broken_app):
    for method in ("GET", "POST"):
        answer = broken_app.test_client().open("/wrong", method=method, data={})

        assert answer.status_code == 500
        assert "Something broke on our side" in answer.text
        for word in ("SELECT", "secret", "unspoken", "no such column", "Traceback", "sqlalchemy"):
            assert word not in answer.text
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
