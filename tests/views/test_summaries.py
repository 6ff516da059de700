"""A range of a diary on one page, for somebody else to read."""

from datetime import date, timedelta

import pytest
from pages import Page

from caloria.extensions import db
from caloria.models import Day, Measurement, Summary, Target, Weight
from caloria.models.ids import new_id

PAGE = "/trends/summary"


def eat(person, day: date, kcal: float) -> None:
    of_day = Day(person, day)
    of_day.log_quick("Soup", {"energy_kcal": kcal}, of_day.meals[0].meal, new_id(), "digest")


def lived(person, until: date) -> None:
    """Forty days of eating, weighing and measuring up to a day."""
    Target.set(person, until - timedelta(days=60), {"energy_kcal": 2000.0}, new_id(), "digest")
    for back in range(40):
        day = until - timedelta(days=back)
        eat(person, day, 1900)
        Weight.log(person, day, 70 + back / 10, new_id(), "digest")
        tape = {"day": day, "name": "Waist", "unit": "cm", "amount": 80 + back / 10}
        db.session.add(Measurement(user_id=person.id, id=new_id(), **tape))
    db.session.commit()


def test_a_summary_says_what_a_range_of_long_ago_was(signed_in, alice):
    until = alice.today() - timedelta(days=400)
    lived(alice, until)

    summary = Summary(alice, until - timedelta(days=29), until)
    page = Page(signed_in.get(f"{PAGE}?from={summary.since}&to={until}"))

    assert "30 days" in page.words
    # The last day of it is over, although nobody would know by its own date.
    assert (len(summary.complete_days), summary.logged_days) == (30, 30)
    (waist,) = summary.measured
    assert (round(waist.first, 1), waist.last, waist.times) == (82.9, 80.0, 30)
    assert summary.weight.change_kg < -2
    assert summary.expenditure.complete_days == 28
    for words in (
        "1,900 kcal",
        "2,000 kcal",
        "Waist 82.9 cm 80 cm 30",
        "Lowest nutrients",
        "complete days, of 30",
    ):
        assert words in page.words


def test_what_came_after_a_range_says_nothing_in_it(signed_in, alice):
    until = alice.today() - timedelta(days=400)
    lived(alice, until)
    before = Summary(alice, until - timedelta(days=29), until)
    said = (before.averages, before.expenditure, before.measured)
    Weight.log(alice, until + timedelta(days=1), 120, new_id(), "digest")
    eat(alice, until + timedelta(days=2), 9000)
    db.session.commit()

    after = Summary(alice, until - timedelta(days=29), until)

    assert (after.averages, after.expenditure, after.measured) == said


@pytest.mark.parametrize(
    "asked",
    [
        "from=yesterday",
        "from=2026-02-30",
        "from=2026-02-02&to=2026-01-01",
        "to=2199-01-01",
        "from=1600-01-01",
    ],
)
def test_no_range_is_said_kindly_and_shows_the_last_days(signed_in, asked):
    answer = signed_in.get(f"{PAGE}?{asked}")

    assert answer.status_code == 422
    assert "That is no range of days" in Page(answer).words
    assert "30 days" in Page(answer).words


def test_a_summary_of_nothing_and_of_all_time_is_a_page(signed_in):
    assert signed_in.get(PAGE).status_code == 200
    assert signed_in.get(f"{PAGE}?from=1980-01-01").status_code == 200


def test_a_summary_never_says_that_all_is_well_where_nothing_is_known(signed_in, alice):
    lived(alice, alice.today() - timedelta(days=1))

    words = Page(signed_in.get(PAGE)).words

    assert "says too little of its vitamins and minerals to judge" in words
    assert "it is what an adult needs" not in words
