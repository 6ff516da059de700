"""How people pay: not at all, by hand, or through Stripe; and what has to be said for that."""

import re
from typing import TYPE_CHECKING

from settings import values
from settings.money import money
from settings.shell import either

if TYPE_CHECKING:
    from config import Config
    from settings.sources import Settings

WAYS = ("off", "manual", "stripe")
OFF, MANUAL, STRIPE = WAYS
# Without these nobody can be charged, or what was paid is not heard of.
NEEDED = {
    "STRIPE_SECRET_KEY": "the secret key of the account",
    "STRIPE_WEBHOOK_SECRETS": "the signing secret of the webhook endpoint",
    "STRIPE_PRICE_MONTH": "the number of the monthly price, price_…",
    "STRIPE_PRICE_YEAR": "the number of the yearly price, price_…",
    "PLUS_PER_MONTH": "what a month costs, such as 4.99 EUR",
    "PLUS_PER_YEAR": "what a year costs, such as 49.00 EUR",
}


def read_payments(config: "Config", read: "Settings") -> None:
    """Read all of it into the configuration."""
    config.payments = read.parsed("PAYMENTS", values.choice(*WAYS), OFF)
    config.plus_per_month = read.parsed("PLUS_PER_MONTH", money)
    config.plus_per_year = read.parsed("PLUS_PER_YEAR", money)
    config.stripe_secret_key = read.secret("STRIPE_SECRET_KEY", secret_key)
    config.stripe_webhook_secrets = read.secret("STRIPE_WEBHOOK_SECRETS", webhook_secrets) or []
    config.stripe_prices_month = read.parsed("STRIPE_PRICE_MONTH", prices, [])
    config.stripe_prices_year = read.parsed("STRIPE_PRICE_YEAR", prices, [])
    config.stripe_tax = read.parsed("STRIPE_TAX", values.flag, False)
    config.stripe_api_url = read.parsed("STRIPE_API_URL", values.web_address)
    refuse_half_a_catalogue(config, read)
    if config.payments == STRIPE:
        require_everything(read)
        require_mode(config, read)
    refuse_other_api(config, read)


def secret_key(text: str) -> str:
    """Read a secret or a restricted key."""
    if re.fullmatch(r"(sk|rk)_(test|live)_[0-9A-Za-z_]{1,250}", text, re.ASCII):
        return text
    raise values.BadValue("is no secret key of Stripe", "sk_test_… or sk_live_… (or rk_…)")


def webhook_secrets(text: str) -> list[str]:
    """Read the secrets of an endpoint: two of them while one takes the place of the other."""
    secrets = re.split(r"[,\s]+", text.strip(", "))
    if all(re.fullmatch(r"whsec_[0-9A-Za-z+/=_-]{16,250}", each, re.ASCII) for each in secrets):
        return secrets
    raise values.BadValue("is no signing secret of a webhook endpoint", "whsec_…, separated by commas")


def prices(text: str) -> list[str]:
    """Read the price that is sold, and behind it those that were sold before and are still paid."""
    numbers = re.split(r"[,\s]+", text.strip(", "))
    if all(re.fullmatch(r"price_[0-9A-Za-z_]{1,240}", each, re.ASCII) for each in numbers):
        return numbers
    raise values.BadValue("is no number of a price", "price_…, the one that is sold first")


def refuse_half_a_catalogue(config: "Config", read: "Settings") -> None:
    month, year = config.plus_per_month, config.plus_per_year
    if month and year and month.currency != year.currency:
        found = "PLUS_PER_MONTH and PLUS_PER_YEAR are in different currencies"
        mend = read.correct("PLUS_PER_YEAR", "VALUE")
        read.mistake(values.AFTER_THE_TABLE, "setting_invalid", found, "one currency for both", mend)


def require_everything(read: "Settings") -> None:
    for name, expected in NEEDED.items():
        if not (read.text(name) or read.text(f"{name}_FILE")):
            mend = either(
                (read.correct(name, "VALUE"), "to take payments"), (read.remove("PAYMENTS"), "to take none")
            )
            found = f"{name} is not set, though PAYMENTS is stripe"
            read.mistake(values.AFTER_THE_TABLE, "setting_missing", found, expected, mend)


def require_mode(config: "Config", read: "Settings") -> None:
    """Real money belongs to production's data, and test money to all other."""
    key, is_live = config.stripe_secret_key, config.environment == "production"
    if key and ("_live_" in key) != is_live:
        kind, wanted = ("test", "live") if is_live else ("live", "test")
        found = f"STRIPE_SECRET_KEY is a {kind} key, and the data is of {config.environment}"
        mend = read.correct("STRIPE_SECRET_KEY", "VALUE")
        read.mistake(values.AFTER_THE_TABLE, "setting_invalid", found, f"a {wanted} key", mend)


def refuse_other_api(config: "Config", read: "Settings") -> None:
    if config.stripe_api_url and config.environment == "production":
        found = "STRIPE_API_URL is set in production, whose key it would be told"
        mend = read.remove("STRIPE_API_URL")
        read.mistake(values.AFTER_THE_TABLE, "setting_invalid", found, "Stripe itself", mend)
