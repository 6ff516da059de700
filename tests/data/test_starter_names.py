"""Every shipped food and portion has a name in both languages, and what is poured has a density."""

import re
from collections import Counter

import pytest
from starter_files import by_food, foods_and_dishes, lines

from caloria.models.food import folded
from caloria.models.units import ML_PER_FLUID_OUNCE, ML_PER_TABLESPOON, ML_PER_TEASPOON, ML_PER_US_CUP

VOLUMES_ML = {
    "ml": 1, "cup": ML_PER_US_CUP, "fl oz": ML_PER_FLUID_OUNCE, "tablespoon": ML_PER_TABLESPOON,
    "tablespoons": ML_PER_TABLESPOON, "teaspoon": ML_PER_TEASPOON, "teaspoons": ML_PER_TEASPOON,
}  # fmt: skip
ENGLISH_ONLY = re.compile(
    r"\b(with|without|raw|cooked|boiled|fried|baked|roasted|homemade|sauce|salted|dry)\b", re.I
)


@pytest.fixture(scope="module")
def names():
    return lines("names")


def millilitres(unit: str) -> float | None:
    vessel = re.search(r"\(([\d.]+) fl oz\)", unit)
    return float(vessel[1]) * ML_PER_FLUID_OUNCE if vessel else VOLUMES_ML.get(unit)


def densities(portions) -> list[float]:
    """Of each portion that is a volume, in g/ml; a cup of something whipped is mostly air."""
    held = [(portion, millilitres(portion["unit"])) for portion in portions]
    return [float(each["gram_weight"]) / float(each["amount"]) / ml for each, ml in held if ml]


def test_every_food_and_dish_has_one_line_of_names_in_the_same_order(names):
    assert [line["source_id"] for line in names] == [food["source_id"] for food in foods_and_dishes()]


def test_spanish_names_are_names_and_each_comes_once(names):
    assert [name for name, times in Counter(folded(line["es"]) for line in names).items() if times > 1] == []
    for name in (line["es"] for line in names):
        assert re.fullmatch(r"[A-ZÁÉÍÓÚÑ][^;|\"\t]{1,74}", name), name
        assert not ENGLISH_ONLY.search(re.sub(r"\(.*?\)", "", name)), name


@pytest.mark.parametrize("language", ["also", "es_also"])
def test_other_names_are_words_with_a_semicolon_between_them(names, language):
    for line in names:
        others = line[language].split("; ") if line[language] else []
        assert len(others) == len(set(others)) <= 9, line
        for other in others:
            assert re.fullmatch(r"[^\W_]([^;|\"\t ]| (?! )){1,59}", other), line


def test_how_usual_a_food_is_goes_from_nought_to_nine(names):
    assert {line["everyday"] for line in names} == set("0123456789")
    assert sum(line["everyday"] in "89" for line in names) < len(names) / 10


def test_what_is_poured_has_a_density_that_liquids_have(names):
    portions = by_food("portions")
    poured = [line for line in names if line["liquid"]]
    assert len(poured) > 150
    assert {line["liquid"] for line in poured} == {"y"}
    for line in poured:
        measured = densities(portions[line["source_id"]])
        assert measured, line
        assert all(0.7 <= each <= 1.5 for each in measured), line


def test_every_unit_has_a_spanish_name_and_no_other_is_kept():
    units = {line["unit"]: line["es"] for line in lines("units")}
    assert units.keys() == {portion["unit"] for portion in lines("portions")}
    for unit, name in units.items():
        assert re.fullmatch(r"[^\W\d_A-Z][^|;\t]{1,49}", name), (unit, name)
