"""Barcodes of products as digits: GTIN-8, -12 (UPC-A), -13, -14 and UPC-E (GS1 General Specifications).

They are kept as GTIN-14, with zeros in front: a product then has the same text however its code was printed.
"""

import unicodedata

from caloria.words import N_

LENGTH = 14
LENGTHS = (8, 12, 13, LENGTH)
NO_BARCODE = N_("A barcode has 8, 12, 13 or 14 digits. Please check what is here.")
MISREAD = N_("The last digit does not go with the others. Please check each of them.")


class NotABarcode(ValueError):
    """This is not the number of a product."""


def digits_of(text: str) -> str:
    """The text without spaces and dashes, with 0 to 9 for the digits of any script."""
    if text.isascii() and text.isdecimal():
        return text
    kept = (letter for letter in text if unicodedata.category(letter) not in ("Zs", "Pd"))
    return "".join(str(int(letter)) if letter.isdecimal() else letter for letter in kept)


def normalised(text: str) -> str:
    """The GTIN-14 of what somebody typed or a scanner read. Raises NotABarcode."""
    return readings(text)[0]


def readings(text: str) -> list[str]:
    """Every GTIN-14 that these digits may stand for, the likeliest first. Raises NotABarcode.

    Eight digits may be right both as a GTIN-8 and as a UPC-E. What begins with 0 is a UPC-E first: such a
    GTIN-8 is only what a shop gives out for itself.
    """
    digits = digits_of(text)
    if len(digits) not in LENGTHS or not digits.isdecimal():
        raise NotABarcode(NO_BARCODE)
    found = [each.zfill(LENGTH) for each in (digits, _upc_a(digits)) if each and _is_checked(each)]
    if not found:
        raise NotABarcode(MISREAD)
    return found[::-1] if digits.startswith("0") else found


def shown(gtin: str) -> str:
    """A GTIN-14 as it is printed: without the zeros in front, unless that would read as something else."""
    for length in LENGTHS:
        short = gtin[LENGTH - length :]
        if short.zfill(LENGTH) == gtin and normalised(short) == gtin:
            return short
    return gtin


def _is_checked(digits: str) -> bool:
    """Whether the digits, every second one before the last taken three times, come to a multiple of ten."""
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return weighed > 0 and weighed % 10 == 0


def _upc_a(digits: str) -> str | None:
    """The UPC-A that eight digits are short for as a UPC-E; the last of the six in the middle says how."""
    if len(digits) != 8 or digits[0] not in "01":
        return None
    six, rule = digits[1:7], digits[6]
    if rule in "012":
        long = six[:2] + rule + "0000" + six[2:5]
    elif rule == "3":
        long = six[:3] + "00000" + six[3:5]
    elif rule == "4":
        long = six[:4] + "00000" + six[4]
    else:
        long = six[:5] + "0000" + rule
    return digits[0] + long + digits[7]
