"""What a line of text says, before anybody asks which foods there are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caloria.models.line.grammar import MOST_ITEMS, parse
from caloria.models.line.tokens import read_number
from caloria.models.line.words import HARD, HOUSEHOLD, MEASURES, NUMBERS, OPENERS, SOFT
from caloria.models.word_forms import key

WORDS = sorted({*HARD, *SOFT, *OPENERS, *NUMBERS, *(" ".join(each) for each in (*HOUSEHOLD, *MEASURES))})


def said(text: str, **how) -> list[tuple]:
    """Each item as its number, its unit and its name."""
    return [
        (
            item.quantity.number,
            item.quantity.unit.name if item.quantity.unit else None,
            " + ".join(" ".join(part) for part in item.parts),
        )
        for item in parse(text, **how)
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2 eggs", 2),
        ("1.5 eggs", 1.5),
        ("1,5 eggs", 1.5),
        (".5 eggs", 0.5),
        ("1/2 eggs", 0.5),
        ("½ eggs", 0.5),
        ("1½ eggs", 1.5),
        ("1 1/2 eggs", 1.5),
        ("two eggs", 2),
        ("an egg", 1),
        ("half an egg", 0.5),
        ("one and a half eggs", 1.5),
        ("a dozen eggs", 12),
        ("half a dozen eggs", 6),
        ("two dozen eggs", 24),
        ("a couple of eggs", 2),
        ("a few eggs", 3),
        ("2-3 eggs", 2.5),
        ("2 to 3 eggs", 2.5),
        ("2x eggs", 2),
        ("eggs x2", 2),
        ("eggs (2)", 2),
        ("eggs: 2", 2),
        ("un huevo", 1),
        ("medio huevo", 0.5),
        ("uno y medio huevos", 1.5),
        ("huevo y medio", 1.5),
        ("media docena de huevos", 6),
        ("un par de huevos", 2),
        ("2 o 3 huevos", 2.5),
        ("eggs", None),
        ("some eggs", None),
    ],
)
def test_a_number_is_read_however_it_is_written(text, number):
    ((read, unit, _name),) = said(text)

    assert (read, unit) == (number, None)


@pytest.mark.parametrize(
    ("text", "grams", "ml"),
    [
        ("60 g oats", 60, None),
        ("60g oats", 60, None),
        ("oats 60 g", 60, None),
        ("oats, 60 g", 60, None),
        ("2 x 30 g oats", 60, None),
        ("2 × 30 g oats", 60, None),
        ("1 kg oats", 1000, None),
        ("kilo y medio de avena", 1500, None),
        ("500 mg oats", 0.5, None),
        ("1 oz oats", 28.349523125, None),
        ("2 lb oats", 907.18474, None),
        ("1 tbsp. oats", None, 14.78676478125),
        ("3 tsp oats", None, 14.78676478125),
        ("8 fl oz milk", None, 236.5882365),
        ("1,5 l milk", None, 1500),
        ("un cuarto de litro de leche", None, 250),
        ("2 cans of 330 ml cola", None, 660),
        ("2 cans (330 ml) of cola", None, 660),
        ("a 330 ml can of cola", None, 330),
        ("3 slices of bread (90 g)", 90, None),
        ("three quarters of a cup of milk", None, 187.5),
        ("una taza y media de leche", None, 375),
        ("2 us cups of milk", None, 473.176473),
    ],
)
def test_weights_and_volumes_are_exact(text, grams, ml):
    (item,) = parse(text)

    of_one = item.quantity.unit.grams if grams else item.quantity.unit.ml
    assert item.quantity.number * of_one == pytest.approx(grams or ml)


def test_which_cup_is_meant_follows_the_persons_units():
    for units, ml in (("metric", 250.0), ("us", 236.5882365)):
        (item,) = parse("a cup of milk", units)
        assert item.quantity.unit.ml == ml


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,000 g oats", {"en": 1000, "es": 1}),
        ("1.000 g oats", {"en": 1, "es": 1000}),
        ("1,5 l", {"en": 1.5, "es": 1.5}),
    ],
)
def test_the_language_only_tells_what_a_thousand_is(text, number):
    for language, wanted in number.items():
        assert parse(text, language=language)[0].quantity.number == wanted


@pytest.mark.parametrize(
    "text",
    [
        "2 eggs, 60 g oats and a banana",
        "2 eggs; 60 g oats; a banana",
        "2 eggs\n60 g oats\n1 banana",
        "2 eggs + 60 g oats + 1 banana",
        "2 eggs 60 g oats 1 banana",
        "For breakfast I had 2 eggs with 60 g of oats and also a banana",
        "eggs x2, oats 60 g, banana (1)",
        "I ate 2 eggs. Then 60g oats, plus one banana.",
    ],
)
def test_foods_are_told_apart_however_they_are_joined(text):
    assert said(text) == [(2, None, "eggs"), (60, "g", "oats"), (1, None, "banana")]


def test_what_and_joins_is_left_to_who_knows_the_foods():
    assert said("mac and cheese, café con leche") == [
        (None, None, "mac + cheese"),
        (None, None, "cafe + leche"),
    ]
    assert said("salt and vinegar crisps") == [(None, None, "salt vinegar crisps")]


def test_a_decimal_comma_is_no_separator():
    assert said("1,5 l milk, 2 eggs") == [(1.5, "liter", "milk"), (2, None, "eggs")]


def test_a_number_within_a_name_is_no_amount():
    assert said("7up 1 can") == [(1, "can", "7 up")]
    assert said("milk 2% 200 ml") == [(200, "ml", "milk 2%")]


def test_an_amount_behind_the_last_food_is_that_foods():
    assert said("3 rice cakes with hummus 40 g") == [(3, None, "rice cakes"), (40, "g", "hummus")]


def test_a_size_is_told_from_the_name():
    (small, large) = parse("2 small eggs y una naranja grande")

    assert (small.quantity.size, small.parts) == ("small", [["eggs"]])
    assert (large.sizes, large.parts) == (["large"], [["naranja"]])


def test_what_is_not_understood_is_kept_as_it_was_written():
    assert [item.text for item in parse("2 Eggs, Ñam-ñam 3000!")] == ["2 Eggs", "Ñam-ñam 3000"]


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("egg", "eggs"), ("berry", "berries"), ("tomato", "tomatoes"), ("loaf", "loaves"),
        ("leaf", "leaves"), ("peach", "peaches"), ("glass", "glasses"), ("slice", "slices"),
        ("huevo", "huevos"), ("pez", "peces"), ("nuez", "nueces"), ("limon", "limones"), ("pan", "panes"),
        ("yogur", "yogures"),
    ],
)  # fmt: skip
def test_one_and_many_are_the_same_word(one, many):
    assert key(one) == key(many)


def test_words_that_only_look_alike_stay_apart():
    for one, other in (("pea", "pear"), ("bean", "beer"), ("corn", "acorn"), ("pan", "pancake")):
        assert key(one) != key(other)


@pytest.mark.parametrize("text", ["0", "1/0", "9" * 9, "0.0"])
def test_a_number_that_nobody_eats_is_none(text):
    assert read_number(text) is None


ANYTHING = st.text(max_size=600) | st.lists(
    st.sampled_from(WORDS) | st.sampled_from(["2", "1/2", "½", "x", "(", ")", "1,5", "1.000", "/", "%", "\n"])
).map(" ".join)


def test_an_amount_behind_a_joint_that_joins_nothing_is_read():
    assert [item.text for item in parse("0<0N*0BAG", "metric", "en")] == ["0<0N*0BAG"]


@given(ANYTHING, st.sampled_from(["metric", "us"]), st.sampled_from(["en", "es"]))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read(text, units, language):
    items = parse(text, units, language)

    assert len(items) <= MOST_ITEMS
    for item in items:
        assert item.text in text
        assert item.quantity.number is None or item.quantity.number > 0
        assert len(item.parts) == len(item.texts) == len(item.sizes)
        assert all(part for part in item.parts)
