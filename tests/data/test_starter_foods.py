"""The starter foods are plausible and are what the source says."""

import os
import re
from collections import defaultdict
from decimal import Decimal

import pytest
from starter_files import DATA, ROOT, figure, foods_and_dishes, lines, rows

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

# Salt is the only mineral that weighs much in food, and this is the one that is something else.
OTHER_MINERALS = {"Baking powder"}
SALT_PER_SODIUM = 2.54
# 4/4/9 makes too much of what is dry and eaten by the pinch, mostly fibre and resin, and of these: fibre,
# acids, polyols, cocoa and yeast yield less, and the source has factors of their own for many plants.
DRY_SEASONING_WATER_G = 15
LESS_ENERGY = {
    "Ancho pepper, dried", "Baking powder", "Bran flakes, fortified", "Chewing gum, sugar-free",
    "Cocoa powder, unsweetened", "Lemon peel, raw", "Lemon, raw, without peel", "Lime, raw",
    "Moringa leaves, raw", "Mushrooms, cloud ear, dried", "Mushrooms, shiitake, dried", "Oat bran, raw",
    "Soybean sprouts, raw", "Spirulina, dried", "Sweetcorn, white, boiled", "Sweetcorn, yellow, boiled",
    "Thyme, fresh", "Tomato paste, without salt", "Tomatoes, sun-dried", "Wheat bran",
    "Wheat bran flakes, plain, fortified", "Yeast, dry", "Yeast, fresh",
}  # fmt: skip
# The source measured sugars on other samples than carbohydrate.
MORE_SUGARS_THAN_CARBOHYDRATE = {
    "Cream, light (single), 19% fat", "Thousand island dressing", "Turkey breast, deli slices",
}  # fmt: skip
# An ounce is an ounce of everything; it stands where the source has no portion that anybody would pick.
OUNCE = Decimal("28.35")


def macros_kcal(food):
    protein, fat, carbohydrate = (figure(food, name) for name in ALWAYS_KNOWN[1:])
    return 4 * protein + 9 * fat + 4 * carbohydrate + 7 * (figure(food, "alcohol_g") or 0)


@pytest.fixture(scope="module")
def foods():
    return lines("foods")


@pytest.fixture(scope="module")
def portions():
    return lines("portions")


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
        ("starter_dishes.csv", ["source_id", "name", "cooked_weight_g"]),
        ("starter_ingredients.csv", ["source_id", "ingredient_id", "gram_weight"]),
        ("starter_names.csv", ["source_id", "everyday", "liquid", "also", "es", "es_also"]),
        ("starter_units.csv", ["unit", "es"]),
    ],
)
def test_columns_are_in_the_agreed_order_and_lines_end_with_a_newline(name, header):
    text = (DATA / name).read_bytes()
    assert text.decode("utf-8").splitlines()[0].split(",") == header
    assert b"\r" not in text
    assert text.endswith(b"\n")


def test_there_are_enough_foods_and_each_comes_once(foods):
    assert len(foods) >= 1000
    every = foods_and_dishes()
    assert len({food["source_id"] for food in every}) == len(every)
    assert len({food["name"].casefold() for food in every}) == len(every)


@pytest.mark.parametrize("file", ["foods", "dishes"])
def test_foods_are_in_order_of_name(file):
    names = [food["name"] for food in lines(file)]
    assert names == sorted(names)


def test_names_are_plain():
    for name in (food["name"] for food in foods_and_dishes()):
        assert 2 <= len(name) <= 60, name
        assert re.fullmatch(r"[A-Z][A-Za-zéñ0-9 ,()%.'-]*[A-Za-zé0-9)%]", name), name
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
        if None not in parts and food["name"] not in OTHER_MINERALS:
            salt = (figure(food, "sodium_mg") or 0) / 1000 * SALT_PER_SODIUM
            assert sum(parts) <= 102, (food["name"], sum(parts))
            assert sum(parts) + salt >= 85, (food["name"], sum(parts), salt)


def is_dry_seasoning(food):
    return (
        food["category"] == "Sauces and seasonings" and (figure(food, "water_g") or 0) < DRY_SEASONING_WATER_G
    )


def test_energy_agrees_with_the_macronutrients(foods):
    """Within 15 kcal or 15 %, whichever is more."""
    for food in foods:
        kcal, of_macros = figure(food, "energy_kcal"), macros_kcal(food)
        if is_dry_seasoning(food) or food["name"] in LESS_ENERGY:
            assert 0.4 * of_macros <= kcal <= 1.05 * of_macros, food["name"]
        elif food["name"].startswith("Vinegar") or food["name"].endswith(" vinegar"):
            assert 0 <= kcal - of_macros <= 21, food["name"]  # the acid: 6 g of it at 3.5 kcal
        else:
            assert of_macros == pytest.approx(kcal, rel=0.15, abs=15), food["name"]


def test_exceptions_name_foods_that_need_to_be_one(foods):
    named = {food["name"]: food for food in foods}
    assert named.keys() >= OTHER_MINERALS | MORE_SUGARS_THAN_CARBOHYDRATE
    for name in LESS_ENERGY:
        assert macros_kcal(named[name]) != pytest.approx(
            figure(named[name], "energy_kcal"), rel=0.15, abs=15
        ), name


def test_every_portion_belongs_to_a_food_and_weighs_something(portions):
    ids = {food["source_id"] for food in foods_and_dishes()}
    for portion in portions:
        assert portion["source_id"] in ids, portion
        assert 0 < float(portion["amount"]) <= (500 if portion["unit"] == "ml" else 100), portion
        assert 0 < float(portion["gram_weight"]) <= 5000, portion


def test_amounts_are_whole_or_a_usual_part(portions):
    for portion in portions:
        assert float(portion["amount"]) % 1 in (0, 0.25, 0.5, 0.75), portion


def test_units_are_short_and_in_lower_case(portions):
    """In brackets there is only what a vessel holds, such as "can (8.4 fl oz)"."""
    for unit in (portion["unit"] for portion in portions):
        assert re.fullmatch(r"[a-z][a-z ,-]*[a-z]( \([\d.]+ fl oz\))?", unit), unit
        assert len(unit) <= 40, unit


def test_portions_of_a_food_are_numbered_from_one_and_differ(portions):
    of_food = defaultdict(list)
    for portion in portions:
        of_food[portion["source_id"]].append(portion)
    for source_id, its in of_food.items():
        assert [portion["position"] for portion in its] == [str(n + 1) for n in range(len(its))], source_id
        assert len({(portion["unit"], float(portion["amount"])) for portion in its}) == len(its), source_id
        assert len(its) <= 5, source_id


def test_every_food_and_dish_has_a_portion(portions):
    having = {portion["source_id"] for portion in portions}
    assert [food["name"] for food in foods_and_dishes() if food["source_id"] not in having] == []


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


def test_every_portion_weight_matches_the_source(foods, portions, source):
    """Half of something may have become one half of it, so the weight is compared, not the amount."""
    weights = defaultdict(set)
    for row in rows(source / "usda_sr_legacy_portions.csv.gz"):
        weights[row["fdc_id"]].add(Decimal(row["gram_weight"]))
    ids = {food["source_id"] for food in foods}
    for portion in portions:
        if portion["source_id"] in ids and portion["unit"] != "oz":
            assert Decimal(portion["gram_weight"]) in weights[portion["source_id"]], portion


def test_an_ounce_weighs_an_ounce(portions):
    """Within what the source rounds away."""
    for portion in (portion for portion in portions if portion["unit"] == "oz"):
        assert abs(Decimal(portion["gram_weight"]) - OUNCE * Decimal(portion["amount"])) <= Decimal(
            "0.4"
        ) * Decimal(portion["amount"]), portion
