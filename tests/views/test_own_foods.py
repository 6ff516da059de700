"""Foods of one's own, from their labels."""

from datetime import date

import pytest
from pages import Page
from sqlalchemy import select

from caloria.extensions import db
from caloria.models import Day, Entry, Food

DAY = date(2026, 11, 20)
BAR = {
    "name": "Nut bar",
    "brand": "Grandma",
    "basis": "serving",
    "serving_name": "bar",
    "serving_grams": "30",
    "energy_kcal": "147",
    "fat_g": "9",
    "saturated_fat_g": "1,5",
    "carbohydrate_g": "12",
    "sugars_g": "6",
    "fiber_g": "",
    "protein_g": "4.5",
    "salt_g": "0.3",
    "sodium_mg": "",
}


@pytest.fixture
def create(signed_in):
    """Keep a food from a label, as the page does."""

    def create(**label):
        form = Page(signed_in.get(f"/foods/new?day={DAY}")).form("/foods")
        return signed_in.post(form.action, data={**form.data, **label})

    return create


def stored() -> Food:
    db.session.expire_all()
    return db.session.scalars(select(Food).where(Food.source == "own")).one()


def nothing_is_stored() -> bool:
    return db.session.scalar(select(Food)) is None


def test_a_label_per_serving_is_kept_per_100_grams(create):
    assert create(**BAR).status_code == 303

    food = stored()
    assert (food.name, food.brand) == ("Nut bar", "Grandma")
    assert food.energy_kcal == pytest.approx(490, rel=1e-12)
    assert food.saturated_fat_g == pytest.approx(5, rel=1e-12)
    assert food.sodium_mg == pytest.approx(400, rel=1e-12)
    assert food.fiber_g is None


def test_a_label_per_100_grams_is_kept_to_the_last_digit(create):
    create(name="Oil", basis="100g", energy_kcal="899.999999999", fat_g="99,9999", sodium_mg="0.125")

    food = stored()
    assert (food.energy_kcal, food.fat_g, food.sodium_mg) == (899.999999999, 99.9999, 0.125)
    assert (food.protein_g, food.portions) == (None, [])


def test_a_serving_of_what_was_kept_is_what_the_label_said(create, signed_in, alice):
    page = Page(signed_in.get(create(**BAR).location))
    form = page.form("/entries", "amount")
    signed_in.post(form.action, data={**form.data, "amount": "2"})

    [entry] = Day(alice, DAY).meals[0].entries or db.session.scalars(select(Entry)).all()
    assert "Your own food" in page.words
    assert (entry.portion_unit, entry.gram_weight) == ("bar", 60)
    assert entry.energy_kcal == pytest.approx(294, rel=1e-12)
    assert entry.fat_g == pytest.approx(18, rel=1e-12)


@pytest.mark.parametrize(
    ("typed", "sodium_mg"), [({"salt_g": "1,25"}, 500), ({"sodium_mg": "500"}, 500), ({}, None)]
)
def test_salt_or_sodium_is_enough(create, typed, sodium_mg):
    create(name="Crisps", energy_kcal="530", **typed)

    assert stored().sodium_mg == sodium_mg


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "name the food"),
        ({"name": "x" * 201}, "200 characters"),
        ({"energy_kcal": ""}, "write the energy"),
        ({"energy_kcal": "NaN"}, "write a number"),
        ({"energy_kcal": "-5"}, "write a number"),
        ({"basis": "100g", "energy_kcal": "2180"}, "kcal and not kJ"),
        ({"serving_grams": ""}, "what one serving weighs"),
        ({"serving_grams": "0.1", "energy_kcal": "50"}, "more than 100 g can hold"),
        ({"serving_grams": "0"}, "from 0.1 to 100,000"),
        ({"serving_grams": "100001"}, "from 0.1 to 100,000"),
        ({"basis": "100g", "serving_grams": ""}, "what one bar weighs"),
        ({"fat_g": "31"}, "more than 100 g can hold (100 g)"),
        ({"sodium_mg": "120"}, "write one and leave the other empty"),
        ({"basis": "per cup"}, "Not a valid choice"),
    ],
)  # fmt: skip
def test_a_label_that_cannot_be_is_told_with_everything_kept(create, wrong, sentence):
    response = create(**{**BAR, **wrong})

    page = Page(response)
    assert response.status_code == 422
    assert sentence in page.words
    kept = page.form("/foods").data
    assert {name: kept.get(name, "") for name in BAR if name != "basis"} == {
        name: text for name, text in {**BAR, **wrong}.items() if name != "basis"
    }
    assert nothing_is_stored()


@pytest.mark.parametrize(
    "typed", [{"fat_g": "9.9", "saturated_fat_g": "10.5"}, {"serving_grams": "100000"}, {}]
)
def test_rounded_and_unusual_labels_are_kept(create, typed):
    assert create(**{**BAR, **typed}).status_code == 303


@pytest.mark.parametrize(
    ("label", "is_doubted"),
    [
        ({}, False),
        ({"energy_kcal": "40"}, True),
        ({"energy_kcal": "240"}, True),
        ({"energy_kcal": "40", "protein_g": ""}, False),
        ({"energy_kcal": "120", "fiber_g": "10"}, False),
        ({"basis": "100g", "energy_kcal": "85", "carbohydrate_g": "2.6", "sugars_g": "1", "fat_g": "0",
          "saturated_fat_g": "0", "protein_g": "0"}, True),
    ],
)  # fmt: skip
def test_energy_that_does_not_go_with_the_rest_is_kept_and_asked_about(create, signed_in, label, is_doubted):
    page = Page(signed_in.get(create(**{**BAR, **label}).location))

    assert ("If it was a slip" in page.words) == is_doubted
    assert stored().name == "Nut bar"


@pytest.mark.parametrize(
    ("label", "sentence"),
    [
        ({"basis": "100g", "protein_g": "50", "fat_g": "58", "energy_kcal": "770"}, "come to 120 g in 100 g"),
        ({"basis": "100g", "salt_g": "104"}, "come to 130 g in 100 g"),
        ({"saturated_fat_g": "10.1"}, "is part of fat (30 g), which is less"),
        ({"sugars_g": "13.5"}, "is part of carbohydrate (40 g), which is less"),
    ],
)
def test_figures_that_do_not_go_together_are_kept_and_remarked_on(create, signed_in, label, sentence):
    address = create(**{**BAR, **label}).location

    for _first_and_later in range(2):
        assert sentence in Page(signed_in.get(address)).words


def test_a_label_is_shown_again_as_it_was_copied(create, signed_in):
    create(**BAR)

    shown = Page(signed_in.get(f"/foods/{stored().id}/edit")).form(f"/foods/{stored().id}").data

    as_typed = {
        name: text for name, text in BAR.items() if name not in ("name", "brand", "serving_name", "basis")
    }
    assert {name: float(shown[name]) for name in as_typed if as_typed[name]} == pytest.approx(
        {name: float(text.replace(",", ".")) for name, text in as_typed.items() if text}
    )
    assert (shown["basis"], shown.get("sodium_mg", "")) == ("serving", "")


def test_a_copy_of_a_shared_food_keeps_what_no_label_says(signed_in, make_food):
    oats = make_food("Oats", [("cup", 80)], energy_kcal=380, protein_g=13, iron_mg=4.2)

    form = Page(signed_in.get(f"/foods/new?like={oats.id}")).form("/foods")
    assert form.data["name"] == "Oats (my own)"
    signed_in.post(form.action, data={**form.data, "protein_g": "14"})

    copy = stored()
    assert (copy.energy_kcal, copy.protein_g, copy.iron_mg, copy.fat_g) == (380, 14, 4.2, None)
    assert [(portion.unit, portion.gram_weight) for portion in copy.portions] == [("cup", 80)]
