"""The cookie that holds a session's token, and the token of its forms."""

import re

from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from surroundings import PASSWORD, ROOT

from caloria.extensions import db
from caloria.models import Session, User
from caloria.signing import PagesAlone
from config import Config

RENAMED = {
    "name": "Mallory",
    "time_zone": "UTC",
    "day_starts_at": "00:00",
    "units": "metric",
    "energy_unit": "kcal",
    "language": "en",
}


def sign_in_with(browser, **more):
    return browser.post("/login", data={"email": "alice@example.org", "password": PASSWORD, **more})


def is_signed_in(browser) -> bool:
    return browser.get("/account").status_code == 200


def test_a_form_of_before_signing_in_carries_a_token_of_before(client, alice):
    page = client.get("/login").text
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)[1]
    sign_in_with(client, csrf_token=token)

    response = client.post("/account", data={**RENAMED, "csrf_token": token}, csrf=False)

    assert response.status_code == 422
    assert db.session.scalar(select(User.name)) == "Alice"


def test_the_token_that_a_page_carries_opens_its_forms(sign_in, alice):
    browser = sign_in(alice)
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', browser.get("/account").text)[1]

    browser.post("/account", data={**RENAMED, "csrf_token": token}, csrf=False)

    assert db.session.scalar(select(User.name)) == "Mallory"


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


def test_a_cookie_of_before_the_key_was_changed_still_signs_in(client, app, alice, monkeypatch):
    sign_in_with(client)
    assert is_signed_in(client)
    for earlier, expected in ([app.secret_key], True), ([], False):
        monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", earlier)
        monkeypatch.setitem(app.config, "SECRET_KEY", "a key that was made later")
        monkeypatch.setattr(app, "session_interface", PagesAlone())
        assert is_signed_in(client) is expected


def test_a_page_sends_no_cookie_that_says_the_same(client, alice):
    sign_in_with(client)
    assert "Set-Cookie" in client.get("/account").headers  # it now knows the person's language

    assert "Set-Cookie" not in client.get("/account").headers


def test_scripts_and_other_sites_do_not_get_the_cookie(client, alice):
    said = sign_in_with(client).headers["Set-Cookie"]

    assert "HttpOnly" in said
    assert "SameSite=Lax" in said


def test_in_production_the_cookie_goes_over_tls_alone_and_to_this_host_alone():
    told = Config.load({"CALORIA_ENV": "production"}, root=ROOT).flask_settings()

    assert told["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert told["SESSION_COOKIE_SECURE"] is True
    assert "SESSION_COOKIE_DOMAIN" not in told
