"""The same person on two pages at once, and a session that ends meanwhile: nothing that was typed is lost."""

import re

import pytest
from acts import arrive_at, change_amount, energy, entry, heading, log_line, notice, press, sign_in
from playwright.sync_api import Page, expect

OATS = "Rolled oats, dry"
DEMO, PASSWORD = "demo@caloria.example", "four-meals-a-day"


@pytest.fixture
def pages(open_page, cookies_of, free_day, allowed) -> tuple[Page, Page]:
    """Two windows on the same day of the demo person."""
    allowed.append("status of 422")
    page = open_page(storage_state=cookies_of("demo"))
    page.goto(f"/diary/{free_day}")
    return page, page.context.new_page()


def write_note(page: Page, text: str) -> None:
    """Write a note that is not saved yet."""
    if not page.get_by_label("What is worth remembering?").is_visible():
        page.locator("#day-note summary").click()
    page.get_by_label("What is worth remembering?").fill(text)


def test_an_amount_that_was_changed_elsewhere_meanwhile_is_told_and_the_typed_one_kept(pages):
    here, there = pages
    log_line(here, "60 g oats", to="Breakfast")
    entry(here, OATS).locator("a.item").click()
    entry(here, OATS).get_by_label("Amount").fill("70")
    there.goto(here.url)
    change_amount(there, OATS, "80")

    entry(here, OATS).get_by_role("button", name="Save").click()
    arrive_at(here, OATS)
    expect(here.locator("[data-errors]")).to_contain_text("changed to 80 on another page")
    expect(here.get_by_label("Amount")).to_have_value("70")
    press(here, "Save")

    expect(notice(here)).to_contain_text(f"Changed {OATS} to 265 kcal.")
    assert energy(entry(here, OATS)) == 265
    here.get_by_role("link", name="What was done").click()
    arrive_at(here, "What was done")
    expect(here.locator(".history li").filter(has_text=f"Changed {OATS}")).to_have_count(2)


def test_a_note_that_was_changed_elsewhere_meanwhile_is_shown_and_not_overwritten(pages):
    here, there = pages
    there.goto(here.url)
    write_note(there, "A long walk.")
    press(there, "Save the note")
    expect(notice(there)).to_contain_text("The note is saved")

    write_note(here, "A short swim.")
    press(here, "Save the note")
    expect(here.locator("[data-errors]")).to_contain_text("A long walk.")
    expect(here.get_by_label("What is worth remembering?")).to_have_value("A short swim.")
    press(here, "Save the note")
    expect(notice(here)).to_contain_text("The note is saved")

    there.reload()
    expect(there.get_by_label("What is worth remembering?")).to_have_value("A short swim.")


def test_what_was_typed_when_the_session_ended_is_sent_after_signing_in_again(
    open_page, page, free_day, allowed
):
    allowed.append("status of 4")
    sign_in(page, DEMO, PASSWORD)
    arrive_at(page, "Today")
    noted = page.context.new_page()
    for each in (page, noted):
        each.goto(f"/diary/{free_day}")
    page.locator("#quick summary").click()
    page.get_by_label("Energy (kcal)").fill("345")
    write_note(noted, "A long walk.\nA short swim.")
    end_session(open_page(storage_state=page.context.storage_state()))

    page.get_by_label("Energy (kcal)").press("Enter")
    press(noted, "Save the note")
    for each in (page, noted):
        expect(heading(each)).to_have_text("You were signed out in the meantime")
    expect(page.get_by_label("Energy kcal")).to_have_value("345")
    expect(noted.get_by_label("Text")).to_have_value("A long walk.\nA short swim.")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in on a new tab").click()
    sign_in(opened.value, DEMO, PASSWORD)
    arrive_at(opened.value, "Today")

    send_again(page)
    expect(notice(page)).to_contain_text("Logged Quick calories, 345 kcal.")
    send_again(noted)
    expect(noted.get_by_label("What is worth remembering?")).to_have_value("A long walk.\nA short swim.")


def end_session(elsewhere: Page) -> None:
    elsewhere.goto("/account")
    elsewhere.get_by_role("button", name="Sign out").click()
    expect(elsewhere.get_by_role("link", name="Start a diary")).to_be_visible()


def send_again(page: Page) -> None:
    """Send what the page kept: the form of before signing in may be too old for the session after it."""
    press(page, "Send it again")
    expect(heading(page)).not_to_have_text("You were signed out in the meantime")
    if re.search("open for a long time", heading(page).inner_text()):
        press(page, "Send it again")
