"""Changing the label of one's own food, putting it away and bringing it back."""

import pytest
from pages import Page
from sqlalchemy import select

from caloria.extensions import db
from caloria.models import Entry, Food

BAR = {
    "name": "Nut bar",
    "basis": "serving",
    "serving_name": "bar",
    "serving_grams": "70",
    "energy_kcal": "147",
    "fat_g": "9",
    "saturated_fat_g": "0.01",
    "salt_g": "0.3",
}


@pytest.fixture
def bar(signed_in) -> Food:
    """A food that was kept from its label."""
    form = Page(signed_in.get("/foods/new")).form("/foods")
    signed_in.post(form.action, data={**form.data, **BAR})
    return stored()


def stored() -> Food:
    db.session.expire_all()
    return db.session.scalars(select(Food).where(Food.source == "own")).one()


def known(food: Food) -> dict[str, float]:
    return {name: amount for name, amount in food.amounts.items() if amount is not None}


def test_saving_a_label_as_it_is_shown_changes_nothing(signed_in, bar):
    bar.iron_mg = 2.5
    db.session.commit()
    before = known(bar)

    form = Page(signed_in.get(f"/foods/{bar.id}/edit")).form(f"/foods/{bar.id}")
    response = signed_in.post(form.action, data=form.data)

    assert response.status_code == 303
    assert known(stored()) == pytest.approx(before, rel=1e-11)
    [portion] = stored().portions
    assert (portion.unit, portion.gram_weight) == ("bar", 70)


def test_changing_a_label_changes_the_food_and_no_past_day(signed_in, bar):
    form = Page(signed_in.get(f"/foods/{bar.id}")).form("/entries", "amount")
    signed_in.post(form.action, data=form.data)

    shown = Page(signed_in.get(f"/foods/{bar.id}/edit")).form(f"/foods/{bar.id}")
    response = signed_in.post(shown.action, data={**shown.data, "name": "Bar", "energy_kcal": "100"})

    assert response.status_code == 303
    assert (stored().name, db.session.scalars(select(Entry)).one().name) == ("Bar", "Nut bar")
    assert db.session.scalars(select(Entry)).one().energy_kcal == pytest.approx(147)


def test_a_label_that_cannot_be_changes_nothing(signed_in, bar):
    response = signed_in.post(f"/foods/{bar.id}", data={**BAR, "energy_kcal": "9999"})

    assert response.status_code == 422
    assert Page(response).form(f"/foods/{bar.id}").data["energy_kcal"] == "9999"
    assert stored().energy_kcal == pytest.approx(210)


def test_a_food_is_put_away_and_comes_back(signed_in, bar):
    edit = Page(signed_in.get(f"/foods/{bar.id}/edit"))

    page = Page(
        signed_in.post(edit.form("/delete").action, data=edit.form("/delete").data, follow_redirects=True)
    )
    assert "is put away" in page.words
    assert "Nothing found" in Page(signed_in.get("/foods/search?q=nut")).words
    shown = Page(signed_in.get(f"/foods/{bar.id}"))
    assert "Put away" in shown.words

    back = shown.form("/restoration")
    assert "is back" in Page(signed_in.post(back.action, data=back.data, follow_redirects=True)).words
    assert "Nut bar" in Page(signed_in.get("/foods/search?q=nut")).words


def test_all_of_ones_own_foods_are_listed_also_those_put_away(signed_in, alice, bob, make_food):
    make_food("Rye bread", owner=alice, energy_kcal=220)
    make_food("Old bread", owner=alice).archive()
    make_food("Bob's bread", owner=bob)
    make_food("Oats")
    db.session.commit()

    words = Page(signed_in.get("/foods")).words

    assert "Rye bread" in words
    assert "Put away (1)" in words
    assert "Old bread" in words
    assert "Bob's" not in words
    assert "Oats" not in words
