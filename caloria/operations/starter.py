"""The foods that Caloria ships, as its files say: figures, dishes worked out of them, portions and names."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from caloria.models.food import CALORIA, USDA
from caloria.models.nutrients import NUTRIENT_NAMES
from caloria.models.units import ML_PER_FLUID_OUNCE, ML_PER_TABLESPOON, ML_PER_TEASPOON, ML_PER_US_CUP

DATA = Path(__file__).parents[1] / "data"
DISHES = "Soups and meals"
# The source's household measures are those of the United States.
ML_PER = {
    "ml": 1.0,
    "cup": ML_PER_US_CUP,
    "fl oz": ML_PER_FLUID_OUNCE,
    "tablespoon": ML_PER_TABLESPOON,
    "tbsp": ML_PER_TABLESPOON,
    "teaspoon": ML_PER_TEASPOON,
    "tsp": ML_PER_TEASPOON,
}


def lines(name: str) -> Iterator[dict[str, str]]:
    """Each line of one of the files, by the names in its head."""
    with (DATA / f"starter_{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def starter_foods() -> list[dict]:
    """Every food and dish with its names and portions; figures are text, and empty where not known."""
    foods: dict[str, dict] = {line["source_id"]: {**line, "source": USDA} for line in lines("foods")}
    foods |= {dish["source_id"]: dish for dish in _dishes(foods)}
    for line in lines("names"):
        foods[line["source_id"]] |= {**line, "portions": []}
    for line in lines("portions"):
        foods[line["source_id"]]["portions"].append(line)
    return list(foods.values())


def density(food: dict) -> float | None:
    """What a millilitre of something poured weighs in g, by a portion that is a volume; else None."""
    if not food["liquid"]:
        return None
    volumes = ((portion, _millilitres(portion["unit"])) for portion in food["portions"])
    portion, ml = next((portion, ml) for portion, ml in volumes if ml)
    return float(portion["gram_weight"]) / (float(portion["amount"]) * ml)


def _millilitres(unit: str) -> float | None:
    """What one of a unit holds, such as "cup" or "glass (5 fl oz)"; None of what is no volume."""
    if ounces := re.search(r"\(([\d.]+) fl oz\)", unit):
        return float(ounces[1]) * ML_PER_FLUID_OUNCE
    return next((ml for name, ml in ML_PER.items() if unit.startswith(name)), None)


def _dishes(foods: dict[str, dict]) -> Iterator[dict]:
    """Dishes in the shape of foods: all that their ingredients hold, in what is left when they are cooked."""
    parts: dict[str, list[dict]] = {}
    for line in lines("ingredients"):
        parts.setdefault(line["source_id"], []).append(line)
    for line in lines("dishes"):
        weight = float(line["cooked_weight_g"])
        held = {name: _per_100_g(name, parts[line["source_id"]], foods, weight) for name in NUTRIENT_NAMES}
        # Water is what cooking takes away.
        yield {**line, "source": CALORIA, "category": DISHES, **held, "water_g": ""}


def _per_100_g(name: str, parts: list[dict], foods: dict[str, dict], weight: float) -> str:
    """The amount in 100 g of a dish; unknown where it is unknown of one of its parts."""
    figures = [(foods[part["ingredient_id"]][name], float(part["gram_weight"])) for part in parts]
    if any(figure == "" for figure, _ in figures):
        return ""
    return repr(sum(float(figure) * grams / 100 for figure, grams in figures) / weight * 100)
