"""What files say of amounts, names and barcodes, as Caloria keeps it."""

import html
import math
import re
import unicodedata
from typing import Any

from caloria.models import gtin
from caloria.models.food import HEAVIEST_GRAMS
from caloria.models.nutrients import BY_NAME, DAY_NUTRIENTS

LONGEST_NAME = 200
CEILINGS = {name: nutrient.ceiling for name, nutrient in BY_NAME.items()}


class Rejected(ValueError):
    """A food cannot be taken from its source, for the reason that this says."""


_BLANK = ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")


def number(said: Any, what: str) -> float | None:
    """An amount as a number; None where nothing is said. Raises Rejected for what is none."""
    if said is None or said == "":
        return None
    try:
        amount = float(said)
    except (TypeError, ValueError, OverflowError):
        raise Rejected(f"{what}: {str(said)[:40]!r} is no number") from None
    # Python alone reads True as 1, and 1_000 as a thousand.
    if isinstance(said, bool) or (isinstance(said, str) and "_" in said):
        raise Rejected(f"{what}: {str(said)[:40]!r} is no number")
    if not math.isfinite(amount):
        raise Rejected(f"{what}: {said} is no amount")
    if amount < 0:
        raise Rejected(f"{what}: {amount:g} is negative")
    return amount


def fitting(name: str, amount: float, left_out: list[str]) -> float | None:
    """An amount that 100 g can hold. What labels say has to fit; any other figure may stay unknown.

    Most of what does not fit is off by a thousand: milligrams that were typed as grams.
    """
    if amount <= CEILINGS[name]:
        return amount
    reason = f"{name}: {amount:g} cannot be in 100 g"
    if name in DAY_NUTRIENTS:
        raise Rejected(reason)
    left_out.append(reason)
    return None


def words(said: Any, longest: int = LONGEST_NAME) -> str:
    """A text on one line, without what cannot be seen."""
    text = str(said or "")
    if not text.isascii() or "&" in text:
        text = html.unescape(text)
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(each) in _BLANK else each for each in text)
    return " ".join(text.split())[:longest].strip()


def name_of(said: Any) -> str:
    """The name of a food; what is all in capitals is written as people write. Raises Rejected."""
    name = words(said)
    if not name:
        raise Rejected("it has no name")
    # Some letters become two where they are small.
    return name.capitalize()[:LONGEST_NAME] if name.isupper() and len(name) > 4 else name


def barcode(said: Any) -> str | None:
    """The GTIN-14 of a code that may have lost the zeros in front; None for no code. Raises Rejected."""
    digits = gtin.digits_of(str(said or ""))
    if not digits.strip("0"):
        return None
    try:
        return gtin.normalised(digits.zfill(gtin.LENGTH))
    except gtin.NotABarcode:
        pass
    try:
        return gtin.normalised(digits)
    except gtin.NotABarcode:
        wrong = len(digits) <= gtin.LENGTH and digits.isdecimal()
        why = "its check digit is wrong" if wrong else "it is no barcode"
        raise Rejected(f"barcode {digits[:40]}: {why}") from None


_COUNT = re.compile(r"\s*(?:(\d+)\s+)?(\d+)\s*/\s*(\d+)(?=\s|$)|\s*(\d+(?:[.,]\d+)?)")


def counted(text: str) -> tuple[float, str]:
    """How many of what a portion is: "1 1/2 cups, sliced" is 1.5 and "cups, sliced"."""
    found = _COUNT.match(text)
    if not found:
        return 1.0, words(text, 80)
    whole, above, below, plain = found.groups()
    if plain:
        amount = float(plain.replace(",", "."))
    else:
        amount = float(whole or 0) + (float(above) / float(below) if float(below) else 0)
    return (amount, words(text[found.end() :], 80)) if amount else (1.0, words(text, 80))


def as_written(unit: str) -> str:
    """A unit as people write it, where a label shouts or is coded."""
    return {"ONZ": "oz", "GRM": "g"}.get(unit.upper(), unit.lower() if unit.isupper() else unit)


def portion(amount: float | None, unit: str, grams: float | None) -> tuple[float, str, float] | None:
    """A portion that can be kept; None where it weighs nothing, or more than anybody eats."""
    amount = amount or 1.0
    if not unit or grams is None:
        return None
    within = 0.001 <= amount <= HEAVIEST_GRAMS and 0.001 <= grams <= HEAVIEST_GRAMS
    return (amount, unit, grams) if within else None
