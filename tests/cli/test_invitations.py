"""`flask users invite` and `address`: whoever came from elsewhere without a password gets in."""

from email import message_from_bytes

import pytest
from sqlalchemy import select, update
from working import do_jobs

from caloria.extensions import db, settings
from caloria.models import Job, PasswordReset, Signup, User, passwords
from caloria.models.passwords import NOBODYS_HASH
from caloria.models.server import the_time
from caloria.models.signin import Signin
from caloria.operations import invitations

NOWHERE = "5491155550002@no-address.invalid"


@pytest.fixture
def app(make_app):
    """Ana and Bea came from elsewhere; where Bea gets mail is not known. Cem signed up here."""
    app = make_app(PUBLIC_URL="https://caloria.example.org")
    with app.app_context():
        for name, email in (("Ana", "ana@example.org"), ("Bea", NOWHERE)):
            arrived = Signup(name, email, "never chosen by anybody", "UTC", language="es").complete()
            arrived.password_hash = NOBODYS_HASH
        Signup("Cem", "cem@example.org", "chose one long ago", "UTC").complete()
        db.session.commit()
        yield app


def run(app, *words: str):
    """The command, and what it wants to be done."""
    told = app.test_cli_runner().invoke(args=["users", *words])
    do_jobs(app)
    return told


def failed() -> str:
    """What went wrong with the one mail that could not be sent."""
    return db.session.scalars(select(Job.last_error).where(Job.last_error.is_not(None))).one()


def mailed() -> list[str]:
    found = [message_from_bytes(path.read_bytes()) for path in settings().mail_outbox.glob("*.eml")]
    return sorted(f"{mail['To']}: {mail.get_payload(decode=True).decode()}" for mail in found)


def test_everybody_without_a_password_is_mailed_once_in_their_language(app):
    told = run(app, "invite")
    assert told.exit_code == 0
    assert "for a worker to send: 1." in told.output
    assert f"flask users address {NOWHERE} NEW" in told.output
    run(app, "invite")
    [mail] = mailed()
    assert mail.startswith("ana@example.org: Hola, Ana")
    assert "https://caloria.example.org/password/forgotten" in mail


def test_who_gets_an_address_is_mailed_there(app):
    assert run(app, "address", NOWHERE, "Bea@example.org").exit_code == 0
    assert run(app, "invite").exit_code == 0
    assert [mail.partition(":")[0] for mail in mailed()] == ["Bea@example.org", "ana@example.org"]
    assert db.session.scalar(User.with_email("bea@EXAMPLE.org")).name == "Bea"


def test_who_was_mailed_at_a_wrong_address_is_mailed_again_at_the_right_one(app):
    run(app, "invite")
    assert "signed out everywhere" in run(app, "address", "ana@example.org", "ana@example.net").output
    run(app, "invite")
    assert [mail.partition(":")[0] for mail in mailed()] == ["ana@example.net", "ana@example.org"]


def test_a_link_in_the_mail_of_the_old_address_is_worthless(app):
    token = PasswordReset.begin(db.session.scalar(User.with_email("cem@example.org")))
    db.session.commit()
    run(app, "address", "cem@example.org", "cem@example.net")
    assert PasswordReset.holder(token) is None


@pytest.mark.parametrize("address", ["añ a\r\n@example.org", "añ@[x"])
def test_one_refused_address_holds_up_nobody(app, address):
    db.session.scalar(User.with_email("ana@example.org")).set_email(address)
    db.session.commit()
    run(app, "address", NOWHERE, "bea@example.org")
    assert "for a worker to send: 2." in run(app, "invite").output
    assert "or given up: 1." in run(app, "invite").output
    assert failed() == "ValueError"
    assert [mail.partition(":")[0] for mail in mailed()] == ["bea@example.org"]


def test_nobody_signs_in_without_having_chosen_a_password(app, monkeypatch):
    """Not even whoever knew of what the mark is that stands in its place."""
    known = passwords.hashed("somebody knows it")
    monkeypatch.setattr(passwords, "NOBODYS_HASH", known)
    ana = db.session.scalar(User.with_email("ana@example.org"))
    ana.password_hash = known
    assert Signin(ana.email, "somebody knows it", None).person() is None
    ana.set_password("somebody knows it")
    assert Signin(ana.email, "somebody knows it", None).person() is ana


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (NOWHERE, "Ana@example.org", "There is an account for Ana@example.org already."),
        ("nobody@example.org", "dan@example.org", "There is no account for nobody@example.org."),
        (NOWHERE, "no address", "e-mail"),
    ],
)
def test_an_address_that_cannot_be_given_changes_nothing(app, old, new, words):
    before = db.session.scalars(select(User.email).order_by(User.email)).all()
    told = run(app, "address", old, new)
    assert told.exit_code == 1
    assert words in told.output
    assert db.session.scalars(select(User.email).order_by(User.email)).all() == before


def test_a_mail_server_that_does_not_answer_is_asked_again(app, monkeypatch):
    monkeypatch.setattr(settings(), "mail_outbox", None)
    monkeypatch.setattr(settings(), "mail_server", "127.0.0.1")
    monkeypatch.setattr(settings(), "mail_port", 1)
    run(app, "invite")
    assert failed() == "ConnectionRefusedError"
    monkeypatch.undo()
    db.session.execute(update(Job).values(due_at=the_time()))
    db.session.commit()
    do_jobs(app)
    assert len(mailed()) == 1


@pytest.mark.parametrize(("setting", "value"), [("public_url", None), ("mail_outbox", None)])
def test_where_no_mail_can_be_sent_none_is_promised(app, monkeypatch, setting, value):
    monkeypatch.setattr(settings(), setting, value)
    told = run(app, "invite")
    assert told.exit_code == 1
    assert "is not set" in told.output
    assert db.session.scalars(select(Job)).all() == []


def test_who_was_invited_chooses_a_password_and_signs_in(app):
    token = PasswordReset.begin(db.session.scalar(User.with_email("ana@example.org")))
    assert PasswordReset.use(token, "three meals a day")
    db.session.commit()
    assert Signin("ana@example.org", "three meals a day", None).person().name == "Ana"
    assert [user.name for user, _key in invitations.waiting()] == ["Bea"]
