"""A whole meal in one line of text."""

import pytest
from acts import arrive_at, entries, heading, meal, notice, press
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
    diary.get_by_label("Write what you ate").fill(LINE)
    diary.locator("#line-meal").select_option(label="Snacks")
    press(diary, "Read it")
    arrive_at(diary, "Is this right?")
    expect(diary.get_by_text("Not found, please choose")).to_contain_text("frobnicate")

    diary.get_by_label("How much: 2 eggs").fill("3")
    press(diary, "Add up again")
    expect(diary.get_by_label("How much: 2 eggs")).to_have_value("3")
    press(diary, "Log 2 foods")

    expect(heading(diary)).to_have_text("Today")
    expect(notice(diary)).to_contain_text("Logged 2 foods")
    expect(meal(diary, "Snacks")).to_contain_text("Rolled oats, dry")
    expect(entries(diary)).to_have_count(before + 2)
    notice(diary).get_by_role("button", name="Undo").click()
    expect(entries(diary)).to_have_count(before)
