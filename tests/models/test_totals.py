"""The sums that the database makes are the sums of what the entries say."""

from datetime import date
from math import fsum
from random import Random

import pytest
from sqlalchemy import select

from caloria.extensions import db
from caloria.models import Day, Entry, Portion
from caloria.models.ids import new_id
from caloria.models.nutrients import DAY_NUTRIENTS

DAY = date(2026, 11, 20)


@pytest.fixture
def entries(alice, make_food) -> list[Entry]:
    """Sixty entries at four meals, of foods of which now this and now that is unknown."""
    chance = Random(7)
    day = Day(alice, DAY)
    for number in range(60):
        known = {name: chance.uniform(0, 90) for name in DAY_NUTRIENTS if chance.random() < 0.8}
        food = make_food(f"Food {number}", **known)
        meal = day.meals[number % 4].meal
        day.log(food, Portion.of_grams(1), chance.uniform(0.5, 900), meal, new_id(), "a form")
    db.session.commit()
    db.session.expire_all()
    return list(db.session.scalars(select(Entry)))


@pytest.mark.parametrize("nutrient", DAY_NUTRIENTS)
def test_a_day_sums_every_nutrient_to_the_ninth_decimal(alice, entries, nutrient):
    known = [amount for entry in entries if (amount := entry.amount(nutrient)) is not None]

    total = Day(alice, DAY).totals[nutrient]

    assert total.amount == pytest.approx(fsum(known), rel=1e-12, abs=1e-9)
    assert (total.known, total.of) == (len(known), 60)
    assert 0 < len(known) < 60


def test_meals_sum_to_their_day(alice, entries):
    day = Day(alice, DAY)
    for name, total in day.totals.items():
        parts = [of_day.total(name) for of_day in day.meals]
        assert fsum(part.amount for part in parts) == pytest.approx(total.amount, rel=1e-12, abs=1e-9)
        assert sum(part.known for part in parts) == total.known


def test_a_nutrient_that_no_entry_knows_is_unknown_and_one_that_is_zero_is_zero(alice, make_food):
    water = make_food("Water", energy_kcal=0)
    day = Day(alice, DAY)
    day.log(water, Portion.of_grams(1), 250, day.meals[0].meal, new_id(), "a form")
    db.session.commit()

    totals = Day(alice, DAY).totals

    assert (totals["energy_kcal"].amount, totals["energy_kcal"].known) == (0, 1)
    assert (totals["fiber_g"].amount, totals["fiber_g"].known, totals["fiber_g"].of) == (None, 0, 1)


def test_the_most_that_entries_can_hold_can_be_summed(alice, make_food):
    oil = make_food("Oil", energy_kcal=1000, fat_g=100)
    day = Day(alice, DAY)
    for _ in range(20):
        day.log(oil, Portion.of_grams(1), 100_000, day.meals[0].meal, new_id(), "a form")
    db.session.commit()

    assert Day(alice, DAY).totals["energy_kcal"].amount == pytest.approx(20e6)
