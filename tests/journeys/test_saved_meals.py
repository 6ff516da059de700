"""A meal that is had often, and a glass of water: one tap each."""

import re

from acts import add_found, arrive_at, energy, entry, meal, notice, sign_up, skip_body
from playwright.sync_api import expect


def test_a_meal_is_saved_and_had_again_the_next_day_with_a_glass_of_water(page, zone):
    sign_up(page, zone)
    skip_body(page)
    add_found(page, "rolled oats", "Rolled oats, dry", to="Breakfast")
    once = energy(entry(page, "Rolled oats, dry"))
    meal(page, "Breakfast").get_by_label("More for breakfast").click()
    meal(page, "Breakfast").get_by_role("link", name="Save as a meal").click()
    page.get_by_label("Name").fill("Porridge")
    page.get_by_role("button", name=re.compile("^Save 1 food")).click()
    arrive_at(page, "Today")
    expect(notice(page)).to_contain_text("Saved as “Porridge”")

    page.get_by_role("link", name="The day after").click()
    expect(page.get_by_role("link", name="Go to today")).to_be_visible()
    page.wait_for_load_state()
    page.get_by_role("button", name=re.compile("^Log Porridge")).click()

    expect(notice(page)).to_contain_text("Logged “Porridge”")
    assert energy(entry(page, "Rolled oats, dry")) == once

    page.get_by_role("button", name=re.compile("^Drank 250")).click()
    expect(page.locator("#water .water__amount")).to_have_text(re.compile("^250"))
    notice(page).get_by_role("button", name="Undo").click()
    expect(page.locator("#water .water__amount")).to_have_text(re.compile("^0"))
    expect(entry(page, "Rolled oats, dry")).to_have_count(1)
