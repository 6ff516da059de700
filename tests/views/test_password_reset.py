import re
from datetime import timedelta
from email import message_from_bytes

import pytest
from sqlalchemy import func, select, update
from surroundings import PASSWORD
from working import do_jobs

from caloria.extensions import db, settings
from caloria.models import Job, PasswordReset, Session
from caloria.models.clock import utc_now
from caloria.models.password_reset import LASTS

ANOTHER = "another good password"


def ask(client, email="alice@example.org", **more):
    response = client.post("/password/forgotten", data={"email": email}, **more)
    do_jobs(client.application)
    return response


@pytest.fixture
def mails(app):
    """What lies in the outbox about passwords."""
    return lambda: [
        each for each in map(read, settings().mail_outbox.glob("*.eml")) if "assword" in each["Subject"]
    ]


def read(path):
    return message_from_bytes(path.read_bytes())


@pytest.fixture
def link(client, alice, mails):
    ask(client)
    return re.search(r"http://\S+(/password/reset/\S+)", mails()[-1].get_payload())[1]


def signs_in(app, password: str) -> bool:
    answer = app.test_client().post("/login", data={"email": "alice@example.org", "password": password})
    return answer.status_code == 303


def test_who_forgot_the_password_is_mailed_a_link(client, alice, mails):
    response = ask(client, " ALICE@example.org")

    assert (response.status_code, response.location) == (303, "/password/forgotten/sent")
    (mail,) = mails()
    assert mail["To"] == "alice@example.org"
    assert "Hello Alice" in mail.get_payload()


def test_in_development_the_page_says_where_the_mail_lies(client):
    page = client.get("/password/forgotten/sent").text

    assert f"<code>{settings().mail_outbox}</code>" in page


def test_the_link_sets_a_new_password_once(client, app, link):
    assert client.get(link).status_code == 200
    response = client.post(link, data={"password": ANOTHER})
    assert (response.status_code, response.location) == (303, "/login")

    assert signs_in(app, ANOTHER)
    assert not signs_in(app, PASSWORD)
    assert client.get(link).status_code == 404
    assert client.post(link, data={"password": "yet another password"}).status_code == 404
    assert signs_in(app, ANOTHER)


def test_a_new_password_signs_every_device_out(client, sign_in, alice, link):
    device = sign_in(alice)

    client.post(link, data={"password": ANOTHER})

    assert device.get("/account").status_code == 303
    assert db.session.scalars(select(Session)).all() == []


@pytest.mark.parametrize(("minutes", "works"), [(59, True), (61, False)])
def test_the_link_works_for_an_hour(client, app, link, minutes, works):
    asked_at = utc_now() - timedelta(minutes=minutes)
    db.session.execute(update(PasswordReset).values(created_at=asked_at))
    db.session.commit()

    assert (client.get(link).status_code == 200) is works
    client.post(link, data={"password": ANOTHER})
    assert signs_in(app, ANOTHER) is works


def test_the_link_ends_when_the_password_is_changed(client, app, sign_in, alice, link):
    sign_in(alice).post("/password/change", data={"current_password": PASSWORD, "password": ANOTHER})

    assert client.get(link).status_code == 404
    assert client.post(link, data={"password": "yet another password"}).status_code == 404
    assert signs_in(app, ANOTHER)


def test_using_one_link_ends_the_others(client, app, alice, link):
    ask(client)
    assert db.session.scalar(select(func.count()).select_from(PasswordReset)) == 2

    client.post(link, data={"password": ANOTHER})

    assert db.session.scalar(select(func.count()).select_from(PasswordReset)) == 0


def test_a_disabled_persons_link_does_nothing(client, alice, link, mails):
    alice.active = False
    db.session.commit()

    assert client.get(link).status_code == 404
    assert client.post(link, data={"password": ANOTHER}).status_code == 404
    ask(client)
    assert len(mails()) == 1


def test_a_bad_new_password_does_not_use_the_link_up(client, link):
    assert client.post(link, data={"password": "short"}).status_code == 422
    assert client.post(link, data={"password": ANOTHER}).status_code == 303


@pytest.mark.parametrize("token", ["x", "%00", "%ff%fe", "x" * 2000, "..%2f..", "\N{KIWIFRUIT}"])
def test_a_link_that_was_never_mailed_has_ended(client, token):
    assert client.get(f"/password/reset/{token}").status_code == 404
    assert client.post(f"/password/reset/{token}", data={"password": ANOTHER}).status_code == 404


def test_the_database_holds_no_link_that_works(client, link):
    stored = db.session.scalar(select(PasswordReset.token_hash))

    assert stored not in link
    assert link.rpartition("/")[2] not in db.session.scalar(select(Job.arguments))
    assert client.get(f"/password/reset/{stored}").status_code == 404


def test_the_link_leads_to_where_this_server_says_it_is(client, alice, mails, monkeypatch):
    monkeypatch.setattr(settings(), "public_url", "https://food.example.org")

    client.csrf_token()
    client.set_cookie("caloria", client.get_cookie("caloria").value, domain="evil.example")

    ask(client, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})

    assert "https://food.example.org/password/reset/" in mails()[0].get_payload()
    assert "evil.example" not in mails()[0].as_string()


def test_known_and_unknown_addresses_are_answered_alike(client, app, alice, statements):
    """What tells them apart is done later, and elsewhere."""
    seen = []
    for email in ("alice@example.org", "nobody@example.org"):
        statements.clear()
        response = app.test_client().post("/password/forgotten", data={"email": email})
        headers = [pair for pair in response.headers if pair[0] not in ("Set-Cookie", "X-Request-ID")]
        seen.append((response.status_code, response.data, headers, list(statements)))

    assert seen[0] == seen[1]
    assert db.session.scalar(select(func.count()).select_from(Job)) == 2


@pytest.mark.parametrize("email", ["alice@example.org", "nobody@example.org"])
def test_one_address_is_mailed_a_limited_number_of_links(client, alice, mails, email):
    answers = [ask(client, email) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert answers[-1].headers["Retry-After"] == "900"
    assert len(mails()) == (5 if email == alice.email else 0)


@pytest.mark.parametrize("why", ["late", "inactive"])
def test_no_link_is_mailed_that_would_not_work(app, alice, mails, why):
    Job.put("password_reset", user_id=str(alice.id), root="http://localhost/")
    if why == "late":
        db.session.execute(update(Job).values(created_at=utc_now() - LASTS - timedelta(minutes=1)))
    alice.active = why != "inactive"
    db.session.commit()
    do_jobs(app)
    assert mails() == []
    assert db.session.scalar(select(func.count()).select_from(PasswordReset)) == 0


def test_a_link_that_could_not_be_mailed_does_not_work(app, alice, monkeypatch):
    monkeypatch.setattr(settings(), "mail_outbox", None)
    Job.put("password_reset", user_id=str(alice.id), root="http://localhost/")
    db.session.commit()
    do_jobs(app)
    assert db.session.scalar(select(Job.last_error)) == "NoMailServer"
    assert db.session.scalar(select(func.count()).select_from(PasswordReset)) == 0
