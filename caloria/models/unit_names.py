"""What the portions of the foods that Caloria ships are called in other languages than English."""

import csv
from functools import cache
from pathlib import Path

FILE = Path(__file__).parents[1] / "data" / "starter_units.csv"


def unit_in(unit: str, language: str) -> str:
    """A portion's unit in a language; what is not known in it, such as a person's own, stays as it is."""
    return _names(language).get(unit) or unit


@cache
def _names(language: str) -> dict[str, str]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {line["unit"]: line.get(language, "") for line in csv.DictReader(lines)}
