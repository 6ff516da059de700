"""Giving the password once more before what matters."""

from datetime import timedelta

import pytest
from pages import Page
from surroundings import PASSWORD

from caloria.extensions import db
from caloria.models import AuditEvent, Session
from caloria.models.clock import utc_now

CONFIRMATION = "/account/confirmation"


@pytest.fixture
def adas(sign_in, ada):
    """Ada's browser, in which she gave her password two hours ago."""
    browser = sign_in(ada)
    grow_old()
    return browser


def grow_old(minutes: int = 120) -> None:
    db.session.query(Session).update({"confirmed_at": utc_now() - timedelta(minutes=minutes)})
    db.session.commit()


def confirm(browser, password=PASSWORD, goes_to="/admin/jobs"):
    return browser.post(
        CONFIRMATION, query_string={"next": goes_to}, data={"confirmation_password": password}
    )


def test_an_admin_who_signed_in_long_ago_confirms_and_goes_on(adas):
    asked = adas.get("/admin/jobs?page=2")
    assert (asked.status_code, asked.location) == (303, f"{CONFIRMATION}?next=/admin/jobs?page%3D2")

    confirmed = confirm(adas)

    assert (confirmed.status_code, confirmed.location) == (303, "/admin/jobs")
    assert adas.get("/admin/jobs").status_code == 200


def test_what_was_sent_meanwhile_is_sent_on_with_the_password(adas):
    address = "/admin/jobs/0190ab00-0000-7000-8000-000000000001/retries"
    kept = adas.post(address, data={"name": "typed before"})
    assert kept.status_code == 401
    form = Page(kept).form("/retries")
    assert form.data["name"] == "typed before"

    wrong = adas.post(form.action, data=form.data | {"confirmation_password": "not the one"})
    assert (wrong.status_code, "not the one" in wrong.text) == (422, False)
    form = Page(wrong).form("/retries")
    right = adas.post(form.action, data=form.data | {"confirmation_password": PASSWORD})

    assert right.status_code == 404  # there is no such job, and the page that was asked says so
    assert adas.get("/admin/jobs").status_code == 200


def test_an_hour_ago_is_too_long_ago_and_unknown_is_too(adas):
    grow_old(59)
    assert adas.get("/admin/jobs").status_code == 200
    grow_old(61)
    assert adas.get("/admin/jobs").status_code == 303
    db.session.query(Session).update({"confirmed_at": None})
    db.session.commit()
    assert adas.get("/admin/jobs").status_code == 303


def test_guessing_is_stopped_and_noted(adas):
    answers = [confirm(adas, f"guess number {number}").status_code for number in range(11)]

    assert answers == [422] * 10 + [429]
    assert confirm(adas).status_code == 429
    assert db.session.query(AuditEvent).filter_by(act="confirmation refused").count() == 10


@pytest.mark.parametrize("goes_to", ["//evil.test", "/\\evil.test", "https:evil.test", ""])
def test_the_way_on_is_a_page_of_ours(adas, goes_to):
    assert confirm(adas, goes_to=goes_to).location == "/account"


def test_a_cookie_that_was_copied_before_ends_with_the_confirmation(adas, app):
    thief = app.test_client()
    with adas.session_transaction() as session, thief.session_transaction() as copied:
        copied.update(session)
    assert thief.get("/account").status_code == 200

    confirm(adas)

    assert thief.get("/account").status_code == 303
    assert adas.get("/account").status_code == 200
