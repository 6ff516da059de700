"""Finding a food by what people type."""

from datetime import timedelta

import pytest

from caloria.extensions import db
from caloria.models import Day, FoodSearch, FoodWord
from caloria.models.food import all_names
from caloria.models.ids import new_id


def found(person, text: str) -> list[str]:
    return [food.name for food in FoodSearch(person).find(text)]


@pytest.fixture
def make_foods(make_food):
    """Make shared foods, each with how usual it is and with other names."""

    def make(**foods):
        for name, (everyday, *others) in foods.items():
            food = make_food(name.replace("_", " "))
            food.everyday, food.folded_name = everyday, all_names(food.name, *others)
        FoodWord.replace_all(word for name in foods for word in name.lower().split("_"))
        db.session.commit()

    return make


@pytest.mark.parametrize("text", ["chick roast", "roast chick", "hick oast", "CHICKEN BREAST, ROASTED"])
def test_every_fragment_counts_in_any_order(alice, make_food, text):
    make_food("Chicken breast, roasted")
    make_food("Chickpeas, boiled")

    assert found(alice, text) == ["Chicken breast, roasted"]
    assert len(found(alice, "chick")) == 2


@pytest.mark.parametrize("text", ["creme", "crème", "CRÈME BRULEE", "brûlée"])
def test_accents_are_found_with_and_without(alice, make_food, text):
    make_food("Crème brûlée")

    assert found(alice, text) == ["Crème brûlée"]


def test_a_food_is_found_by_its_brand(alice, make_food):
    make_food("Oat drink", owner=alice).rename("Oat drink", "Nørdic Õats")
    db.session.commit()

    assert found(alice, "oats drink") == ["Oat drink"]


@pytest.mark.parametrize("text", ["egg", "eggs", "huevo", "huevos cocidos", "boiled egg", "Egg, boiled"])
def test_a_food_is_found_by_any_of_its_names_in_singular_and_plural(alice, make_foods, text):
    make_foods(Egg_boiled=(8, "boiled egg", "huevo cocido"), Eggplant=(5,))

    assert found(alice, text)[0] == "Egg boiled"


def test_what_it_is_comes_before_what_is_made_of_it_and_the_usual_before_the_rare(alice, make_foods):
    make_foods(Apple_pie=(6,), Pineapple=(6,), Apple=(5,), Apple_dried=(2, "apple, dried"))

    assert found(alice, "apple") == ["Apple", "Apple dried", "Apple pie", "Pineapple"]


@pytest.mark.parametrize(
    ("text", "first"), [("chocolate milk", "Chocolate milk"), ("milk chocolate", "Milk chocolate")]
)
def test_the_words_as_they_were_typed_come_before_the_other_way_round(alice, make_foods, text, first):
    make_foods(Milk_chocolate=(7,), Chocolate_milk=(6,))

    assert found(alice, text)[0] == first
    assert len(found(alice, text)) == 2


def test_ones_own_foods_come_first(alice, make_food, make_foods):
    make_foods(Bread=(9,), White_bread=(9,))
    make_food("Grandma's bread", owner=alice)

    assert found(alice, "bread")[0] == "Grandma's bread"


def test_what_was_logged_lately_comes_before_what_is_as_usual(alice, bob, make_foods):
    make_foods(Rye_bread=(5,), White_bread=(9,))
    rye = FoodSearch(alice).find("rye")[0]
    day = Day(alice, alice.today() - timedelta(days=3))
    day.log(rye, rye.usual_portion, 1, day.meals[0].meal, new_id(), "a form")

    assert found(alice, "bread") == ["Rye bread", "White bread"]
    assert found(bob, "bread") == ["White bread", "Rye bread"]


@pytest.mark.parametrize("text", ["brocoli", "brocolli", "borccoli", "broccolli", "broccxli"])
def test_a_slip_is_forgiven(alice, make_foods, text):
    make_foods(Broccoli=(5,), Cauliflower=(5,))

    assert found(alice, text) == ["Broccoli"]


@pytest.mark.parametrize(
    ("text", "name"), [("servesa", "Cerveza"), ("huebo", "Huevo"), ("zanaorias", "Zanahorias")]
)
def test_what_is_written_as_it_sounds_is_found(alice, make_foods, text, name):
    make_foods(Cerveza=(5,), Huevo=(5,), Hueso=(9,), Zanahorias=(5,))

    assert found(alice, text)[0] == name


def test_only_what_is_misspelt_is_repaired(alice, make_foods):
    make_foods(Chicken_soup=(5,), Chickpea_soup=(5,))

    assert found(alice, "chikpea soup") == ["Chickpea soup"]
    assert found(alice, "xyzzyx") == []


@pytest.mark.parametrize("text", ["", "   ", "\u0301", "' OR 1=1 --", "%", "_", "\\", "100 %_"])
def test_nothing_finds_nothing(alice, oats, text):
    assert found(alice, text) == []


def test_a_strangers_food_and_one_that_is_put_away_are_not_found(alice, bob, make_food):
    make_food("Bob's bread", owner=bob)
    make_food("Old bread", owner=alice).archive()
    make_food("Withdrawn bread").archive()
    db.session.commit()

    assert found(alice, "bread") == []
