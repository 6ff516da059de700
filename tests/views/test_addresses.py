"""The address of an account: confirmed by a mailed link, and changed by one."""

import re
from datetime import timedelta
from email import policy
from email.parser import BytesParser

import pytest
from pages import Page
from surroundings import PASSWORD
from working import do_jobs

from caloria.extensions import db, settings
from caloria.models import EmailConfirmation, Job, Session
from caloria.models.clock import utc_now
from caloria.models.ids import new_id

NEW = "alice-b@example.org"


@pytest.fixture
def mailed(app):
    """Have every mail that waits sent; give those that came for an address, each as its text."""

    def mailed(to: str) -> list[str]:
        do_jobs(app)
        files = settings().mail_outbox.glob("*.eml") if settings().mail_outbox.is_dir() else ()
        mails = [BytesParser(policy=policy.default).parsebytes(file.read_bytes()) for file in files]
        return [mail.get_content() for mail in mails if mail["To"] == to]

    return mailed


@pytest.fixture
def asked(signed_in):
    """Alice has asked for another address."""
    assert signed_in.post("/account/email", data={"email": NEW}).status_code == 303
    return signed_in


def link_in(mails: list[str]) -> str:
    return re.search(r"http://[^/]+(/email-confirmations/\S+)", "\n".join(mails))[1]


def press(browser, link: str):
    form = Page(browser.get(link)).form(link)
    return browser.post(form.action, data=form.data)


def test_who_signs_up_is_mailed_a_link_that_confirms_the_address(client, mailed):
    carol = {"id": new_id(), "name": "Carol", "email": "carol@example.org", "password": PASSWORD}
    for _ in range(2):
        assert client.post("/signup", data={**carol, "time_zone": "UTC"}).status_code == 303
    mails = mailed("carol@example.org")
    assert len(mails) == 1
    assert "not confirmed yet" in client.get("/account").text

    assert press(client, link_in(mails)).location == "/account"

    assert "Your address is confirmed" in client.get("/account").text
    assert "not confirmed yet" not in client.get("/account").text


def test_it_is_sent_again_a_few_times(signed_in, alice, mailed):
    again = [signed_in.post("/account/email-links").status_code for _ in range(6)]

    assert again == [303] * 5 + [429]
    assert len(mailed(alice.email)) == 5


def test_an_address_changes_once_its_link_is_opened_and_confirmed(asked, alice, mailed, app):
    assert "somebody, hopefully you" in " ".join(mailed("alice@example.org")[0].split())
    link = link_in(mailed(NEW))
    assert app.test_client().get(link).status_code == 200  # as a program that looks through mails does
    db.session.refresh(alice)
    assert alice.email == "alice@example.org"

    assert press(app.test_client(), link).location == "/login"

    db.session.refresh(alice)
    assert (alice.email, alice.email_key, bool(alice.email_confirmed_at)) == (NEW, NEW, True)
    assert "signs nobody in any more" in mailed("alice@example.org")[-1] + mailed("alice@example.org")[0]
    assert any("is the address of your account" in each for each in mailed(NEW))
    assert asked.get(link).status_code == 404


def test_an_address_of_somebody_else_is_not_given_away(asked, bob, alice, mailed):
    answer = asked.post("/account/email", data={"email": bob.email})

    assert (answer.status_code, answer.location) == (303, "/account/email")
    assert Page(asked.get("/account/email")).words.count(bob.email) == 1
    told = mailed(bob.email)
    assert len(told) == 1
    assert "email-confirmations" not in told[0]
    assert "already" in told[0]


def test_an_address_that_was_taken_meanwhile_is_not_had_twice(asked, make_person, alice, mailed):
    link = link_in(mailed(NEW))
    make_person("Carol").set_email(NEW)
    db.session.commit()

    answer = press(asked, link)

    assert (answer.status_code, "another account" in answer.text) == (404, True)
    db.session.refresh(alice)
    assert alice.email == "alice@example.org"


def end_by_age(_browser):
    db.session.query(EmailConfirmation).update({"created_at": utc_now() - timedelta(hours=25)})
    db.session.commit()


def end_by_password(browser):
    changed = {"current_password": PASSWORD, "password": "another good password"}
    assert browser.post("/password/change", data=changed).status_code == 303


def end_by_another_wish(browser):
    assert browser.post("/account/email", data={"email": "third@example.org"}).status_code == 303


@pytest.mark.parametrize("end", [end_by_age, end_by_password, end_by_another_wish])
def test_a_link_ends_with_the_day_the_password_and_another_wish(asked, mailed, end):
    link = link_in(mailed(NEW))

    end(asked)

    assert asked.get(link).status_code == asked.post(link).status_code == 404


def test_without_mail_nothing_is_asked_for_and_the_page_says_so(signed_in, monkeypatch):
    monkeypatch.setattr(settings(), "mail_outbox", None)

    assert signed_in.post("/account/email", data={"email": NEW}).status_code == 422
    assert "cannot send mail yet" in signed_in.get("/account/email").text
    assert signed_in.post("/account/email-links").status_code == 303
    assert db.session.query(Job).count() == 0


def test_a_change_of_address_needs_a_password_given_lately(signed_in, alice):
    db.session.query(Session).update({"confirmed_at": utc_now() - timedelta(minutes=16)})
    db.session.commit()

    kept = signed_in.post("/account/email", data={"email": NEW})
    assert (kept.status_code, NEW in kept.text) == (401, True)
    form = Page(kept).form("/account/email")
    sent = signed_in.post(form.action, data=form.data | {"confirmation_password": PASSWORD})

    assert sent.status_code == 303
    assert EmailConfirmation.wanted_by(alice) == NEW
