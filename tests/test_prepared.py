"""What pages ask again and again: PostgreSQL plans it once for each connection."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from caloria.extensions import db
from caloria.models import Session
from caloria.prepared import as_prepared

TODAY = date(2026, 11, 21)
PREPARED = text("SELECT name, generic_plans + custom_plans AS times FROM pg_prepared_statements")


@pytest.fixture
def prepared(engine_name):
    """Say how often each prepared statement was used, by its name without the digest."""
    if engine_name != "postgresql":
        pytest.skip("SQLite keeps statements by itself")
    return lambda: {name.rpartition("_")[0]: times for name, times in db.session.execute(PREPARED)}


def test_a_day_asked_for_again_is_not_planned_again(prepared, sign_in, alice, oats):
    browser = sign_in(alice)
    for _ in range(3):
        assert browser.get(f"/diary/{TODAY}").status_code == 200

    used = prepared()

    for name in ("person_of_session", "meals_of_day", "extras_of_day", "usual_at_meal"):
        assert used[name] >= 3, name


def test_another_text_of_the_same_name_is_another_statement():
    one, other = as_prepared("day", "SELECT 1"), as_prepared("day", "SELECT 2")

    assert one.name != other.name


def test_values_go_where_they_are_named_and_percent_signs_stay():
    prepared = as_prepared("day", "SELECT %(a)s, '100 %%', %(b)s, %(a)s")

    assert prepared.prepare.endswith("AS SELECT $1, '100 %', $2, $1")
    assert prepared.execute == f"EXECUTE {prepared.name} (%(a)s, %(b)s)"


def test_a_connection_whose_plans_a_migration_overtook_is_given_up(prepared, make_app):
    with make_app().app_context():
        assert Session.person("nobody's") is None
        db.session.commit()
        db.session.execute(text("ALTER TABLE users ALTER COLUMN name TYPE varchar(200)"))
        db.session.commit()

        with pytest.raises(DBAPIError):
            Session.person("nobody's")
        db.session.remove()

        assert Session.person("nobody's") is None
