"""A line of text, read as rows, checked and logged at once."""

from datetime import date

import pytest
from pages import Page
from sqlalchemy import func, select

from caloria.extensions import db
from caloria.models import Day, Entry
from caloria.models.ids import new_id

THE_DAY = date(2026, 11, 21)
SEARCH = "/foods/search"


@pytest.fixture
def foods(make_food):
    """An egg, oats and milk, which everybody sees."""
    egg = make_food("Egg, whole, raw", [("large", 50), ("small", 38)], everyday=9, energy_kcal=143)
    fried = make_food("Egg, fried", [("large", 46)], energy_kcal=196)
    return {
        "egg": egg,
        "fried": fried,
        "oats": make_food("Oats, dry", [("cup", 80)], energy_kcal=380),
        "milk": make_food("Milk, whole", [("cup", 244)], energy_kcal=60),
    }


@pytest.fixture
def breakfast(alice):
    return Day(alice, THE_DAY).meals[0].meal


@pytest.fixture
def read(signed_in, foods, breakfast):
    """Send a line and give the page that comes of it."""

    def read(text: str, **more) -> Page:
        answer = signed_in.get(SEARCH, query_string={"q": text, "day": THE_DAY, "meal": breakfast.id, **more})
        assert answer.status_code == 200
        return Page(answer)

    return read


def eaten(person) -> list[tuple]:
    meals = Day(person, THE_DAY).meals
    return [(entry.name, entry.gram_weight) for of in meals for entry in of.entries]


def test_a_line_is_read_as_rows_and_nothing_is_stored(read, alice):
    page = read("2 eggs, 60 g oats and a frobnicate")

    sent = page.form("/lines/entries").data
    assert (sent["rows-0-amount"], sent["rows-1-amount"]) == ("2", "60")
    assert "371 kcal" in page.words
    assert "Log 2 foods" in page.words
    assert "frobnicate" in page.words
    assert any("/foods/search?q=a+frobnicate" in link for link in page.links)
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 0


def test_one_press_logs_all_rows_at_the_meal(read, signed_in, alice):
    form = read("2 eggs, 60 g oats").form("/lines/entries")

    answer = signed_in.post(form.action, data=form.data)

    assert answer.status_code == 303
    assert sorted(eaten(alice)) == [("Egg, whole, raw", 100), ("Oats, dry", 60)]
    assert "Logged 2 foods, 371 kcal" in Page(signed_in.get(answer.location)).words


def test_the_same_form_again_logs_nothing_more(read, signed_in, alice):
    form = read("2 eggs, 60 g oats").form("/lines/entries")

    for _ in range(2):
        assert signed_in.post(form.action, data=form.data).status_code == 303

    assert len(eaten(alice)) == 2


def test_a_form_used_for_something_else_before_is_refused_with_its_rows(read, signed_in, alice):
    form = read("2 eggs").form("/lines/entries")
    signed_in.post(form.action, data=form.data)

    answer = signed_in.post(form.action, data={**form.data, "rows-0-amount": "3"})

    again = Page(answer).form("/lines/entries").data
    assert answer.status_code == 422
    assert again["rows-0-amount"] == "3"
    assert again["id"] != form.data["id"]
    assert len(eaten(alice)) == 1


def test_what_was_logged_is_taken_back_at_once(read, signed_in, alice):
    form = read("2 eggs, 60 g oats").form("/lines/entries")
    answer = signed_in.post(form.action, data=form.data)
    undo = Page(signed_in.get(answer.location)).form(f"/acts/{form.data['id']}/undo")

    signed_in.post(undo.action, data=undo.data)

    assert eaten(alice) == []


def test_another_amount_food_and_portion_are_taken_and_a_row_is_left_out(read, signed_in, alice, foods):
    form = read("2 eggs, 60 g oats").form("/lines/entries")
    fried = foods["fried"]
    changed = {**form.data, "rows-0-amount": "1,5", "rows-0-choice": f"{fried.id}:{fried.portions[0].id}"}
    del changed["rows-1-taken"]

    signed_in.post(form.action, data=changed)

    assert eaten(alice) == [("Egg, fried", 69)]


def test_adding_up_again_stores_nothing(read, signed_in, alice):
    form = read("frobnicate, 2 eggs").form("/lines/entries")

    answer = signed_in.post(form.action, data={**form.data, "rows-1-amount": "4", "again": "1"})

    page = Page(answer)
    assert answer.status_code == 200
    assert page.form("/lines/entries").data["rows-1-amount"] == "4"
    assert "286 kcal" in page.words
    assert eaten(alice) == []


@pytest.mark.parametrize("amount", ["", "lots", "-1", "1e309", "0", "99999999"])
def test_a_bad_amount_is_told_with_the_rows_kept(read, signed_in, alice, amount):
    form = read("2 eggs, 60 g oats").form("/lines/entries")

    answer = signed_in.post(form.action, data={**form.data, "rows-0-amount": amount})

    page = Page(answer)
    again = page.form("/lines/entries").data
    assert answer.status_code == 422
    assert "Foods : " in page.words
    assert "{" not in page.words
    assert (again["rows-0-amount"], again["rows-1-amount"]) == (amount, "60")
    assert eaten(alice) == []


def test_a_bad_amount_of_what_is_left_out_does_not_matter(read, signed_in, alice):
    form = read("2 eggs, 60 g oats").form("/lines/entries")
    changed = {**form.data, "rows-1-amount": "lots"}
    del changed["rows-1-taken"]

    assert signed_in.post(form.action, data=changed).status_code == 303
    assert len(eaten(alice)) == 1


def test_nothing_chosen_is_told(read, signed_in):
    form = read("2 eggs").form("/lines/entries")
    del form.data["rows-0-taken"]

    answer = signed_in.post(form.action, data=form.data)

    assert answer.status_code == 422
    assert "Nothing is chosen" in Page(answer).words


@pytest.mark.parametrize("text", ["egg", "oats", "whole milk", ", ; and", "x" * 501])
def test_what_tells_of_one_food_and_no_amount_is_a_search(read, text):
    assert not read(text).has_form("/lines/entries")


def test_several_foods_that_are_no_name_are_rows_also_without_amounts(read):
    form = read("oats and milk").form("/lines/entries").data

    assert (form["rows-0-amount"], form["rows-1-amount"]) == ("1", "1")


def test_a_food_of_a_stranger_is_neither_found_nor_logged(read, signed_in, alice, bob, make_food):
    secret = make_food("Frobnicate", [("piece", 30)], owner=bob, energy_kcal=100)
    page = read("2 eggs and 1 frobnicate")
    assert "Search for it" in page.words
    form = page.form("/lines/entries")

    changed = {**form.data, "rows-0-choice": f"{secret.id}:{secret.portions[0].id}"}

    assert signed_in.post(form.action, data=changed).status_code == 404
    assert eaten(alice) == []


def test_a_portion_of_another_food_and_a_strangers_meal_are_a_404(read, signed_in, foods, bob):
    form = read("2 eggs").form("/lines/entries")
    milk = foods["milk"]

    other = f"{foods['egg'].id}:{milk.portions[0].id}"
    assert signed_in.post(form.action, data={**form.data, "rows-0-choice": other}).status_code == 404
    bobs = Day(bob, THE_DAY).meals[0].meal.id
    assert signed_in.post(form.action, data={**form.data, "meal_id": bobs}).status_code == 404


def test_what_was_measured_for_oneself_is_a_portion(read, signed_in, alice, foods):
    data = {"id": new_id(), "unit": "my bowl", "gram_weight": "55"}
    signed_in.post(f"/foods/{foods['oats'].id}/portions", data=data)

    form = read("2 bowls of oats").form("/lines/entries")
    signed_in.post(form.action, data=form.data)

    assert eaten(alice) == [("Oats, dry", 110)]


def test_a_line_of_many_foods_takes_few_statements(read, statements):
    statements.clear()

    read("2 eggs, 60 g oats, 1 cup milk, 1 fried egg, 3 small eggs, 200 g oats, milk, oats, 5 eggs")

    assert len(statements) <= 12
