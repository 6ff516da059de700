"""Finding foods, and keeping one's own."""

import pytest

from caloria.extensions import db
from caloria.models import Food, Portion
from caloria.models.food import Label, folded
from caloria.models.ids import new_id


def label(name="Bread", serving_name=None, serving_grams=None, **per_100_g) -> Label:
    return Label(name, None, {"energy_kcal": 250, **per_100_g}, serving_name, serving_grams)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Crème  BRÛLÉE", "creme brulee"),
        ("Straße", "strasse"),
        ("Ångström", "angstrom"),
        ("Peel™ İçli", "peeltm icli"),
        ("ﬁg\N{NO-BREAK SPACE}jam", "fig jam"),
        (" \t ", ""),
        ("\u0301", ""),
    ],
)
def test_case_accents_and_spaces_make_no_difference(text, plain):
    assert folded(text) == plain


def test_a_serving_becomes_the_portion_of_ones_own_food(alice):
    food = Food.create_own(alice, new_id(), "a form", label(serving_name="slice", serving_grams=30))
    db.session.commit()
    db.session.expire_all()

    [portion] = food.portions
    assert (portion.amount, portion.unit, portion.gram_weight) == (1, "slice", 30)
    assert (food.source, food.owner_id, food.carbohydrate_basis) == ("own", alice.id, "available")


def test_correcting_a_label_replaces_what_it_says_and_keeps_the_rest(alice, make_food):
    food = make_food("Bread", [("slice", 30)], owner=alice, energy_kcal=250, fiber_g=7, iron_mg=2.5)
    slice_id = food.portions[0].id

    food.correct(label("Rye", "roll", 45, protein_g=8, fiber_g=None))
    db.session.commit()
    db.session.expire_all()

    assert (food.name, food.folded_name, food.protein_g) == ("Rye", "rye", 8)
    assert (food.fiber_g, food.iron_mg) == (None, 2.5)
    assert [(each.id, each.unit, each.gram_weight) for each in food.portions] == [(slice_id, "roll", 45)]


def test_a_label_without_a_serving_leaves_plain_grams(alice, make_food):
    food = make_food("Bread", [("slice", 30)], owner=alice, energy_kcal=250)

    food.correct(label())
    db.session.commit()

    assert db.session.query(Portion).filter_by(food_id=food.id).count() == 0
    assert (food.usual_portion.amount, food.usual_portion.unit) == (100, "g")


def test_what_is_unknown_of_a_food_is_unknown_of_any_amount(milk):
    taken = milk.nutrients_in(250)

    assert taken["energy_kcal"] == pytest.approx(150)
    assert taken["fiber_g"] is None
    assert milk.nutrients_in(0)["fiber_g"] is None


def test_putting_away_twice_keeps_the_first_time_and_bringing_back_twice_is_as_once(oats):
    oats.archive()
    first = oats.archived_at
    oats.archive()
    assert oats.archived_at is first

    for _ in range(2):
        oats.unarchive()
        assert oats.archived_at is None
