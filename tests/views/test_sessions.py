import re

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from surroundings import PASSWORD

from caloria.extensions import db
from caloria.models import Session, User, passwords


def sign_in_with(browser, email="alice@example.org", password=PASSWORD, query_string=None, **more):
    form = {"email": email, "password": password, **more}
    return browser.post("/login", data=form, query_string=query_string)


def is_signed_in(browser) -> bool:
    return browser.get("/account").status_code == 200


def cookie(browser) -> str:
    return browser.get_cookie("caloria").value


def without_what_differs(page: str) -> str:
    """A page but for the e-mail that was typed and the token of its form."""
    return re.sub(r'(id="csrf_token"[^>]* value="|value=")[^"]*"', r"\1", page)


def test_who_signs_in_sees_today_and_who_signs_out_does_not(client, alice):
    response = sign_in_with(client)
    assert (response.status_code, response.location) == (303, "/diary")
    assert is_signed_in(client)

    response = client.post("/logout")
    assert (response.status_code, response.location) == (303, "/")
    assert not is_signed_in(client)


@pytest.mark.parametrize("email", ["ALICE@example.org", " alice@EXAMPLE.org ", "ａlice@example.org"])
def test_an_address_signs_in_in_any_spelling(client, alice, email):
    assert sign_in_with(client, email).status_code == 303


def test_unknown_disabled_and_wrong_are_answered_alike(client, app, alice, make_person):
    make_person("Dora", active=False)

    answers = [
        sign_in_with(app.test_client(), email, password)
        for email, password in (
            ("alice@example.org", "not the right one"),
            ("nobody@example.org", "not the right one"),
            ("dora@example.org", PASSWORD),
        )
    ]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert "do not belong together" in answers[0].text
    assert len({without_what_differs(answer.text) for answer in answers}) == 1
    assert len({tuple(name for name, _ in answer.headers) for answer in answers}) == 1


def test_unknown_and_wrong_say_the_same_to_the_database(client, app, alice, statements):
    sign_in_with(client, password="not the right one")
    wrong = list(statements)
    statements.clear()

    sign_in_with(app.test_client(), "nobody@example.org", "not the right one")

    assert statements == wrong


class WatchedHash(str):
    """A hash that counts how often it was looked into."""

    looked_into = 0

    def encode(self, *how):
        type(self).looked_into += 1
        return super().encode(*how)


def test_a_password_is_tried_against_a_hash_of_the_same_cost_when_nobody_has_the_address(
    client, alice, monkeypatch
):
    watched = WatchedHash(passwords.hashed("a password that nobody has"))
    monkeypatch.setattr(passwords, "NOBODYS_HASH", watched)

    sign_in_with(client)
    assert WatchedHash.looked_into == 0
    answer = sign_in_with(client, "nobody@example.org", "a password that nobody has")

    assert WatchedHash.looked_into == 1
    assert answer.status_code == 422
    cost = re.compile(r"\$argon2id\$v=\d+\$m=\d+,t=\d+,p=\d+\$")
    monkeypatch.undo()
    assert cost.match(passwords.NOBODYS_HASH)[0] == cost.match(alice.password_hash)[0]


def test_a_cookie_that_is_kept_after_signing_out_is_worth_nothing(client, app, alice):
    sign_in_with(client)
    thief = app.test_client()
    thief.set_cookie("caloria", cookie(client))
    assert is_signed_in(thief)

    client.post("/logout")

    assert not is_signed_in(thief)


def test_signing_in_begins_a_new_session_and_ends_the_one_before(client, app, alice):
    client.get("/login")
    before = cookie(client)
    sign_in_with(client)
    first = cookie(client)
    sign_in_with(client)

    thief = app.test_client()
    for old in (before, first):
        thief.set_cookie("caloria", old)
        assert not is_signed_in(thief)
    assert is_signed_in(client)
    assert len(db.session.scalars(select(Session)).all()) == 1


def test_a_password_hashed_more_cheaply_is_hashed_anew_at_sign_in(client, alice):
    alice.password_hash = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    db.session.commit()

    assert sign_in_with(client).status_code == 303

    assert ",t=2,p=1$" in db.session.scalar(select(User.password_hash))
    assert sign_in_with(client).status_code == 303


@pytest.mark.parametrize("wish", ["/foods?day=2026-11-21", "/diary/2026-11-21", "/targets/body"])
def test_who_was_on_the_way_somewhere_goes_on_there(client, alice, wish):
    asked = client.get(wish)

    response = client.post(asked.location, data={"email": "alice@example.org", "password": PASSWORD})

    assert response.location == wish


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//[evil",
        "//evil\u2100.example",
        "/a\r\nSet-Cookie: a=b",
        "/\u0000",
        "javascript:alert(1)",
        "evil",
        "",
    ],
)
def test_an_unreadable_way_on_leads_to_today(client, alice, elsewhere):
    response = sign_in_with(client, query_string={"next": elsewhere})

    assert (response.status_code, response.location) == (303, "/diary")


def test_signing_out_takes_a_form(sign_in, alice):
    browser = sign_in(alice)

    assert browser.get("/logout").status_code == 405
    assert browser.post("/logout", csrf=False).status_code == 422
    assert is_signed_in(browser)
