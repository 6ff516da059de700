"""Several foods of a day at once: moved, shared, planned, eaten, deleted."""

from datetime import date, timedelta

import pytest
from pages import Page
from sqlalchemy import select

from caloria.extensions import db
from caloria.models import Day, Entry
from caloria.models.ids import new_id

FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)


@pytest.fixture
def breakfast(alice, oats, milk) -> list[Entry]:
    """Oats with milk, and calories of which nothing else is known."""
    day = Day(alice, FRIDAY)
    meal = day.meals[0].meal
    entries = [day.log(food, food.usual_portion, 2, meal, new_id(), "a form") for food in (oats, milk)]
    entries.append(day.log_quick("Jam", {"energy_kcal": 100}, meal, new_id(), "a form"))
    db.session.commit()
    return entries


def send(browser, noun: str, entries: list[Entry], **more):
    form = {"id": new_id(), "entry": [entry.id for entry in entries], **more}
    return browser.post(f"/diary/{FRIDAY}/{noun}", data=form), form


def energies() -> list[float]:
    return list(db.session.scalars(select(Entry.energy_kcal).order_by(Entry.id)))


def test_the_page_ticks_the_meal_that_one_comes_from(signed_in, breakfast):
    address = f"/diary/{FRIDAY}/picks"

    html = signed_in.get(f"{address}?meal={breakfast[0].meal_id}").get_data(as_text=True)

    assert html.count('name="entry"') == html.count(" checked") == 3
    assert " checked" not in signed_in.get(address).get_data(as_text=True)


def test_a_share_is_taken_of_everything_once_however_often_it_is_sent(signed_in, breakfast):
    before = energies()

    for _ in range(2):
        response, form = send(signed_in, "shares", breakfast, percent="40")
        assert response.status_code == 303
        assert signed_in.post(f"/diary/{FRIDAY}/shares", data=form).status_code == 303
        before = [energy * 0.4 for energy in before]
        assert energies() == pytest.approx(before)


def test_the_form_of_another_share_is_asked_about_again(signed_in, breakfast):
    _response, form = send(signed_in, "shares", breakfast, percent="40")
    after = energies()

    response = signed_in.post(f"/diary/{FRIDAY}/shares", data={**form, "percent": "50"})

    assert response.status_code == 422
    assert 'value="50"' in response.get_data(as_text=True)
    assert energies() == after


def test_foods_move_to_another_day_and_meal_with_their_figures(signed_in, alice, breakfast):
    dinner = Day(alice, SATURDAY).meals[2].meal

    send(signed_in, "moves", breakfast[:2], to_day=SATURDAY, meal_id=dinner.id)

    assert [len(of_day.entries) for of_day in Day(alice, FRIDAY).meals] == [1, 0, 0, 0]
    assert [len(of_day.entries) for of_day in Day(alice, SATURDAY).meals] == [0, 0, 2, 0]


def test_what_is_planned_counts_only_once_it_is_eaten(signed_in, alice, breakfast):
    eaten = Day(alice, FRIDAY).totals["energy_kcal"].amount

    send(signed_in, "states", breakfast[:1], state="planned")
    db.session.expire_all()
    assert Day(alice, FRIDAY).totals["energy_kcal"].amount == pytest.approx(eaten - 608)
    page = Page(signed_in.get(f"/diary/{FRIDAY}"))
    assert "I ate all of it" in page.words

    form = page.form("/states")
    signed_in.post(form.action, data=form.data)
    db.session.expire_all()
    assert Day(alice, FRIDAY).totals["energy_kcal"].amount == pytest.approx(eaten)


def test_what_is_logged_for_a_day_to_come_is_planned(signed_in, alice, oats):
    tomorrow = alice.today() + timedelta(days=1)
    meal = Day(alice, tomorrow).meals[0].meal
    form = {"id": new_id(), "food_id": oats.id, "portion_id": "", "meal_id": meal.id, "amount": "60"}

    page = Page(signed_in.post(f"/diary/{tomorrow}/entries", data=form, follow_redirects=True))

    assert "Planned Oats, dry" in page.words
    assert Day(alice, tomorrow).totals["energy_kcal"].of == 0


def test_several_are_deleted_and_come_back_together(signed_in, alice, breakfast):
    response, _form = send(signed_in, "deletions", breakfast)
    undo = Page(signed_in.get(response.location)).form("/undo")
    assert Day(alice, FRIDAY).meals[0].entries == []

    signed_in.post(undo.action)

    assert len(Day(alice, FRIDAY).meals[0].entries) == 3


@pytest.mark.parametrize(
    ("noun", "more", "said"),
    [
        ("shares", {"percent": "0"}, "from 1 to 100"),
        ("moves", {"to_day": "soon", "meal_id": ""}, "Please choose a date"),
        ("states", {"state": "gone"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_is_told_and_the_ticks_stay(signed_in, breakfast, noun, more, said):
    response, _form = send(signed_in, noun, breakfast[:2], **more)

    assert response.status_code == 422
    assert said in Page(response).words
    assert response.get_data(as_text=True).count(" checked") == 2


@pytest.mark.parametrize(
    ("noun", "typed"),
    [
        ("shares", {"percent": "0", "to_day": "2026-11-25"}),
        ("moves", {"percent": "40,5", "to_day": "soon"}),
        ("moves", {"percent": "many", "to_day": ""}),
    ],
)
def test_a_mistake_in_one_act_keeps_what_was_typed_for_the_others(signed_in, alice, breakfast, noun, typed):
    dinner = Day(alice, FRIDAY).meals[2].meal
    response, _form = send(signed_in, noun, breakfast[:1], meal_id=dinner.id, **typed)

    kept = Page(response).form("/moves").data
    assert response.status_code == 422
    assert {name: kept[name] for name in (*typed, "meal_id")} == {**typed, "meal_id": str(dinner.id)}


def test_a_share_is_said_as_the_language_writes_numbers(signed_in, alice, breakfast):
    alice.language = "es"
    db.session.commit()
    response, _form = send(signed_in, "shares", breakfast[:1], percent="33,3333")

    assert "33,3 %" in Page(signed_in.get(response.location)).words


def test_nothing_ticked_and_foods_of_another_day_are_told(signed_in, breakfast):
    response, _form = send(signed_in, "deletions", [])
    assert (response.status_code, "tick at least one" in Page(response).words) == (422, True)

    send(signed_in, "moves", breakfast, to_day=SATURDAY, meal_id="")
    response, _form = send(signed_in, "deletions", breakfast)
    assert (response.status_code, "no longer on this day" in Page(response).words) == (422, True)


def test_a_strangers_foods_and_meals_are_out_of_reach(sign_in, bob, breakfast):
    browser, before = sign_in(bob), energies()

    assert send(browser, "deletions", breakfast)[0].status_code == 422
    meal = {"to_day": SATURDAY, "meal_id": breakfast[0].meal_id}
    assert send(browser, "moves", breakfast, **meal)[0].status_code == 404

    assert energies() == before


def test_a_share_too_small_to_be_told_is_refused_and_changes_nothing(signed_in, alice, oats):
    day = Day(alice, FRIDAY)
    crumb = day.log(oats, oats.portion(None), 0.05, day.meals[0].meal, new_id(), "a form")
    db.session.commit()
    before = energies()

    response, _form = send(signed_in, "shares", [crumb], percent="1")

    assert (response.status_code, "too little" in Page(response).words) == (422, True)
    assert energies() == before


def test_what_is_yet_to_come_cannot_be_eaten(signed_in, alice, oats):
    day = Day(alice, alice.today() + timedelta(days=1))
    entry = day.log(oats, oats.usual_portion, 1, day.meals[0].meal, new_id(), "a form")
    db.session.commit()

    form = {"id": new_id(), "entry": [entry.id], "state": "eaten"}
    signed_in.post(f"/diary/{day.date}/states", data=form)

    assert db.session.scalars(select(Entry.planned)).all() == [True]
