"""How much of a food another tracker says that was eaten."""

import re
import unicodedata

from caloria.models.imported.numbers import number
from caloria.models.imported.trouble import BadCell
from caloria.models.units import GRAMS_PER_OUNCE, GRAMS_PER_POUND

QUANTITY = re.compile(r"\s*([\d.,]+)\s*(.*)", re.DOTALL)
# What a unit weighs, by what it is called here.
UNITS = {"g": 1.0, "kg": 1000.0, "mg": 0.001, "oz": GRAMS_PER_OUNCE, "lb": GRAMS_PER_POUND}
CALLED = {
    **dict.fromkeys(("g", "gr", "gram", "grams"), "g"),
    **dict.fromkeys(("kg", "kilogram", "kilograms"), "kg"),
    **dict.fromkeys(("mg", "milligram", "milligrams"), "mg"),
    **dict.fromkeys(("oz", "ounce", "ounces"), "oz"),
    **dict.fromkeys(("lb", "lbs", "pound", "pounds"), "lb"),
}
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def quantity(text: str, sign: str) -> tuple[float | None, str]:
    """The number in front and the words behind it: "2.00 medium"."""
    parts = QUANTITY.fullmatch(text)
    if not parts:
        return None, plain(text, 100)
    try:
        return number(parts[1], sign, ""), plain(parts[2], 100)
    except BadCell:
        return None, plain(text, 100)


def unit_named(text: str) -> str:
    """A unit of weight as it is called here; any other in the words of the file."""
    return CALLED.get(text.casefold().rstrip("."), text)


def grams_of(amount: float | None, unit: str) -> float | None:
    """What so many of a unit weigh; None where only the other tracker knows."""
    grams = UNITS.get(unit_named(unit))
    return None if amount is None or grams is None else amount * grams


def plain(text: str, longest: int) -> str:
    """Text on one line, without what cannot be seen, and no longer than can be kept."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())[:longest].strip()
    seen = (" " if unicodedata.category(letter) in UNSEEN else letter for letter in text)
    return " ".join(unicodedata.normalize("NFC", "".join(seen)).split())[:longest].strip()
