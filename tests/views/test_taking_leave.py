"""Taking everything along, and deleting the account with everything in it."""

from datetime import date, timedelta
from io import BytesIO
from time import sleep
from zipfile import ZipFile

import pytest
from pages import Page
from surroundings import PASSWORD

from caloria.extensions import db, settings
from caloria.models import AuditEvent, Day, Erasure, Session, User
from caloria.models.clock import utc_now
from caloria.models.ids import new_id

DELETION, EXPORT = "/account/deletion", "/account/export"


@pytest.fixture
def alices(signed_in, alice, oats):
    """Alice's browser; she has eaten oats."""
    day = Day(alice, date(2026, 11, 21))
    day.log(oats, oats.portions[0], 1, day.meals[0].meal, new_id(), "a form")
    db.session.commit()
    return signed_in


def grow_old() -> None:
    db.session.query(Session).update({"confirmed_at": utc_now() - timedelta(minutes=16)})
    db.session.commit()


def test_everything_comes_as_one_file_that_is_noted(alices, alice):
    answer = alices.post(EXPORT)

    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert "attachment; filename=caloria-" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    archive = ZipFile(BytesIO(answer.data))
    assert b"Oats, dry" in archive.read("entries.csv")
    assert b"energy_kcal" in archive.read("entries.csv")
    assert db.session.query(AuditEvent).filter_by(act="export", object=f"user {alice.id}").count() == 1


@pytest.mark.parametrize("address", [EXPORT, DELETION])
def test_both_ask_for_the_password_again(alices, address):
    grow_old()

    assert alices.get(address).location.startswith("/account/confirmation?next=")
    assert alices.post(address, data={"typed_email": "alice@example.org"}).status_code == 401
    assert db.session.query(User).count() == 1


@pytest.mark.parametrize("typed", ["", "alice", "bob@example.org"])
def test_nothing_is_deleted_unless_the_address_is_typed(alices, bob, typed):
    answer = alices.post(DELETION, data={"typed_email": typed})

    assert answer.status_code == 422
    assert db.session.query(User).count() == 2


def test_a_deleted_account_is_gone_signed_out_and_told_by_mail(alices, alice, app):
    other = app.test_client()
    other.post("/login", data={"email": alice.email, "password": PASSWORD})
    number = alice.id

    form = Page(alices.get(DELETION)).form(DELETION)
    answer = alices.post(form.action, data=form.data | {"typed_email": " Alice@Example.org "})

    assert (answer.status_code, answer.location) == (303, "/")
    assert "is deleted" in alices.get("/").text
    assert db.session.get(Erasure, number)
    assert [browser.get("/account").status_code for browser in (alices, other)] == [303, 303]
    assert (
        "do not belong together"
        in other.post("/login", data={"email": "alice@example.org", "password": PASSWORD}).text
    )
    assert "everything in it is deleted" in mail_that_comes()


def mail_that_comes() -> str:
    """It is sent beside the request."""
    for _ in range(200):
        if mails := list(settings().mail_outbox.glob("*.eml")):
            return mails[0].read_text()
        sleep(0.02)
    return ""


def test_the_only_admin_stays(sign_in, ada):
    answer = sign_in(ada).post(DELETION, data={"typed_email": ada.email})

    assert (answer.status_code, "You are the only admin" in answer.text) == (422, True)
    assert db.session.query(User).count() == 1


def test_the_same_address_can_sign_up_again(alices, alice, client):
    alices.post(DELETION, data={"typed_email": alice.email})
    again = {"name": "Alice", "email": "alice@example.org", "password": PASSWORD, "time_zone": "UTC"}

    assert client.post("/signup", data={"id": new_id(), **again}).status_code == 303
