import re

import pytest
from argon2 import PasswordHasher
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from surroundings import PASSWORD, ROOT

from caloria.extensions import db
from caloria.models import Session, User, passwords
from config import Config

RENAMED = {"name": "Mallory", "time_zone": "UTC", "day_starts_at": "00:00", "units": "metric"}


def sign_in_with(browser, email="alice@example.org", password=PASSWORD, **more):
    return browser.post("/login", data={"email": email, "password": password}, **more)


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


def test_a_form_of_before_signing_in_carries_a_token_of_before(client, alice):
    token = client.csrf_token()
    sign_in_with(client)

    response = client.post("/account", data={**RENAMED, "csrf_token": token})

    assert response.status_code == 422
    assert db.session.scalar(select(User.name)) == "Alice"


def test_one_persons_form_token_is_not_anothers(sign_in, alice, bob):
    alices, bobs = sign_in(alice), sign_in(bob)
    for browser in (alices, bobs):
        browser.get("/account")
        with browser.session_transaction() as session:
            session.pop("csrf_token", None)
        browser.get("/account")

    response = alices.post("/account", data={**RENAMED, "csrf_token": bobs.csrf_token()})

    assert response.status_code == 422
    assert "Mallory" not in db.session.scalars(select(User.name)).all()


def test_the_database_holds_no_token_that_signs_in(client, alice):
    sign_in_with(client)

    stored = db.session.scalar(select(Session.token_hash))

    with client.session_transaction() as session:
        assert session["_user_id"] != stored
        session["_user_id"] = stored
    assert not is_signed_in(client)


def test_a_forged_cookie_signs_nobody_in(client, app, alice):
    for key, holder in ((app.secret_key, str(alice.id)), (app.secret_key, "1"), ("dev", "1")):
        serializer = app.session_interface.get_signing_serializer(app)
        forger = URLSafeTimedSerializer(
            key, "cookie-session", serializer.serializer, signer_kwargs=serializer.signer_kwargs
        )
        client.set_cookie("caloria", forger.dumps({"_user_id": holder, "_fresh": True}))
        assert not is_signed_in(client), (key, holder)
    for nonsense in ("", "x", "..", "a.b.c", "x" * 3000):
        client.set_cookie("caloria", nonsense)
        assert not is_signed_in(client), nonsense


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


def test_scripts_and_other_sites_do_not_get_the_cookie(client, alice):
    said = sign_in_with(client).headers["Set-Cookie"]

    assert "HttpOnly" in said
    assert "SameSite=Lax" in said


def test_in_production_the_cookie_goes_over_tls_alone_and_to_this_host_alone():
    told = Config.load({"CALORIA_ENV": "production"}, root=ROOT).flask_settings()

    assert told["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert told["SESSION_COOKIE_SECURE"] is True
    assert "SESSION_COOKIE_DOMAIN" not in told
