"""The meals of a day: their names, order and times."""

from datetime import date, time

import pytest
from pages import Page

from caloria.extensions import db
from caloria.models import Day, Meals
from caloria.models.ids import new_id

SATURDAY = date(2026, 11, 21)


def names(person) -> list[str]:
    """The meals of this person that are in use, as stored."""
    db.session.expire_all()
    return [meal.name for meal in Meals(person).in_use]


@pytest.fixture
def meals(alice):
    return Meals(alice).in_use


@pytest.fixture
def add(signed_in):
    """Add a meal."""
    return lambda name, **more: signed_in.post("/meals", data={"id": new_id(), "name": name, **more})


def test_a_meal_is_added_behind_the_others_once_for_each_form(signed_in, alice, add):
    form_id = new_id()

    assert [add("Tea", id=form_id, usual_from="16:00").status_code for _ in range(2)] == [303, 303]

    assert names(alice) == ["Breakfast", "Lunch", "Dinner", "Snacks", "Tea"]
    assert Meals(alice).in_use[-1].usual_from == time(16)
    assert "from 16:00" in Page(signed_in.get("/meals")).words
    signed_in.post(f"/meals/{form_id}", data={"id": form_id, "name": "Supper", "usual_from": ""})
    assert add("Tea", id=form_id, usual_from="16:00").status_code == 303
    assert names(alice)[4:] == ["Supper"]


def test_a_meal_is_renamed_and_its_time_left_out(signed_in, alice, meals):
    form = Page(signed_in.get(f"/meals/{meals[0].id}/edit")).form(f"/meals/{meals[0].id}")
    assert (form.data["name"], form.data["usual_from"]) == ("Breakfast", "04:00")

    signed_in.post(form.action, data={**form.data, "name": "First", "usual_from": ""})

    assert names(alice)[0] == "First"
    assert Meals(alice).in_use[0].usual_from is None


def test_meals_go_up_and_down_and_no_further(signed_in, alice, meals):
    for meal, towards in ((meals[3], "up"), (meals[0], "up"), (meals[0], "down"), (meals[2], "down")):
        assert signed_in.post(f"/meals/{meal.id}/order", data={"towards": towards}).status_code == 303

    assert names(alice) == ["Lunch", "Breakfast", "Snacks", "Dinner"]
    assert [of_day.meal.name for of_day in Day(alice, SATURDAY).meals] == names(alice)


def test_a_meal_that_is_put_away_stays_on_the_days_that_have_it(signed_in, alice, meals, oats):
    Day(alice, SATURDAY).log(oats, oats.portions[0], 1, meals[1], new_id(), "a form")
    db.session.commit()

    signed_in.post(f"/meals/{meals[1].id}/delete")

    assert names(alice) == ["Breakfast", "Dinner", "Snacks"]
    assert "Lunch" in Page(signed_in.get(f"/diary/{SATURDAY}")).words
    assert "Lunch" not in [of_day.meal.name for of_day in Day(alice, date(2026, 11, 20)).meals]
    signed_in.post(f"/meals/{meals[1].id}/restoration")
    assert names(alice) == ["Breakfast", "Lunch", "Dinner", "Snacks"]


def test_one_meal_stays(signed_in, alice, meals):
    for meal in meals:
        assert signed_in.post(f"/meals/{meal.id}/delete").status_code == 303

    assert names(alice) == ["Snacks"]
    assert "A day needs one meal at least." in Page(signed_in.get("/meals")).words


def test_a_day_has_room_for_twelve_meals(signed_in, alice, add, meals):
    for number in range(8):
        add(f"Meal {number}")
    assert add("One more").status_code == 422

    signed_in.post(f"/meals/{meals[0].id}/delete")
    assert add("One more").status_code == 303
    signed_in.post(f"/meals/{meals[0].id}/restoration")
    assert len(names(alice)) == 12


@pytest.mark.parametrize(
    ("name", "usual_from"), [("", ""), ("x" * 61, ""), ("Tea", "25:00"), ("Tea", "noon")]
)
def test_what_is_no_meal_is_told_with_what_was_typed(add, alice, name, usual_from):
    answer = add(name, usual_from=usual_from)

    assert answer.status_code == 422
    assert Page(answer).form("/meals").data["usual_from"] == usual_from
    assert len(names(alice)) == 4


def test_a_strangers_meal_is_a_404(sign_in, alice, bob, meals):
    browser = sign_in(bob)
    for ending in ("", "/order", "/delete", "/restoration"):
        said = {"id": new_id(), "name": "Mine", "towards": "up"}
        assert browser.post(f"/meals/{meals[0].id}{ending}", data=said).status_code == 404
    assert names(alice)[0] == "Breakfast"
