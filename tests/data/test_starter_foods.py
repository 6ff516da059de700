"""The starter foods are plausible and are what the source says."""

import csv
import gzip
import os
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "caloria" / "data"
SOURCE = ROOT.parent / "shared" / "data" / "usda_sr_legacy"

# Our column, and the source's where it is called something else.
SOURCE_NAMES = {
    "energy_kcal": "kcal",
    "carbohydrate_g": "carb_g",
    "sugars_g": "sugar_g",
    "saturated_fat_g": "sat_fat_g",
    "monounsaturated_fat_g": "mono_fat_g",
    "polyunsaturated_fat_g": "poly_fat_g",
    "vitamin_a_rae_ug": "vit_a_rae_ug",
    "vitamin_c_mg": "vit_c_mg",
    "vitamin_d_ug": "vit_d_ug",
    "vitamin_e_mg": "vit_e_mg",
    "vitamin_k_ug": "vit_k_ug",
    "pantothenic_acid_mg": "pantothenic_mg",
    "vitamin_b6_mg": "vit_b6_mg",
    "vitamin_b12_ug": "vit_b12_ug",
}
NUTRIENTS = [
    "energy_kcal", "protein_g", "fat_g", "carbohydrate_g", "fiber_g", "sugars_g", "saturated_fat_g",
    "monounsaturated_fat_g", "polyunsaturated_fat_g", "trans_fat_g", "cholesterol_mg", "sodium_mg",
    "potassium_mg", "calcium_mg", "iron_mg", "magnesium_mg", "phosphorus_mg", "zinc_mg", "copper_mg",
    "manganese_mg", "selenium_ug", "vitamin_a_rae_ug", "vitamin_c_mg", "vitamin_d_ug", "vitamin_e_mg",
    "vitamin_k_ug", "thiamin_mg", "riboflavin_mg", "niacin_mg", "pantothenic_acid_mg", "vitamin_b6_mg",
    "folate_ug", "folate_dfe_ug", "vitamin_b12_ug", "choline_mg", "water_g", "alcohol_g", "caffeine_mg",
]  # fmt: skip
ALWAYS_KNOWN = ["energy_kcal", "protein_g", "fat_g", "carbohydrate_g"]
CATEGORIES = {
    "Bread and bakery", "Breakfast cereals", "Dairy and eggs", "Drinks", "Fats and oils", "Fish and seafood",
    "Fruit", "Grains and pasta", "Legumes and soy", "Meat", "Nuts and seeds", "Poultry",
    "Sauces and seasonings", "Snacks", "Soups and meals", "Sweets and desserts", "Vegetables",
}  # fmt: skip

# Grams per 100 g besides water, protein, fat, carbohydrate and alcohol are ash: mostly salt in these.
MOSTLY_MINERALS = {"Fish sauce", "Salt", "Soy sauce"}
# Fibre, organic acids and cocoa yield less than 4 kcal/g, so 4/4/9/7 overshoots; vinegar's acid is not in it.
UNUSUAL_ENERGY = {
    "Balsamic vinegar", "Black pepper, ground", "Bran flakes, fortified", "Chili powder", "Cider vinegar",
    "Cinnamon, ground", "Cocoa powder, unsweetened", "Cumin seed", "Curry powder", "Lemon, raw, without peel",
    "Lime, raw", "Oregano, dried", "Paprika, ground", "Sweetcorn, yellow, boiled",
    "Tomato paste, without salt", "Yeast, dry",
}  # fmt: skip
# The source measured sugars on other samples than carbohydrate.
MORE_SUGARS_THAN_CARBOHYDRATE = {"Cream, light (single), 19% fat", "Turkey breast, deli slices"}


def rows(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figure(food, nutrient):
    return float(food[nutrient]) if food[nutrient] else None


def macros_kcal(food):
    protein, fat, carbohydrate = (figure(food, name) for name in ALWAYS_KNOWN[1:])
    return 4 * protein + 9 * fat + 4 * carbohydrate + 7 * (figure(food, "alcohol_g") or 0)


@pytest.fixture(scope="module")
def foods():
    return rows(DATA / "starter_foods.csv")


@pytest.fixture(scope="module")
def portions():
    return rows(DATA / "starter_portions.csv")


@pytest.fixture(scope="module")
def source():
    if SOURCE.is_dir():
        return SOURCE
    if os.environ.get("CI") == "true":
        pytest.fail(f"{SOURCE} is missing: the figures cannot be compared")
    pytest.skip(f"{SOURCE} is not here")


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("starter_foods.csv", ["source_id", "name", "category", *NUTRIENTS]),
        ("starter_portions.csv", ["source_id", "position", "amount", "unit", "gram_weight"]),
    ],
)
def test_columns_are_in_the_agreed_order_and_lines_end_with_a_newline(name, header):
    text = (DATA / name).read_bytes()
    assert text.decode("utf-8").splitlines()[0].split(",") == header
    assert b"\r" not in text
    assert text.endswith(b"\n")


def test_there_are_enough_foods_and_each_comes_once(foods):
    assert len(foods) >= 350
    assert len({food["source_id"] for food in foods}) == len(foods)
    assert len({food["name"].casefold() for food in foods}) == len(foods)


def test_foods_are_in_order_of_name(foods):
    names = [food["name"] for food in foods]
    assert names == sorted(names)


def test_names_are_plain(foods):
    for name in (food["name"] for food in foods):
        assert 2 <= len(name) <= 60, name
        assert re.fullmatch(r"[A-Z][A-Za-z0-9 ,()%.'-]*[A-Za-z0-9)%]", name), name
        assert "  " not in name, name
        assert not re.search(r"[A-Z]{3}|\bNFS\b|\bUSDA\b|separable|solids|mature seeds", name), name


def test_categories_are_the_agreed_ones_and_all_in_use(foods):
    assert {food["category"] for food in foods} == CATEGORIES


def test_every_figure_is_blank_or_a_number_within_bounds(foods):
    for food in foods:
        for nutrient in NUTRIENTS:
            value = figure(food, nutrient)
            if value is None:
                continue
            # 100 g is 100,000 mg, and nothing edible holds as many micrograms.
            most = 1000 if nutrient == "energy_kcal" else 100 if nutrient.endswith("_g") else 100_000
            assert 0 <= value <= most, (food["name"], nutrient, value)


def test_energy_protein_fat_and_carbohydrate_are_known_for_every_food(foods):
    unknown = [(food["name"], name) for food in foods for name in ALWAYS_KNOWN if not food[name]]
    assert unknown == []


def test_every_nutrient_is_known_for_most_foods(foods):
    for nutrient in NUTRIENTS:
        known = sum(1 for food in foods if food[nutrient])
        assert known > len(foods) / 2, nutrient


def test_parts_do_not_exceed_their_whole(foods):
    for food in foods:
        fats = [figure(food, f"{kind}_fat_g") for kind in ("saturated", "monounsaturated", "polyunsaturated")]
        assert sum(filter(None, fats)) <= figure(food, "fat_g") * 1.03 + 0.3, food["name"]
        assert (figure(food, "fiber_g") or 0) <= figure(food, "carbohydrate_g") + 0.5, food["name"]
        if food["name"] not in MORE_SUGARS_THAN_CARBOHYDRATE:
            assert (figure(food, "sugars_g") or 0) <= figure(food, "carbohydrate_g") + 0.5, food["name"]


def test_what_is_weighed_adds_up_to_about_a_hundred_grams(foods):
    for food in foods:
        parts = [figure(food, name) for name in ("water_g", *ALWAYS_KNOWN[1:], "alcohol_g")]
        if None not in parts and food["name"] not in MOSTLY_MINERALS:
            assert 85 <= sum(parts) <= 102, (food["name"], sum(parts))


def test_energy_agrees_with_the_macronutrients(foods):
    """Within 15 kcal or 15 %, whichever is more."""
    for food in foods:
        kcal = figure(food, "energy_kcal")
        if food["name"] not in UNUSUAL_ENERGY:
            assert macros_kcal(food) == pytest.approx(kcal, rel=0.15, abs=15), food["name"]


def test_exceptions_name_foods_that_are_there(foods):
    exceptions = MOSTLY_MINERALS | UNUSUAL_ENERGY | MORE_SUGARS_THAN_CARBOHYDRATE
    assert exceptions <= {food["name"] for food in foods}


def test_every_portion_belongs_to_a_food_and_weighs_something(foods, portions):
    ids = {food["source_id"] for food in foods}
    for portion in portions:
        assert portion["source_id"] in ids, portion
        assert 0 < float(portion["amount"]) <= 100, portion
        assert 0 < float(portion["gram_weight"]) <= 5000, portion


def test_units_are_short_and_in_lower_case(portions):
    for unit in (portion["unit"] for portion in portions):
        assert re.fullmatch(r"[a-z][a-z ,-]*[a-z]", unit), unit
        assert len(unit) <= 40, unit


def test_portions_of_a_food_are_numbered_from_one_and_differ(portions):
    of_food = defaultdict(list)
    for portion in portions:
        of_food[portion["source_id"]].append(portion)
    for source_id, its in of_food.items():
        assert [portion["position"] for portion in its] == [str(n + 1) for n in range(len(its))], source_id
        assert len({(portion["unit"], float(portion["amount"])) for portion in its}) == len(its), source_id
        assert len(its) <= 5, source_id


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("Banana, raw", "medium"),
        ("Egg, whole, raw", "large"),
        ("Milk, whole", "cup"),
        ("Olive oil", "tablespoon"),
        ("White bread", "slice"),
    ],
)
def test_the_likeliest_portion_comes_first(foods, portions, name, unit):
    source_id = next(food["source_id"] for food in foods if food["name"] == name)
    assert next(portion["unit"] for portion in portions if portion["source_id"] == source_id) == unit


def test_every_figure_matches_the_source(foods, source):
    theirs = {row["fdc_id"]: row for row in rows(source / "usda_sr_legacy_foods.csv.gz")}
    for food in foods:
        row = theirs[food["source_id"]]
        carried = {nutrient: row[SOURCE_NAMES.get(nutrient, nutrient)] for nutrient in NUTRIENTS}
        assert {nutrient: food[nutrient] for nutrient in NUTRIENTS} == carried, food["name"]


def test_names_are_not_copied_from_the_source(foods, source):
    """A name of up to three words, such as "Broccoli, raw", can only be what it is."""
    theirs = {row["fdc_id"]: row["description"] for row in rows(source / "usda_sr_legacy_foods.csv.gz")}
    same = [food["name"] for food in foods if food["name"].casefold() == theirs[food["source_id"]].casefold()]
    assert [name for name in same if len(name.split()) > 3] == []


def test_every_portion_weight_matches_the_source(portions, source):
    """Half of something may have become one half of it, so the weight is compared, not the amount."""
    weights = defaultdict(set)
    for row in rows(source / "usda_sr_legacy_portions.csv.gz"):
        weights[row["fdc_id"]].add(Decimal(row["gram_weight"]))
    for portion in portions:
        assert Decimal(portion["gram_weight"]) in weights[portion["source_id"]], portion


def test_every_food_with_a_portion_in_the_source_has_one(foods, portions, source):
    theirs = {row["fdc_id"] for row in rows(source / "usda_sr_legacy_portions.csv.gz")}
    ours = {portion["source_id"] for portion in portions}
    assert [food["name"] for food in foods if food["source_id"] in theirs - ours] == []
