"""Portions that a person measured, volumes where they are known, and amounts with one tap."""

from datetime import date

import pytest
from pages import Page
from sqlalchemy import select

from caloria.extensions import db
from caloria.models import Day, Entry, PortionChoices
from caloria.models.ids import new_id

SATURDAY = date(2026, 11, 21)


@pytest.fixture
def bowl(signed_in, alice, oats):
    """Alice's bowl of oats."""
    said = {"id": new_id(), "unit": "my bowl", "gram_weight": "55"}
    assert signed_in.post(f"/foods/{oats.id}/portions?day={SATURDAY}", data=said).status_code == 303
    return PortionChoices(oats, alice).own[0]


def units(food, person) -> list[str]:
    return [portion.unit for portion in PortionChoices(food, person).all]


def test_a_portion_of_ones_own_comes_after_the_foods_and_is_there_for_nobody_else(
    sign_in, signed_in, alice, bob, oats, bowl
):
    assert units(oats, alice) == ["cup", "my bowl", "g"]
    assert units(oats, bob) == ["cup", "g"]
    assert PortionChoices(oats, alice).find(bowl.id) is bowl
    assert PortionChoices(oats, bob).find(bowl.id) is None
    assert "my bowl 55" in Page(signed_in.get(f"/foods/{oats.id}")).words
    browser = sign_in(bob)
    for ending in ("delete", "restoration"):
        assert browser.post(f"/foods/{oats.id}/portions/{bowl.id}/{ending}").status_code == 404


def test_a_portion_is_put_away_and_brought_back(signed_in, alice, oats, milk, bowl):
    address = f"/foods/{oats.id}/portions/{bowl.id}"
    assert signed_in.post(f"{address}/delete").status_code == 303
    assert units(oats, alice) == ["cup", "g"]
    assert signed_in.post(f"/foods/{milk.id}/portions/{bowl.id}/restoration").status_code == 404
    signed_in.post(f"{address}/restoration")
    assert units(oats, alice) == ["cup", "my bowl", "g"]


def test_what_one_measured_is_usual_where_the_food_has_no_portion(signed_in, alice, make_food):
    bread = make_food("Bread", energy_kcal=250)
    assert PortionChoices(bread, alice).usual.unit == "g"

    said = {"id": new_id(), "unit": "slice", "gram_weight": "40"}
    signed_in.post(f"/foods/{bread.id}/portions", data=said)

    form = Page(signed_in.get(f"/foods/{bread.id}")).form("/entries", "amount")
    assert (form.data["amount"], form.data["portion_id"]) == ("1", str(said["id"]))


@pytest.mark.parametrize(("unit", "grams"), [("", "40"), ("slice", ""), ("slice", "0"), ("x" * 41, "40")])
def test_what_is_no_portion_is_told_with_what_was_typed(signed_in, alice, oats, unit, grams):
    said = {"id": new_id(), "unit": unit, "gram_weight": grams}

    answer = signed_in.post(f"/foods/{oats.id}/portions", data=said)

    assert answer.status_code == 422
    sent = Page(answer).form("/portions").data
    assert (sent["unit"], sent["gram_weight"]) == (unit, grams)
    assert units(oats, alice) == ["cup", "g"]


def test_volumes_are_offered_where_the_density_is_known(alice, oats, milk):
    milk.density_g_per_ml = 1.03
    db.session.commit()

    assert units(milk, alice) == ["cup", "ml", "g"]
    assert units(oats, alice) == ["cup", "g"]
    ml = PortionChoices(milk, alice).all[1]
    assert ml.grams_per_unit == pytest.approx(1.03)
    assert PortionChoices(milk, alice).find(ml.id).unit == "ml"
    alice.units = "us"
    ounce = PortionChoices(milk, alice).all[2]
    assert (ounce.unit, ounce.grams_per_unit) == ("fl oz", pytest.approx(30.4607354))


def test_half_a_cup_is_logged_with_one_tap(signed_in, alice, oats):
    answer = signed_in.get(f"/foods/{oats.id}?day={SATURDAY}")
    assert 'aria-label="Log ½\u00a0cup, 152 kcal"' in answer.text
    at_once = Page(answer).form("/entries")

    signed_in.post(at_once.action, data={**at_once.data, "amount": "0.5"})

    (entry,) = (entry for of_day in Day(alice, SATURDAY).meals for entry in of_day.entries)
    assert (entry.portion_amount, entry.portion_unit) == (0.5, "cup")


def test_who_weighs_in_ounces_has_one_of_every_food(sign_in, make_person, oats):
    person = make_person("Uma", units="us")
    browser = sign_in(person)
    choices = PortionChoices(oats, person)
    [ounce] = [portion for portion in choices.all if portion.unit == "oz"]

    form = Page(browser.get(f"/foods/{oats.id}")).form("/entries", "amount")
    browser.post(form.action, data={**form.data, "portion_id": ounce.id, "amount": "2"})

    entry = db.session.scalars(select(Entry)).one()
    assert (entry.portion_unit, entry.gram_weight) == ("oz", pytest.approx(56.69904625))
