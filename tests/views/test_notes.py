"""The note of a day, which two windows may write."""

from datetime import date

import pytest
from pages import Page

from caloria.models import Day, DayExtras
from caloria.models.day_note import note_digest

SATURDAY = date(2026, 11, 21)
NOTE = f"/diary/{SATURDAY}/note"


def noted(person, day=SATURDAY) -> str:
    return DayExtras(Day(person, day)).note


@pytest.fixture
def write(signed_in):
    """Write a note on a page that showed another."""
    return lambda text, seen="": signed_in.post(NOTE, data={"text": text, "seen": note_digest(seen)})


def test_a_note_is_kept_line_by_line_changed_and_emptied(alice, write):
    assert write("Slept badly.\r\n\r\nLong walk.").status_code == 303
    assert noted(alice) == "Slept badly.\n\nLong walk."

    assert write("", seen=noted(alice)).status_code == 303
    assert (noted(alice), noted(alice, date(2026, 11, 20))) == ("", "")


def test_what_another_window_wrote_meanwhile_is_shown_and_not_overwritten(signed_in, alice, write):
    write("From the phone")

    answer = write("From the laptop")

    assert answer.status_code == 422
    assert noted(alice) == "From the phone"
    page = Page(answer)
    assert "It says now: From the phone" in page.words
    assert "From the laptop" in page.words
    sent = page.form("/note").data
    assert signed_in.post(NOTE, data={**sent, "text": "From both"}).status_code == 303
    assert noted(alice) == "From both"


def test_the_same_note_again_is_no_conflict(alice, write):
    assert [write("Twice").status_code for _ in range(2)] == [303, 303]


def test_a_note_that_is_too_long_is_told_with_the_text_kept(alice, write):
    text = "word " * 1001

    answer = write(text)

    assert answer.status_code == 422
    assert text.strip() in answer.text
    assert noted(alice) == ""


def test_a_note_is_its_writers_own(sign_in, bob, alice, write):
    write("Mine")
    assert noted(bob) == ""
    assert "Mine" not in sign_in(bob).get(f"/diary/{SATURDAY}").text
