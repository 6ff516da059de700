"""The dishes that Caloria ships are what their ingredients are, and those of many kitchens are there."""

import pytest
from starter_files import by_food, figure, foods_and_dishes, lines

from caloria.models.food import folded
from caloria.operations.starter import starter_foods

COMPARED = ("energy_kcal", "protein_g", "fat_g", "carbohydrate_g", "sodium_mg", "iron_mg", "alcohol_g")
KITCHENS = {
    "spain": "gazpacho salmorejo paella tortilla croquetas fabada cocido pisto fideos churros torrijas",
    "latin america": "arepa ceviche empanada tamal pozole mole chilaquiles feijoada sancocho quesadilla"
    " burrito guacamole enchiladas alfajor",
    "italy": "lasagne carbonara bolognese risotto pesto minestrone gnocchi tiramisu"
    " bruschetta cannelloni caprese",
    "france": "quiche ratatouille crepes bourguignon croissant",
    "britain": "chips shepherd's porridge toastie",
    "germany and further east": "schnitzel currywurst goulash borscht stroganoff pierogi",
    "greece and the levant": "moussaka tzatziki hummus falafel kebab shakshuka tabbouleh baba"
    " couscous tagine",
    "india": "tikka biryani dal chana naan samosa tandoori lassi",
    "east asia": "ramen sushi gyoza teriyaki miso bibimbap bulgogi kimchi pho tempura wonton",
    "south east asia": "pad satay curry",
    "north america": "burger nachos coleslaw pancakes meatloaf poke",
}


@pytest.fixture(scope="module")
def dishes():
    return lines("dishes")


@pytest.fixture(scope="module")
def parts():
    return by_food("ingredients")


@pytest.fixture(scope="module")
def foods():
    return {food["source_id"]: food for food in lines("foods")}


def weight(its) -> float:
    return sum(float(part["gram_weight"]) for part in its)


def per_100_g(dish, its, foods, nutrient) -> float | None:
    """What a plain sum of the ingredients makes; not known where it is not known of one of them."""
    total = 0.0
    for part in its:
        amount = figure(foods[part["ingredient_id"]], nutrient)
        if amount is None:
            return None
        total += amount * float(part["gram_weight"])
    return total / float(dish["cooked_weight_g"])


def test_every_ingredient_is_a_food_comes_once_and_weighs_something(dishes, parts, foods):
    assert parts.keys() == {dish["source_id"] for dish in dishes}
    for dish, its in parts.items():
        ids = [part["ingredient_id"] for part in its]
        assert foods.keys() >= set(ids), dish
        assert len(ids) == len(set(ids)) >= 2, dish
        assert all(0 < float(part["gram_weight"]) <= 5000 for part in its), dish


def test_cooking_takes_water_away_and_adds_next_to_nothing(dishes, parts):
    for dish in dishes:
        left = float(dish["cooked_weight_g"]) / weight(parts[dish["source_id"]])
        assert 0.4 <= left <= 1.1, (dish["name"], left)


def test_the_figures_of_a_dish_are_those_of_its_ingredients(dishes, parts, foods):
    shipped = {food["source_id"]: food for food in starter_foods()}
    for dish in dishes:
        for nutrient in COMPARED:
            expected = per_100_g(dish, parts[dish["source_id"]], foods, nutrient)
            assert figure(shipped[dish["source_id"]], nutrient) == pytest.approx(expected), (
                dish["name"],
                nutrient,
            )


def test_the_energy_of_a_dish_agrees_with_its_macronutrients(dishes, parts, foods):
    """Within 5 kcal or 15 %, whichever is more."""
    factors = {"protein_g": 4, "fat_g": 9, "carbohydrate_g": 4, "alcohol_g": 7}
    for dish in dishes:
        its = parts[dish["source_id"]]
        of_macros = sum(kcal * (per_100_g(dish, its, foods, name) or 0) for name, kcal in factors.items())
        assert of_macros == pytest.approx(per_100_g(dish, its, foods, "energy_kcal"), rel=0.15, abs=5), dish[
            "name"
        ]


def test_a_portion_of_a_dish_is_what_somebody_may_eat(dishes, parts, foods):
    portions = by_food("portions")
    for dish in dishes:
        kcal = per_100_g(dish, parts[dish["source_id"]], foods, "energy_kcal")
        for portion in portions[dish["source_id"]]:
            assert 5 <= kcal * float(portion["gram_weight"]) / 100 <= 1300, (dish["name"], portion)


@pytest.mark.parametrize("kitchen", KITCHENS)
def test_the_dishes_of_many_kitchens_are_there(kitchen):
    names = {line["source_id"]: line for line in lines("names")}
    every = " ".join(
        f"{food['name']} {names[food['source_id']]['es']} {names[food['source_id']]['also']}"
        for food in foods_and_dishes()
    )
    assert [word for word in KITCHENS[kitchen].split() if word not in folded(every)] == []
