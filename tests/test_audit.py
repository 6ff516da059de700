"""What is noted of what people and operators do."""

import re

import pytest
from pages import Page
from sqlalchemy import select
from surroundings import PASSWORD

from caloria import access
from caloria.extensions import db
from caloria.models import AuditEvent, signin
from caloria.models.audit_event import MASK


def events() -> list[AuditEvent]:
    return list(db.session.scalars(select(AuditEvent).order_by(AuditEvent.sequence)))


def acts() -> list[str]:
    return [event.act for event in events()]


@pytest.fixture
def sign_in_with(client):
    return lambda email, password=PASSWORD: client.post("/login", data={"email": email, "password": password})


def test_signing_in_and_out_is_noted_with_person_server_and_request(client, app, alice, sign_in_with):
    before = len(events())
    answer = sign_in_with("alice@example.org")
    client.post("/logout")

    signed_in, signed_out = events()[before:]
    assert (signed_in.act, signed_in.actor, signed_in.object) == ("sign-in", *[f"user {alice.id}"] * 2)
    assert (signed_out.act, signed_out.actor) == ("sign-out", f"user {alice.id}")
    assert signed_in.server == app.extensions["caloria_config"].server
    assert signed_in.request_id == answer.headers["X-Request-ID"] != signed_out.request_id
    assert signed_in.sequence < signed_out.sequence


@pytest.mark.parametrize(
    ("email", "object_"), [("alice@example.org", "user {}"), ("nobody@example.org", "an unknown account")]
)
def test_a_refused_sign_in_is_noted_without_the_address(alice, sign_in_with, email, object_):
    assert sign_in_with(email, "wrong password").status_code == 422

    event = events()[-1]
    assert (event.act, event.actor) == ("sign-in refused", "visitor")
    assert event.object == object_.format(alice.id)
    assert "@" not in str([event.object, event.before, event.after])


def test_another_password_is_noted_and_is_not_told(sign_in, alice):
    data = {"current_password": PASSWORD, "password": "another horse battery"}
    assert sign_in(alice).post("/password/change", data=data).status_code == 303

    assert "password change" in acts()
    assert "horse" not in str([(event.before, event.after) for event in events()])


def test_what_did_not_happen_is_not_noted(client, alice, app):
    before = acts()
    form = {"name": "Alice", "email": "alice@example.org", "password": PASSWORD, "time_zone": "UTC"}
    client.post("/signup", data=form)
    AuditEvent.note("try", "nothing")
    db.session.rollback()

    assert acts() == before


def test_secrets_are_masked_by_their_names(app):
    AuditEvent.note("try", "nothing", before={"password_hash": "x", "name": "y"}, after={"api_token": "z"})
    db.session.flush()

    assert (events()[-1].before, events()[-1].after) == (
        {"password_hash": MASK, "name": "y"},
        {"api_token": MASK},
    )


def test_an_admins_page_is_for_admins_and_who_else_asks_is_noted(sign_in, alice, ada):
    assert sign_in(ada).get("/admin/database").status_code == 200
    assert sign_in(alice).get("/admin/database").status_code == 403

    event = events()[-1]
    assert (event.act, event.actor) == ("admin page refused", f"user {alice.id}")


def test_nobody_fills_the_audit_at_will(sign_in, alice, sign_in_with, monkeypatch):
    monkeypatch.setattr(signin, "NOTED_AT_MOST", 3)
    browser = sign_in(alice)
    for _ in range(access.NOTED_AT_MOST + 2):
        assert browser.get("/admin/database").status_code == 403
    for number in range(5):
        assert sign_in_with(f"nobody{number}@example.org").status_code == 422

    assert acts().count("admin page refused") == access.NOTED_AT_MOST
    assert acts().count("sign-in refused") == 3


def test_commands_are_noted_with_their_operator(runner):
    created = ["users", "create", "--email", "cy@example.org", "--name", "Cy", "--password", PASSWORD]
    assert runner.invoke(args=[*created, "--admin"]).exit_code == 0
    event = events()[-1]
    assert (event.act, event.after) == ("sign-up", {"is_admin": True})
    assert re.match(r"operator \S", event.actor)

    assert runner.invoke(args=created).exit_code == 1
    refused = events()[-1]
    assert (refused.act, refused.object, refused.after) == (
        "command refused",
        "users create",
        {"exit_code": 1},
    )


def test_what_a_person_eats_is_not_noted(sign_in, alice, oats):
    before = len(events())
    browser = sign_in(alice)
    form = Page(browser.get(f"/foods/{oats.id}")).form("/entries", "amount")
    assert browser.post(form.action, data=form.data | {"amount": "50"}).status_code == 303

    assert acts()[before:] == ["sign-in"]
