"""Logging a food in any amount of any portion."""

from datetime import date, datetime, timedelta

import pytest
from pages import Page
from sqlalchemy import select

from caloria.extensions import db
from caloria.models import Day, Entry
from caloria.models.ids import new_id

DAY = date(2026, 11, 20)
ENTRIES = f"/diary/{DAY}/entries"


@pytest.fixture
def form(alice, oats):
    """What the page of oats sends for one cup at breakfast."""

    def form(**other) -> dict:
        meal = Day(alice, DAY).meals[0].meal
        cup = oats.portions[0].id
        said = {"id": new_id(), "food_id": oats.id, "portion_id": cup, "amount": "1", "meal_id": meal.id}
        return {**said, **other}

    return form


def stored(person) -> list[Entry]:
    db.session.expire_all()
    return list(db.session.scalars(select(Entry).where(Entry.user_id == person.id)))


@pytest.mark.parametrize(
    ("amount", "cups"), [("1", 1), ("2.5", 2.5), ("0,5", 0.5), (".25", 0.25), (" 3 ", 3), ("0,125", 0.125)]
)
def test_portions_are_logged_with_a_decimal_point_or_comma(signed_in, alice, form, amount, cups):
    response = signed_in.post(ENTRIES, data=form(amount=amount))

    [entry] = stored(alice)
    assert response.status_code == 303
    assert (entry.portion_amount, entry.portion_unit) == (cups, "cup")
    assert entry.gram_weight == pytest.approx(cups * 80)
    assert entry.energy_kcal == pytest.approx(cups * 80 * 3.8)


def test_each_portion_weighs_what_the_food_says(signed_in, alice, make_food, form):
    egg = make_food("Egg", [("large", 50), ("small", 38)], energy_kcal=143)
    for portion in (*egg.portions, None):
        signed_in.post(
            ENTRIES, data=form(id=new_id(), food_id=egg.id, portion_id=portion.id if portion else "")
        )

    assert sorted(entry.gram_weight for entry in stored(alice)) == [1, 38, 50]


def test_a_portion_of_several_is_logged_as_so_many_of_one(signed_in, alice, make_food, form):
    crackers = make_food("Crackers", [("cracker", 15)], energy_kcal=400)
    crackers.portions[0].amount = 5
    db.session.commit()

    signed_in.post(ENTRIES, data=form(food_id=crackers.id, portion_id=crackers.portions[0].id, amount="2"))

    assert stored(alice)[0].gram_weight == pytest.approx(6)


def test_an_entry_of_today_gets_the_time_and_of_another_day_none(signed_in, alice, form):
    today = alice.today()
    for day in (today, today - timedelta(days=1), today + timedelta(days=1)):
        signed_in.post(f"/diary/{day}/entries", data=form(id=new_id()))

    times = {entry.day: entry.eaten_at for entry in stored(alice)}
    clock = alice.local_time().replace(tzinfo=None)
    logged = datetime.combine(clock.date(), times.pop(today))
    assert abs(clock - logged) % timedelta(days=1) < timedelta(minutes=2)
    assert set(times.values()) == {None}


@pytest.mark.parametrize(
    "amount",
    ["", "0", "-1", "abc", "NaN", "Infinity", "1e309", "1e3", "1,234", "9223372036854775808", "100001", "½"],
)
def test_an_amount_that_is_none_is_told_and_kept(signed_in, alice, form, amount):
    response = signed_in.post(ENTRIES, data=form(amount=amount))

    page = Page(response)
    assert response.status_code == 422
    assert page.form("/entries", "amount").data["amount"] == amount
    assert "Oats, dry" in page.words
    assert stored(alice) == []


@pytest.mark.parametrize(
    ("amount", "grams", "sentence"), [("0.001", 0.5, "less than"), ("100000", 80, "more than 100 kg")]
)
def test_what_weighs_next_to_nothing_or_too_much_is_told(
    signed_in, alice, make_food, form, amount, grams, sentence
):
    food = make_food("Scale test", [("piece", grams)], energy_kcal=900, fat_g=100)

    response = signed_in.post(
        ENTRIES, data=form(food_id=food.id, portion_id=food.portions[0].id, amount=amount)
    )

    assert response.status_code == 422
    assert sentence in Page(response).words
    assert stored(alice) == []


@pytest.mark.parametrize("field", ["food_id", "portion_id", "meal_id"])
@pytest.mark.parametrize("value", ["00000000-0000-7000-8000-000000000000", "cup", "\0", "9" * 5000])
def test_what_is_not_there_cannot_be_logged(signed_in, alice, form, field, value):
    assert signed_in.post(ENTRIES, data=form(**{field: value})).status_code in (404, 422)
    assert stored(alice) == []
