"""What has to be said before anybody is charged, and what is refused."""

from pathlib import Path

import pytest

from config import Config

LIVE, TEST = "sk_live_of_nobody_0000", "rk_test_of_nobody_0000"
PAID = {
    "PAYMENTS": "stripe",
    "STRIPE_SECRET_KEY": TEST,
    "STRIPE_WEBHOOK_SECRETS": "whsec_0123456789abcdef, whsec_fedcba9876543210",
    "STRIPE_PRICE_MONTH": "price_new,price_old",
    "STRIPE_PRICE_YEAR": "price_year",
    "PLUS_PER_MONTH": "4.99 EUR",
    "PLUS_PER_YEAR": "49 EUR",
}


def load(folder: Path, **environ: str) -> Config:
    told = {"CALORIA_ENV": "test", "DATABASE_URL": "postgresql://caloria@localhost/caloria"}
    return Config.load(told | environ, root=folder)


def about_payments(config: Config) -> list[str]:
    return [each.found for each in config.mistakes if "STRIPE" in each.found or "PLUS" in each.found]


def test_without_a_word_nobody_pays(tmp_path):
    assert load(tmp_path).payments == "off"
    assert load(tmp_path, PAYMENTS="manual").mistakes == []


def test_everything_is_read(tmp_path):
    config = load(tmp_path, **PAID)
    assert config.mistakes == []
    assert config.plus_per_month == (499, "EUR")
    assert config.plus_per_year == (4900, "EUR")
    assert config.stripe_prices_month == ["price_new", "price_old"]
    assert len(config.stripe_webhook_secrets) == 2


@pytest.mark.parametrize("name", [name for name in PAID if name != "PAYMENTS"])
def test_a_start_without_one_of_them_is_refused(tmp_path, name):
    (found,) = about_payments(load(tmp_path, **{**PAID, name: ""}))
    assert found == f"{name} is not set, though PAYMENTS is stripe"


@pytest.mark.parametrize(
    ("environment", "key", "is_right"),
    [
        ("production", LIVE, True),
        ("production", TEST, False),
        ("staging", LIVE, False),
        ("staging", TEST, True),
        ("development", LIVE, False),
        ("test", LIVE, False),
    ],
)
def test_real_money_belongs_to_production_alone(tmp_path, environment, key, is_right):
    found = about_payments(load(tmp_path, **PAID | {"CALORIA_ENV": environment, "STRIPE_SECRET_KEY": key}))
    assert (found == []) is is_right
    assert key not in "".join(found)


def test_production_asks_nobody_but_stripe(tmp_path):
    elsewhere = {"STRIPE_API_URL": "http://127.0.0.1:12111"}
    assert about_payments(load(tmp_path, **PAID, **elsewhere)) == []
    live = PAID | {"CALORIA_ENV": "production", "STRIPE_SECRET_KEY": LIVE}
    assert len(about_payments(load(tmp_path, **live, **elsewhere))) == 1


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("PAYMENTS", "stripes"),
        ("PLUS_PER_MONTH", "4,99 EUR"),
        ("PLUS_PER_MONTH", "4.9 EUR"),
        ("PLUS_PER_MONTH", "700.00 JPY"),
        ("PLUS_PER_MONTH", "-4.99 EUR"),
        ("PLUS_PER_MONTH", "0 EUR"),
        ("PLUS_PER_MONTH", "4.99 eur"),
        ("PLUS_PER_YEAR", "49 USD"),
        ("STRIPE_SECRET_KEY", "pk_test_of_nobody_0000"),
        ("STRIPE_WEBHOOK_SECRETS", "whsec_short"),
        ("STRIPE_PRICE_MONTH", "4.99"),
    ],
)
def test_a_bad_value_is_told_and_not_repeated(tmp_path, name, bad):
    mistakes = load(tmp_path, **PAID | {name: bad}).mistakes
    assert name in mistakes[0].found
    assert bad not in mistakes[0].found


@pytest.mark.parametrize(
    ("text", "minor"), [("700 JPY", 700), ("1.250 KWD", 1250), ("4.99 EUR", 499), ("49 EUR", 4900)]
)
def test_a_price_counts_in_the_smallest_unit_of_its_currency(tmp_path, text, minor):
    assert load(tmp_path, PLUS_PER_MONTH=text).plus_per_month.amount_minor == minor
