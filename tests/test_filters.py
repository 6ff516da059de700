from datetime import date
from types import SimpleNamespace

import pytest
from flask_babel import force_locale

from caloria.filters import amounts, dates, numbers
from caloria.models.clock import utc_now

THIS_YEAR = utc_now().year


@pytest.fixture(autouse=True)
def in_a_request(app):
    numbers._rounded.cache_clear()  # a zero that was written before would hide a negative one
    with app.test_request_context():
        yield


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("number", [amounts.kcal, numbers.amount, amounts.grams])
def test_what_is_not_known_is_a_dash_and_not_a_zero(number):
    assert number(None) == "–"


def test_a_nutrient_that_is_not_known_is_a_dash():
    assert amounts.nutrient(None, "iron_mg") == "–"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (-0.4, "0"),
        (0.5, "1"),
        (2.5, "3"),
        (142.5, "143"),
        (999.4, "999"),
        (999.5, "1,000"),
        (-310.6, "-311"),
        (1_234_567.8, "1,234,568"),
    ],
)
def test_energy_is_whole_and_rounds_half_up_as_the_browser_does(value, text):
    assert amounts.kcal(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0 g"),
        (-0.0, "0 g"),
        (-0.01, "0 g"),
        (0.04, "0 g"),
        (0.05, "0.1 g"),
        (0.25, "0.3 g"),
        (9.0, "9 g"),
        (9.94, "9.9 g"),
        (9.95, "10 g"),
        (10.5, "11 g"),
        (-50.4, "-50 g"),
        (999.5, "1,000 g"),
        (100_000, "100,000 g"),
    ],
)
def test_grams_are_whole_from_ten_up(value, text):
    assert plain(amounts.grams(value)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.001, "0.001"),
        (0.125, "0.125"),
        (1 / 3, "0.333"),
        (-0.0004, "0"),
        (0.5, "0.5"),
        (1.0, "1"),
        (1.005, "1.01"),
        (9.999, "10"),
        (12.34, "12.3"),
        (99.96, "100"),
        (999.5, "1,000"),
        (1e11, "100,000,000,000"),
    ],
)
def test_an_amount_has_the_three_digits_that_matter(value, text):
    assert numbers.amount(value) == text


@pytest.mark.parametrize(
    ("value", "name", "text"),
    [
        (52.4, "energy_kcal", "52 kcal"),
        (0.3, "protein_g", "0.3 g"),
        (1.25, "iron_mg", "1.25 mg"),
        (480.4, "sodium_mg", "480 mg"),
        (0.018, "copper_mg", "0.018 mg"),
        (12.34, "vitamin_d_ug", "12.3 µg"),
        (0, "caffeine_mg", "0 mg"),
    ],
)
def test_a_nutrient_comes_with_its_unit(value, name, text):
    assert plain(amounts.nutrient(value, name)) == text


@pytest.mark.parametrize(
    ("amount", "unit", "grams", "text"),
    [
        (150, "g", 150, "150 g"),
        (2, "slice", 60, "2 × slice (60 g)"),
        (0.5, "cup", 122, "0.5 cup (122 g)"),
        (0.001, "g", 0.001, "0.001 g"),
        (None, None, None, ""),
    ],
)
def test_a_portion_is_said_in_words(amount, unit, grams, text):
    entry = SimpleNamespace(portion_amount=amount, portion_unit=unit, gram_weight=grams)

    assert plain(amounts.portion(entry)) == text


@pytest.mark.parametrize(
    ("minor", "currency", "english", "spanish"),
    [
        (499, "EUR", "€4.99", "4,99 €"),
        (700, "JPY", "¥700", "700 JPY"),
        (4990, "KWD", "KWD 4.990", "4,990 KWD"),
        (123456, "USD", "$1,234.56", "1.234,56 US$"),
        (0, "EUR", "€0.00", "0,00 €"),
        (None, "EUR", "–", "–"),
    ],
)
def test_money_has_the_decimals_of_its_currency(minor, currency, english, spanish):
    said = []
    for language in ("en", "es"):
        with force_locale(language):
            said.append(plain(numbers.money(minor, currency)))
    assert said == [english, spanish]


def test_a_date_of_another_year_says_which():
    assert dates.day_title(date(THIS_YEAR, 3, 1)).endswith("1 March")
    assert dates.day_title(date(1987, 3, 1)) == "Sunday 1 March 1987"


def test_short_dates_name_the_day_before_the_month():
    said = []
    for language in ("en", "es"):
        with force_locale(language):
            said.append((dates.full_date(date(1987, 3, 1)), dates.short_day(date(THIS_YEAR, 3, 1))))
    assert said == [("1 Mar 1987", "1 Mar"), ("1 mar 1987", "1 mar")]
