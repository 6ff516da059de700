"""`flask users export|erase|disable|enable|promote|demote`."""

from stat import S_IMODE
from zipfile import ZipFile

import pytest

from caloria.extensions import db
from caloria.models import AuditEvent, Erasure, Session, User


@pytest.fixture
def users(runner):
    return lambda *words, **more: runner.invoke(args=["users", *words], **more)


def test_an_export_is_written_once_for_nobody_else_to_read(users, alice, bob, tmp_path):
    to = tmp_path / "alice.zip"

    assert users("export", alice.email, "--to", str(to)).exit_code == 0

    assert S_IMODE(to.stat().st_mode) == 0o600
    people = ZipFile(to).read("users.csv").decode()
    assert (alice.email in people, bob.email in people) == (True, False)
    again = users("export", str(alice.id), "--to", str(to))
    assert (again.exit_code, "was not written" in again.output) == (1, True)


def test_erasing_takes_the_address_once_more(users, alice):
    number = alice.id
    wrong = users("erase", alice.email, input="bob@example.org\n")
    assert (wrong.exit_code, db.session.query(User).count()) == (1, 1)

    right = users("erase", alice.email, input="Alice@example.org\n")

    assert (right.exit_code, db.session.query(User).count()) == (0, 0)
    assert f"The account {number} is deleted." in right.output
    assert db.session.get(Erasure, number)


def test_an_account_is_disabled_signed_out_and_enabled(users, alice, sign_in):
    browser = sign_in(alice)
    assert users("disable", alice.email).exit_code == 0
    assert browser.get("/account").status_code == 303
    assert db.session.query(Session).count() == 0

    assert users("enable", alice.email).exit_code == 0

    assert browser.get("/account").status_code == 303
    assert sign_in(alice).get("/account").status_code == 200


def test_an_admin_is_made_and_unmade_and_that_is_noted(users, alice, ada):
    assert users("promote", alice.email).exit_code == 0
    assert (alice.is_admin, users("demote", alice.email).exit_code, alice.is_admin) == (True, 0, False)

    acts = [each.act for each in db.session.query(AuditEvent).filter_by(object=f"user {alice.id}")]
    assert acts[-2:] == ["promote", "demote"]


@pytest.mark.parametrize("act", ["demote", "disable", "erase"])
def test_the_only_admin_stays_one(users, ada, alice, act):
    refused = users(act, ada.email, *(["--yes"] if act == "erase" else []))

    assert (refused.exit_code, "the only admin" in refused.output) == (1, True)
    assert db.session.query(User).filter_by(is_admin=True, active=True).count() == 1


def test_who_is_not_there_is_said(users, app):
    assert "There is no account for nobody@example.org" in users("promote", "nobody@example.org").output
