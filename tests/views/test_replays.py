"""A form that makes something makes it once, however often it arrives."""

from datetime import date

import pytest
from pages import Page
from sqlalchemy import func, select

from caloria.extensions import db
from caloria.models import Day, Entry, Food
from caloria.models.ids import new_id

DAY = date(2026, 11, 20)
# Each form that makes something: where it goes, what it makes, and what it might say the second time.
FORMS = {
    "a food": (f"/diary/{DAY}/entries", Entry, {"amount": "2"}),
    "quick calories": (f"/diary/{DAY}/quick-entries", Entry, {"energy_kcal": "301"}),
    "a repeat": (f"/diary/{DAY}/repeats", Entry, {"meal_id": None}),
    "a food of one's own": ("/foods", Food, {"energy_kcal": "251"}),
}


@pytest.fixture
def filled(alice, oats):
    """What each form says the first time."""
    day = Day(alice, DAY)
    meal = day.meals[0].meal
    earlier = day.log(oats, oats.usual_portion, 1, meal, new_id(), "a form")
    db.session.commit()
    FORMS["a repeat"][2]["meal_id"] = day.meals[1].meal.id
    said = {"meal_id": meal.id}
    return {
        "a food": {**said, "food_id": oats.id, "portion_id": oats.portions[0].id, "amount": "1"},
        "quick calories": {**said, "energy_kcal": "300", "name": "Cake"},
        "a repeat": {**said, "entry_id": earlier.id},
        "a food of one's own": {
            "name": "Bread",
            "basis": "100g",
            "energy_kcal": "250",
            "serving_grams": "30",
            "serving_name": "slice",
        },
    }


def count(kind) -> int:
    return db.session.scalar(select(func.count()).select_from(kind))


def row(kind, id):
    return db.session.scalar(select(kind).where(kind.id == id).execution_options(populate_existing=True))


@pytest.mark.parametrize("which", FORMS)
def test_the_same_form_again_is_answered_as_the_first_time(signed_in, filled, which):
    address, kind, _other = FORMS[which]
    form = {"id": new_id(), **filled[which]}
    before = count(kind)

    answers = [signed_in.post(address, data=form) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert len({answer.location for answer in answers}) == 1
    assert count(kind) == before + 1


@pytest.mark.parametrize("which", FORMS)
def test_another_content_under_the_same_id_is_told_and_can_be_sent_again(signed_in, filled, which):
    address, kind, other = FORMS[which]
    form = {"id": new_id(), **filled[which]}
    signed_in.post(address, data=form)
    before = count(kind)

    response = signed_in.post(address, data={**form, **other})

    page = Page(response)
    assert response.status_code == 422
    assert "used before" in page.words
    assert count(kind) == before
    if which == "a repeat":
        return
    again = page.form(address, next(iter(other)))
    assert again.data["id"] not in ("", str(form["id"]))
    assert {name: again.data[name] for name in other} == other
    assert signed_in.post(again.action, data=again.data).status_code == 303
    assert count(kind) == before + 1


def test_two_buttons_of_one_form_log_an_entry_each(signed_in, alice, oats, milk):
    day = Day(alice, DAY)
    eaten = [
        day.log(food, food.usual_portion, 1, day.meals[0].meal, new_id(), "a form") for food in (oats, milk)
    ]
    db.session.commit()
    form = {"id": new_id(), "meal_id": day.meals[1].meal.id}

    for entry in [*eaten, *eaten]:
        assert signed_in.post(f"/diary/{DAY}/repeats", data={**form, "entry_id": entry.id}).status_code == 303

    again = db.session.scalars(select(Entry).where(Entry.meal_id == form["meal_id"])).all()
    assert sorted(entry.name for entry in again) == sorted(entry.name for entry in eaten)


@pytest.mark.parametrize("which", ["a food", "quick calories", "a repeat"])
def test_the_id_of_a_deleted_entry_stays_deleted(signed_in, filled, which):
    address = FORMS[which][0]
    form = {"id": new_id(), **filled[which]}
    signed_in.post(address, data=form)
    made = db.session.scalar(select(Entry).order_by(Entry.created_at.desc(), Entry.id.desc()))
    signed_in.post(f"/diary/{DAY}/entries/{made.id}/delete", follow_redirects=True)

    again = signed_in.post(address, data=form, follow_redirects=True)

    assert row(Entry, made.id).deleted_at is not None
    assert "Logged" not in Page(again).words
    assert "is deleted" in Page(again).words


def test_the_form_of_a_food_that_was_changed_since_does_not_change_it_back(signed_in, filled):
    form = {"id": new_id(), **filled["a food of one's own"]}
    signed_in.post("/foods", data=form)
    changed = {**form, "name": "Rye", "serving_grams": "45", "serving_name": "roll"}
    signed_in.post(f"/foods/{form['id']}", data=changed)

    signed_in.post("/foods", data=form)

    food = row(Food, form["id"])
    [portion] = food.portions
    assert (food.name, portion.unit, portion.gram_weight) == ("Rye", "roll", 45)


def test_the_form_of_a_food_that_was_put_away_does_not_bring_it_back(signed_in, filled):
    form = {"id": new_id(), **filled["a food of one's own"]}
    signed_in.post("/foods", data=form)
    signed_in.post(f"/foods/{form['id']}/delete")

    assert signed_in.post("/foods", data=form).status_code == 303
    assert row(Food, form["id"]).archived_at is not None


def test_a_strangers_form_with_the_same_words_makes_a_food_of_its_own(signed_in, sign_in, bob, filled):
    form = {"id": new_id(), **filled["a food of one's own"]}
    signed_in.post("/foods", data=form)
    stranger = sign_in(bob)

    page = Page(stranger.post("/foods", data=form))
    again = page.form("/foods")
    response = stranger.post(again.action, data=again.data)

    assert response.status_code == 303
    assert stranger.get(response.location).status_code == 200
    assert count(Food) == 3  # and oats


def test_an_entry_sent_to_another_day_under_the_same_id_is_told(signed_in, filled):
    form = {"id": new_id(), **filled["a food"]}
    signed_in.post(f"/diary/{DAY}/entries", data=form)

    assert signed_in.post("/diary/2026-11-19/entries", data=form).status_code == 422


@pytest.mark.parametrize("id", ["", "1", "not an id", "\0", "00000000-0000-0000-0000-00000000000g"])
def test_a_form_without_an_id_of_ours_never_fails(signed_in, filled, id):
    for which, (address, _kind, _other) in FORMS.items():
        assert signed_in.post(address, data={"id": id, **filled[which]}).status_code in (303, 422)
