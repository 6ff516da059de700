"""Numbers as other trackers and spreadsheets write them."""

import math
import re
from collections.abc import Iterable

from caloria.models.imported.trouble import BadCell
from caloria.words import N_

NOT_A_NUMBER = N_("“%(text)s” in the column %(column)s is no number.")
BELOW_ZERO = N_("“%(text)s” in the column %(column)s is less than zero.")
# So many more cells for one sign than for the other settle it.
BEYOND_DOUBT = 1000
# What trackers write where they know nothing.
UNKNOWN = {"", "-", "–", "—", "--", "n/a", "na", "null", "none", "undefined", "?"}
SPACES = re.compile(r"[\s\u00a0\u2009\u202f'’]+")
# Most of them: the rest is looked at more closely.
PLAIN = re.compile(r"\d{1,15}(\.\d{1,15})?", re.ASCII)
POINT = re.compile(r"-?(\d{1,3}(,\d{3})+|\d{1,15})?(\.\d{1,25})?([eE][+-]?\d{1,3})?")
COMMA = re.compile(r"-?(\d{1,3}(\.\d{3})+|\d{1,15})?(,\d{1,25})?([eE][+-]?\d{1,3})?")
# What can only be written by whoever writes decimals with this sign.
ONLY_POINT = re.compile(r"-?(\d*\.(\d{1,2}|\d{4,})|0\.\d+|\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,})")
ONLY_COMMA = re.compile(r"-?(\d*,(\d{1,2}|\d{4,})|0,\d+|\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,})")


def decimal_sign(cells: Iterable[str]) -> str:
    """The sign for decimals in all of these: that of most cells that leave no doubt, or else a point."""
    points = commas = 0
    for cell in cells:
        if abs(points - commas) >= BEYOND_DOUBT:
            break
        if "." not in cell and "," not in cell:
            continue
        text = SPACES.sub("", cell)
        points += ONLY_POINT.fullmatch(text) is not None
        commas += ONLY_COMMA.fullmatch(text) is not None
    return "," if commas > points else "."


def number(cell: str, sign: str, column: str) -> float | None:
    """The number in a cell, from zero on; None where nothing is known. Raises BadCell."""
    if sign == "." and PLAIN.fullmatch(cell):
        return float(cell)
    text = SPACES.sub("", cell)
    if text.casefold() in UNKNOWN:
        return None
    if not (COMMA if sign == "," else POINT).fullmatch(text) or not any(map(str.isdigit, text)):
        raise BadCell(NOT_A_NUMBER, text=cell.strip(), column=column)
    plain = text.replace(".", "").replace(",", ".") if sign == "," else text.replace(",", "")
    value = float(plain)
    if not math.isfinite(value):
        raise BadCell(NOT_A_NUMBER, text=cell.strip(), column=column)
    if value < 0:
        raise BadCell(BELOW_ZERO, text=cell.strip(), column=column)
    return value
