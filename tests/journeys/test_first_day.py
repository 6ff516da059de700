"""A stranger's first day, from the front door to signing out."""

import pytest
from acts import (
    add_found,
    add_quick,
    arrive_at,
    change_amount,
    delete,
    energy,
    entries,
    entry,
    heading,
    left,
    meal,
    notice,
    number,
    press,
    sign_up,
    tell_body,
)
from looks import DESKTOP_DARK, PHONE, PHONE_DARK
from playwright.sync_api import Page, expect

OATS = "Rolled oats, dry"


def accept_target(page: Page) -> float:
    """Take the target that is proposed."""
    suggested = number(heading(page).inner_text())
    assert 1200 < suggested < 3500
    expect(page.get_by_role("main")).to_contain_text("not medical advice")
    press(page, "Use this target")
    arrive_at(page, "Today")
    assert left(page) == suggested
    return suggested


def log_a_day(page: Page, target: float, has_scripts: bool = True) -> None:
    add_found(page, "rolled oat", OATS, to="Breakfast")
    if has_scripts:
        # What is usual at the chosen meal comes a moment later, and moves what stands below it.
        expect(page.get_by_role("heading", name="Usual at breakfast")).to_be_visible()
    oats = energy(entry(page, OATS))
    assert left(page) == pytest.approx(target - oats, abs=1)

    add_quick(page, "300", to="Lunch")
    assert energy(meal(page, "Lunch")) == 300
    assert left(page) == pytest.approx(target - oats - 300, abs=1)

    change_amount(page, OATS, "0,5")
    assert energy(entry(page, OATS)) == pytest.approx(oats / 2, abs=1)
    assert left(page) == pytest.approx(target - oats / 2 - 300, abs=1)


def change_ones_mind(page: Page) -> None:
    before = left(page)
    delete(page, OATS)
    expect(entry(page, OATS)).to_have_count(0)
    assert left(page) > before
    page.get_by_role("button", name="Undo").click()
    expect(entry(page, OATS)).to_have_count(1)
    assert left(page) == before


def look_at_yesterday(page: Page) -> None:
    logged = left(page)
    page.get_by_role("link", name="The day before").click()
    expect(heading(page)).not_to_have_text("Today")
    expect(entries(page)).to_have_count(0)
    page.get_by_role("link", name="The day after").click()
    expect(heading(page)).to_have_text("Today")
    assert left(page) == logged


def the_page_says_what_is_left(page: Page) -> None:
    summary = page.get_by_role("region", name="What is left")
    expect(summary.locator(".nutrient").filter(has_text="Protein")).to_contain_text("/ ")
    eaten = page.locator(".ring__fill")
    assert 0 < number(eaten.get_attribute("stroke-dasharray")) < 100
    fill = summary.locator(".nutrient").filter(has_text="Carbs").locator(".bar__fill")
    assert 0 < number(fill.get_attribute("width")) < 100


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Start a diary")).to_be_visible()


def back_shows_nothing_personal(page: Page) -> None:
    page.go_back()
    expect(page.get_by_label("E-mail")).to_be_visible()
    assert OATS not in page.content()


def live_a_first_day(page: Page, zone: str, has_scripts: bool = True) -> None:
    sign_up(page, zone)
    tell_body(page)
    target = accept_target(page)
    log_a_day(page, target, has_scripts)
    change_ones_mind(page)
    look_at_yesterday(page)
    the_page_says_what_is_left(page)
    sign_out(page)
    back_shows_nothing_personal(page)


@pytest.mark.parametrize("look", [PHONE, DESKTOP_DARK], ids=str)
def test_a_stranger_signs_up_and_logs_a_day(look, open_page, zone):
    live_a_first_day(open_page(look), zone)


def test_all_of_it_works_without_javascript(open_page, zone):
    live_a_first_day(open_page(PHONE_DARK, java_script_enabled=False), zone, has_scripts=False)


def test_the_browser_proposes_the_time_zone_that_one_is_in(open_page):
    page = open_page(timezone_id="Asia/Tokyo")

    page.goto("/signup")

    expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")


def test_whatever_was_told_about_the_body_may_be_skipped(page, zone):
    sign_up(page, zone)
    page.get_by_role("link", name="Skip this").click()

    expect(page.locator(".ring__text")).to_contain_text("0 kcal eaten")
    expect(page.get_by_role("link", name="Set a target")).to_be_visible()
    expect(notice(page)).to_have_count(0)
