"""The nutrient vocabulary, and sums that know what they do not know."""

import re

import pytest
from sqlalchemy import CheckConstraint

from caloria.models import Entry, Food
from caloria.models.nutrients import (
    DAY_NUTRIENTS,
    NUTRIENT_NAMES,
    NUTRIENTS,
    Sum,
    capped,
    energy_of_macros,
    scaled,
)


def test_there_are_38_nutrients_each_with_names_of_its_own():
    assert len(NUTRIENTS) == 38
    for attribute in ("name", "label", "tagname", "fdc_id", "fdc_number"):
        assert len({getattr(each, attribute) for each in NUTRIENTS}) == 38, attribute


def test_every_name_ends_with_its_unit():
    for each in NUTRIENTS:
        assert re.fullmatch(r"[a-z0-9_]+_(kcal|g|mg|ug)", each.name)
        assert each.unit == each.name.rpartition("_")[2].replace("ug", "µg")


@pytest.mark.parametrize("model", [Food, Entry])
def test_foods_and_entries_have_a_column_and_a_rule_with_two_bounds_for_each(model):
    columns = [column.name for column in model.__table__.columns if column.name in NUTRIENT_NAMES]
    rules = {
        rule.name: str(rule.sqltext)
        for rule in model.__table__.constraints
        if isinstance(rule, CheckConstraint)
    }

    assert tuple(columns) == NUTRIENT_NAMES
    for each in NUTRIENTS:
        assert model.__table__.c[each.name].nullable
        rule = rules[f"ck_{model.__tablename__}_{each.name}"]
        assert re.fullmatch(rf"{each.name} BETWEEN 0 AND [1-9]\d*", rule)


def test_a_day_reads_eight_of_them():
    assert len(DAY_NUTRIENTS) == 8
    assert set(DAY_NUTRIENTS) < set(NUTRIENT_NAMES)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([], Sum(0, 0, 0)),
        ([None], Sum(None, 0, 1)),
        ([None, 0.0], Sum(0.0, 1, 2)),
        ([1.5, None, 2.5], Sum(4.0, 2, 3)),
    ],
)
def test_a_sum_counts_what_it_knows_and_unknown_is_not_zero(amounts, expected):
    assert Sum.over(iter(amounts)) == expected


def test_a_multiple_of_the_unknown_is_unknown_and_of_zero_is_zero():
    assert scaled({"iron_mg": None, "fat_g": 0.0, "protein_g": 4}, 2.5) == {
        "iron_mg": None,
        "fat_g": 0.0,
        "protein_g": 10,
    }


def test_only_what_is_above_the_most_an_entry_can_hold_is_cut():
    assert capped({"fat_g": 100_000.00000000001, "iron_mg": None, "energy_kcal": 12.5}) == {
        "fat_g": 100_000,
        "iron_mg": None,
        "energy_kcal": 12.5,
    }


def test_a_gram_of_protein_carbohydrate_and_fat_is_4_4_and_9_kcal():
    assert energy_of_macros({"protein_g": 1, "carbohydrate_g": None, "fat_g": None}) == 4
    assert energy_of_macros({"protein_g": 1, "carbohydrate_g": 10, "fat_g": 100, "fiber_g": 9}) == 944


def test_replacing_amounts_forgets_what_is_not_named():
    food = Food(iron_mg=2.5)
    food.set_amounts({"energy_kcal": 250})

    assert food.amounts == {**dict.fromkeys(NUTRIENT_NAMES), "energy_kcal": 250}
    assert food.amount("energy_kcal") == 250
