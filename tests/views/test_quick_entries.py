"""Calories without a food, and what was eaten before logged again."""

from datetime import date

import pytest
from pages import Page
from sqlalchemy import select

from caloria.extensions import db
from caloria.models import Day, Entry
from caloria.models.ids import new_id

DAY, DAY_BEFORE = date(2026, 11, 20), date(2026, 11, 19)
QUICK = f"/diary/{DAY}/quick-entries"


@pytest.fixture
def form(signed_in):
    """What the page of a day sends for quick calories."""
    shown = Page(signed_in.get(f"/diary/{DAY}")).form("/quick-entries").data

    def form(**typed) -> dict:
        return {**shown, **typed}

    return form


def only_entry(day=DAY) -> Entry | None:
    db.session.expire_all()
    return db.session.scalars(select(Entry).where(Entry.day == day)).one_or_none()


def test_energy_is_enough(signed_in, form):
    response = signed_in.post(QUICK, data=form(energy_kcal="300"))

    entry = only_entry()
    assert response.status_code == 303
    assert (entry.name, entry.energy_kcal, entry.is_quick) == ("Quick calories", 300, True)
    assert {name for name, amount in entry.amounts.items() if amount is not None} == {"energy_kcal"}


def test_energy_that_is_left_out_follows_from_the_rest(signed_in, form):
    signed_in.post(QUICK, data=form(name="Cake", protein_g="10", carbohydrate_g="20,5", fat_g="5"))

    entry = only_entry()
    assert entry.energy_kcal == pytest.approx(10 * 4 + 20.5 * 4 + 5 * 9)
    assert (entry.name, entry.carbohydrate_g) == ("Cake", 20.5)


def test_energy_that_is_given_stands_also_where_the_rest_says_otherwise(signed_in, form):
    signed_in.post(QUICK, data=form(energy_kcal="100", fat_g="20"))

    assert (only_entry().energy_kcal, only_entry().fat_g, only_entry().protein_g) == (100, 20, None)


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"name": "Cake"},
        {"energy_kcal": "-1"},
        {"energy_kcal": "20001"},
        {"energy_kcal": "NaN"},
        {"energy_kcal": "1e309"},
        {"energy_kcal": "300", "fat_g": "2001"},
        {"energy_kcal": "300", "name": "x" * 201},
        {"energy_kcal": "300", "name": "NUL \0"},
    ],
)
def test_what_cannot_be_is_told_with_the_text_kept(signed_in, form, typed):
    response = signed_in.post(QUICK, data=form(**typed))

    assert response.status_code == 422
    kept = Page(response).form("/quick-entries").data
    assert {name: kept[name] for name in typed if "\0" not in typed[name]} == {
        name: text for name, text in typed.items() if "\0" not in text
    }
    assert only_entry() is None


def test_quick_calories_can_be_changed(signed_in, form):
    signed_in.post(QUICK, data=form(name="Cake", energy_kcal="300"))
    edit = next(link for link in Page(signed_in.get(f"/diary/{DAY}")).links if link.endswith("/edit"))

    shown = Page(signed_in.get(edit)).form(f"/entries/{only_entry().id}")
    assert shown.data["energy_kcal"] == "300"
    response = signed_in.post(shown.action, data={**shown.data, "energy_kcal": "", "fat_g": "10"})

    assert response.status_code == 303
    assert (only_entry().name, only_entry().energy_kcal, only_entry().fat_g) == ("Cake", 90, 10)


def test_quick_calories_that_cannot_be_change_nothing(signed_in, form):
    signed_in.post(QUICK, data=form(energy_kcal="300"))

    response = signed_in.post(f"/diary/{DAY}/entries/{only_entry().id}", data={"energy_kcal": ""})

    assert response.status_code == 422
    assert only_entry().energy_kcal == 300


def test_an_entry_of_yesterday_is_repeated_today_figures_and_all(signed_in, alice, milk):
    before = Day(alice, DAY_BEFORE)
    earlier = before.log(milk, milk.usual_portion, 1.5, before.meals[0].meal, new_id(), "a form")
    db.session.commit()
    milk.energy_kcal = 1
    milk.archive()
    db.session.commit()
    lunch = before.meals[1].meal

    form = {"id": new_id(), "entry_id": earlier.id, "meal_id": lunch.id}
    response = signed_in.post(f"/diary/{DAY}/repeats", data=form)

    assert response.status_code == 303
    again = only_entry()
    assert (again.meal_id, again.food_id, again.portion_unit) == (lunch.id, milk.id, "cup")
    assert again.amounts == earlier.amounts
    assert only_entry(DAY_BEFORE).id == earlier.id


def test_quick_calories_are_repeated_too(signed_in, form, alice):
    signed_in.post(QUICK, data=form(name="Cake", energy_kcal="300"))
    cake = only_entry()

    repeat = {"id": new_id(), "entry_id": cake.id, "meal_id": cake.meal_id}
    signed_in.post("/diary/2026-11-21/repeats", data=repeat)

    again = only_entry(date(2026, 11, 21))
    assert (again.name, again.energy_kcal, again.is_quick) == ("Cake", 300, True)


@pytest.mark.parametrize("missing", ["entry_id", "meal_id"])
def test_what_is_not_there_cannot_be_repeated(signed_in, form, missing):
    signed_in.post(QUICK, data=form(energy_kcal="300"))
    cake = only_entry()
    repeat = {"id": new_id(), "entry_id": cake.id, "meal_id": cake.meal_id}

    for nothing in (new_id(), "", "cake"):
        assert signed_in.post(f"/diary/{DAY}/repeats", data={**repeat, missing: nothing}).status_code == 404
    assert only_entry().id == cake.id
