"""Money: an integer in the smallest unit of its currency, such as cents."""

import re
from typing import NamedTuple

from settings.values import BadValue

# How many decimals a currency has where that is not two, as those count who take the money: docs.stripe.com,
# "Zero-decimal currencies" and "Three-decimal currencies".
NONE = [
    "BIF",
    "CLP",
    "DJF",
    "GNF",
    "JPY",
    "KMF",
    "KRW",
    "MGA",
    "PYG",
    "RWF",
    "VND",
    "VUV",
    "XAF",
    "XOF",
    "XPF",
]
THREE = ["BHD", "JOD", "KWD", "OMR", "TND"]
MOST_MINOR = 1_000_000_000_000
FORM = "an amount and a currency, such as 4.99 EUR"


class Money(NamedTuple):
    """An amount in the smallest unit of its currency."""

    amount_minor: int
    currency: str


def decimals(currency: str) -> int:
    """How many digits stand behind the point."""
    return 0 if currency in NONE else 3 if currency in THREE else 2


def money(text: str) -> Money:
    """Read a price such as "4.99 EUR" or "700 JPY". Raises BadValue."""
    found = re.fullmatch(r"([0-9]{1,9})(?:\.([0-9]{1,3}))?\s+([A-Z]{3})", text, re.ASCII)
    if not found:
        raise BadValue("is not a price", FORM)
    whole, part, currency = found[1], found[2] or "", found[3]
    digits = decimals(currency)
    if part and len(part) != digits:
        said = f"{digits} digits behind the point, or none" if digits else "no digits behind a point"
        raise BadValue("has another number of decimals than its currency", said)
    minor = int(whole + part.ljust(digits, "0"))
    if not 0 < minor <= MOST_MINOR:
        raise BadValue("is no price that anybody can pay", FORM)
    return Money(minor, currency)
