"""A whole meal in one line of text."""

import pytest
from acts import entries, heading, meal, notice, press
from playwright.sync_api import expect

LINE = "2 eggs, 60 g oats and a frobnicate"


@pytest.fixture
def diary(open_page, cookies_of):
    """The demo person's diary, on the day that is today."""
    page = open_page(storage_state=cookies_of("demo"))
    page.goto("/diary")
    return page


def test_a_line_is_checked_and_logged_and_taken_back(diary):
    before = entries(diary).count()
    diary.get_by_label("Add to", exact=True).select_option(label="Snacks")
    diary.get_by_label("Search foods").fill(LINE)
    expect(diary.get_by_text("Not found, please choose")).to_contain_text("frobnicate")

    diary.get_by_label("How much: 2 eggs").fill("3")
    press(diary, "Log 2 foods")

    expect(heading(diary)).to_have_text("Today")
    expect(notice(diary)).to_contain_text("Logged 2 foods")
    expect(meal(diary, "Snacks")).to_contain_text("Rolled oats, dry")
    expect(entries(diary)).to_have_count(before + 2)
    notice(diary).get_by_role("button", name="Undo").click()
    expect(entries(diary)).to_have_count(before)
