"""Signing in, forgotten passwords and the account."""

import email
import re
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from acts import PASSWORD, heading, new_email, notice, press, sign_in, sign_up
from live_app import ROOT
from playwright.sync_api import expect
from serving import wait_for
from working import worker

OUTBOX = ROOT / "instance" / "outbox"


@pytest.fixture
def mail_to(live):
    """Wait for the one mail to an address about its password, read it, and take it out of the outbox."""

    def mail_to(address: str) -> str:
        with worker(live.database) as process:
            wait_for(lambda: mails(address), process)
        [path] = mails(address)
        text = read(path).get_content()
        path.unlink()
        return text

    return mail_to


def mails(address: str) -> list[Path]:
    found = {path: read(path) for path in OUTBOX.glob("*.eml")}
    return [path for path, mail in found.items() if mail["To"] == address and "password" in mail["Subject"]]


def read(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=default)


def test_a_wrong_password_keeps_the_e_mail_and_says_nothing_of_accounts(page, allowed):
    allowed.append("status of 422")
    sign_in(page, "demo@caloria.example", "not the one")
    known = page.locator("[data-errors]").inner_text()
    expect(page.get_by_label("E-mail")).to_have_value("demo@caloria.example")
    expect(page.get_by_label("Password")).to_have_value("")
    sign_in(page, "nobody@caloria.example", "not the one")

    assert page.locator("[data-errors]").inner_text() == known


def test_a_forgotten_password_is_replaced_through_a_mailed_link(page, open_page, zone, mail_to, allowed):
    allowed.append("status of 4")
    address = sign_up(page, zone, new_email("carol"))
    other = open_page()
    other.goto("/login")
    other.get_by_role("link", name="I forgot my password").click()
    other.get_by_label("E-mail").fill(address)
    press(other, "Mail me the link")
    expect(heading(other)).to_have_text("Look at your mail")

    link = re.search(r"http\S+", mail_to(address)).group()
    other.goto(link)
    other.get_by_label("New password").fill("a quite different bicycle")
    press(other, "Set the password")
    expect(notice(other)).to_contain_text("Your new password is set")
    sign_in(other, address, "a quite different bicycle")
    expect(heading(other)).to_have_text("Today")

    page.goto("/diary")
    expect(heading(page)).to_have_text("Welcome back")
    other.goto(link)
    expect(heading(other)).to_have_text("This link has ended")


def test_one_comes_back_to_where_one_was_going(page, zone):
    address = sign_up(page, zone)
    page.get_by_role("button", name="Sign out").click()
    page.goto("/account")
    page.get_by_label("E-mail").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")

    expect(heading(page)).to_have_text("Account")
    expect(page.get_by_role("main")).to_contain_text(f"You sign in as {address}.")


def test_what_was_typed_survives_being_signed_out_elsewhere(open_page, page, zone, allowed):
    allowed.append("status of 4")
    address = sign_up(page, zone)
    page.goto("/account")
    page.get_by_label("Your name").fill("Alice the Second")
    state = page.context.storage_state()
    other = open_page(storage_state=state)
    other.goto("/account")
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("link", name="Start a diary")).to_be_visible()

    press(page, "Save")
    expect(heading(page)).to_have_text("You were signed out in the meantime")
    expect(page.get_by_label("Name")).to_have_value("Alice the Second")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in on a new tab").click()
    opened.value.get_by_label("E-mail").fill(address)
    opened.value.get_by_label("Password").fill(PASSWORD)
    press(opened.value, "Sign in")
    expect(heading(opened.value)).to_have_text("Today")
    press(page, "Send it again")
    expect(heading(page)).not_to_have_text("You were signed out in the meantime")
    if heading(page).inner_text() == "This page was open for a long time":
        press(page, "Send it again")

    expect(heading(page)).to_have_text("Account")
    expect(page.get_by_label("Your name")).to_have_value("Alice the Second")
