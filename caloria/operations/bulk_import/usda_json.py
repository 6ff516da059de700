"""The JSON downloads of FoodData Central: one list of foods, each with all that is known of it."""

from collections.abc import Callable, Iterator
from typing import Any

from caloria.models.food_sources.amounts import Rejected, barcode, words
from caloria.models.food_sources.usda import (
    KNOWN,
    MOST_PORTIONS,
    amounts,
    factors,
    food,
    portions_of,
    require_id,
    serving_of,
)
from caloria.operations.bulk_import.files import Package, Told
from caloria.operations.bulk_import.rows import json_items
from caloria.operations.bulk_import.spool import Spool

LISTS = ("FoundationFoods", "SRLegacyFoods", "SurveyFoods", "BrandedFoods")
LABEL = {
    "gtin_upc": "gtinUpc",
    "brand_owner": "brandOwner",
    "brand_name": "brandName",
    "serving_size": "servingSize",
    "serving_size_unit": "servingSizeUnit",
    "household_serving_fulltext": "householdServingFullText",
    "branded_food_category": "brandedFoodCategory",
}


class UsdaJson:
    """One JSON file, perhaps in a zip."""

    samples = 0

    def __init__(self, package: Package, spool: Spool, name: str):
        self.package, self.spool, self.name = package, spool, name

    @property
    def size(self) -> int:
        return self.package.size(self.name)

    def read(self, tell: Told) -> None:
        """Keep every food with what Caloria needs of it. Raises UnfitFile."""
        with self.package.open(self.name, tell) as file:
            for place, item in json_items(self.name, file, LISTS):
                self._keep(place, item)
        self.spool.settle()

    def foods(self) -> Iterator[tuple[int, str, Callable[[], tuple]]]:
        """The place and the id of each food that is left, and what makes its columns and portions of it."""
        for place, key, said in self.spool.records():
            yield place, key, lambda place=place, key=key, said=said: self._made(place, key, *said)

    def _keep(self, place: int, item: dict) -> None:
        key = str(item.get("fdcId") or "")
        try:
            require_id(key)
            said = _said(item)
            code = barcode(said[2]["gtin_upc"]) if said[2] else None
        except (AttributeError, KeyError, TypeError):
            self.spool.refuse(place, key[:40], "it is not laid out as a food")
        except Rejected as error:
            self.spool.refuse(place, key[:40], str(error))
        else:
            newest = f"{_date(item.get('availableDate'))} {_date(item.get('publicationDate'))}"
            self.spool.keep(place, key, said, rank=-place, gtin=code, newest=newest)

    def _made(self, place: int, key: str, name: str, category: str, label: dict | None, *more: Any) -> tuple:
        nutrients, units, portions = more
        left_out: list[str] = []
        figures = amounts(dict(reversed(nutrients)), factors(units)[1], left_out)
        made = food(key, name, category or None, figures, label)
        found = [*portions_of(portions, {}, left_out), serving_of(label) if label else None]
        for reason in left_out:
            self.spool.note(self.name, place, key, reason)
        return made, [each for each in found if each][:MOST_PORTIONS]


def _said(item: dict) -> tuple:
    """What is kept of a food: name, category, label, nutrients with their units, portions."""
    nutrients, units = [], []
    for each in item.get("foodNutrients") or []:
        nutrient = each.get("nutrient") or {}
        said = (str(nutrient.get("id") or ""), str(nutrient.get("number") or ""))
        fdc_id = KNOWN.get(said[0]) or KNOWN.get(said[1])
        if fdc_id is not None and each.get("amount") is not None:
            nutrients.append((fdc_id, _plain(each["amount"])))
            units.append((*said, str(nutrient.get("unitName") or "").replace("µg", "UG")))
    portions = [_portion(each) for each in item.get("foodPortions") or []]
    return (words(item.get("description")), _category(item), _label(item), nutrients, units, portions)


def _label(item: dict) -> dict | None:
    if item.get("dataType") != "Branded":
        return None
    return {name: _plain(item.get(said)) for name, said in LABEL.items()}


def _category(item: dict) -> str:
    said = item.get("foodCategory") or item.get("wweiaFoodCategory") or {}
    return (
        words(said.get("description") or said.get("wweiaFoodCategoryDescription"))
        if isinstance(said, dict)
        else ""
    )


def _portion(said: dict) -> dict:
    unit = said.get("measureUnit") or {}
    return {
        "gram_weight": _plain(said.get("gramWeight")),
        "amount": _plain(said.get("amount") or said.get("value")),
        "unit": words(unit.get("name")),
        "description": words(said.get("portionDescription")),
        "modifier": words(said.get("modifier")),
    }


def _plain(said: Any) -> Any:
    return said if isinstance(said, int | float | str) else None


def _date(said: Any) -> str:
    """A date such as 4/1/2021, so that a later one sorts behind it."""
    month, day, year = (*str(said or "").split("/"), "", "")[:3]
    return f"{year:0>4}-{month:0>2}-{day:0>2}" if year else str(said or "")
