"""Sums of energy of which a part is not known: unknown is not zero."""

import re
from datetime import date

import pytest
from pages import Page

from caloria.extensions import db
from caloria.models import Day, Entry
from caloria.models.ids import new_id

FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)


@pytest.fixture
def broth(make_food):
    """Broth, of which nothing is known."""
    return make_food("Broth", [("bowl", 200)])


@pytest.fixture
def log(alice):
    """Log foods on Friday, one portion of each, at the meal of a number."""

    def log(*foods, meal=0, planned=False) -> list[Entry]:
        day = Day(alice, FRIDAY)
        at = day.meals[meal].meal
        made = [
            day.log(food, food.portions[0], 1, at, new_id(), f"form {number}", planned)
            for number, food in enumerate(foods)
        ]
        db.session.commit()
        return made

    return log


def words(browser, address: str) -> str:
    return Page(browser.get(address)).words


def test_the_day_before_is_offered_with_what_is_known_of_it(signed_in, oats, broth, log):
    log(oats, broth)
    log(broth, meal=1)

    said = words(signed_in, f"/diary/{SATURDAY}")

    assert re.search(r"Same as [a-z ]+ · 304 \(known for 1 of 2\)", said)
    assert re.search(r"Same as [a-z ]+ · – ", said)


def test_what_is_planned_says_what_is_known_of_it(signed_in, oats, broth, log):
    log(oats, broth, planned=True)

    assert "I ate all of it · 304 (known for 1 of 2)" in words(signed_in, f"/diary/{FRIDAY}")


def test_copies_say_what_is_known_before_and_after(signed_in, oats, broth, log):
    log(oats, broth)
    page = Page(signed_in.get(f"/diary/{SATURDAY}/copies/new?other_day={FRIDAY}"))
    assert "Copy 2 foods · 304 kcal (known for 1 of 2)" in page.words

    form = page.form("/copies")
    done = Page(signed_in.post(form.action, data=form.data, follow_redirects=True))

    assert "Copied 2 foods, 304 kcal (known for 1 of 2)." in done.words


def test_a_saved_meal_says_what_is_known_of_it_wherever_it_stands(signed_in, oats, broth, log):
    meal = log(oats, broth)[0].meal_id
    form = {"id": new_id(), "name": "Soup"}
    signed_in.post(f"/diary/{FRIDAY}/meals/{meal}/saved-meals", data=form)

    known = "304 kcal (known for 1 of 2)"
    assert f"Save 2 foods · {known}" in words(signed_in, f"/diary/{FRIDAY}/meals/{meal}/saved-meals/new")
    assert f"2 foods · {known}" in words(signed_in, f"/diary/{SATURDAY}")
    assert "304 kcal known for 1 of 2" in words(signed_in, "/saved-meals")
    assert f"2 foods · {known}" in words(signed_in, f"/saved-meals/{form['id']}")
    logged = {"id": new_id(), "saved_meal_id": form["id"], "meal_id": meal}
    done = signed_in.post(f"/diary/{SATURDAY}/logged-meals", data=logged, follow_redirects=True)
    assert f"Logged “Soup”: 2 foods, {known}." in Page(done).words


def test_several_that_are_logged_together_say_a_dash_where_nothing_is_known(signed_in, broth, log):
    meal = log(broth)[0].meal_id
    form = {"id": new_id(), "food": broth.id, "meal_id": meal}

    done = signed_in.post(f"/diary/{SATURDAY}/several-entries", data=form, follow_redirects=True)

    assert "Logged 1 food, –." in Page(done).words


def test_a_line_does_not_count_as_zero_what_is_not_known(signed_in, oats, broth):
    page = Page(signed_in.get("/foods/search", query_string={"q": "80 g oats, 100 g broth"}))

    assert "304 kcal (known for 1 of 2)" in page.words


def test_a_correction_says_what_is_known_before_and_after(signed_in, oats, log):
    log(oats, oats, meal=1)
    entry = log(oats)[0]
    entry.protein_g = None
    db.session.commit()

    said = words(signed_in, f"/foods/{oats.id}/corrections/new")

    assert "Protein 21 g known for 2 of 3 31 g" in said.replace("\u00a0", " ")
