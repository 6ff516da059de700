from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from surroundings import PASSWORD

from caloria.extensions import db
from caloria.models import Session
from caloria.models.clock import utc_now
from caloria.models.session import IDLE_FOR_AT_MOST, LASTS_AT_MOST

A_MINUTE = timedelta(minutes=1)


def is_signed_in(browser) -> bool:
    return browser.get("/account").status_code == 200


def began(ago: timedelta, *, seen: timedelta) -> None:
    """Set the times of every session back."""
    now = utc_now()
    db.session.execute(update(Session).values(created_at=now - ago, last_seen_at=now - seen))
    db.session.commit()


def sessions() -> int:
    return db.session.scalar(select(func.count()).select_from(Session))


@pytest.mark.parametrize(
    ("age", "idle", "lasts"),
    [
        (timedelta(0), timedelta(0), True),
        (IDLE_FOR_AT_MOST, IDLE_FOR_AT_MOST - A_MINUTE, True),
        (IDLE_FOR_AT_MOST, IDLE_FOR_AT_MOST + A_MINUTE, False),
        (LASTS_AT_MOST - A_MINUTE, timedelta(0), True),
        (LASTS_AT_MOST + A_MINUTE, timedelta(0), False),
    ],
)
def test_a_session_ends_by_idleness_and_by_age(sign_in, alice, age, idle, lasts):
    browser = sign_in(alice)

    began(age, seen=idle)

    assert is_signed_in(browser) is lasts


def test_a_session_in_use_is_not_idle(sign_in, alice):
    browser = sign_in(alice)
    began(IDLE_FOR_AT_MOST, seen=IDLE_FOR_AT_MOST - A_MINUTE)

    browser.get("/diary")

    assert db.session.scalar(select(Session.last_seen_at)) > utc_now() - A_MINUTE


def test_a_session_is_noted_once_an_hour_and_not_by_every_page(sign_in, alice, statements):
    browser = sign_in(alice)
    statements.clear()

    browser.get("/account")

    assert [said for said in statements if said.startswith("UPDATE")] == []


def test_a_disabled_person_is_signed_out_at_once(sign_in, alice):
    browser = sign_in(alice)

    alice.active = False
    db.session.commit()

    assert not is_signed_in(browser)


def test_what_an_ended_session_sends_is_given_back_and_not_saved(sign_in, alice):
    browser = sign_in(alice)
    began(IDLE_FOR_AT_MOST, seen=IDLE_FOR_AT_MOST + A_MINUTE)

    response = browser.post("/account", data={"name": "Alice the Great"})

    assert response.status_code == 401
    assert 'value="Alice the Great"' in response.text
    db.session.refresh(alice)
    assert alice.name == "Alice"


def test_signing_out_here_leaves_other_devices_alone(sign_in, alice):
    here, there = sign_in(alice), sign_in(alice)

    here.post("/logout")

    assert not is_signed_in(here)
    assert is_signed_in(there)


def test_a_new_password_signs_out_other_devices_and_copied_cookies_but_not_this_one(app, sign_in, alice, bob):
    here, there, bobs = sign_in(alice), sign_in(alice), sign_in(bob)
    thief = app.test_client()
    thief.set_cookie("caloria", here.get_cookie("caloria").value)
    assert is_signed_in(thief)

    here.post("/password/change", data={"current_password": PASSWORD, "password": "another good password"})

    assert is_signed_in(here)
    assert is_signed_in(bobs)
    assert not is_signed_in(there)
    assert not is_signed_in(thief)
    assert sessions() == 2
