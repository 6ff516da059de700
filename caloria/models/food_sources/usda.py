"""How FoodData Central says things, in whichever of its files: nutrients, portions, categories.

Field descriptions: USDA FoodData Central, "Download API Field Descriptions".
"""

from collections.abc import Iterable, Mapping
from typing import Any

from caloria.models.food import USDA, folded
from caloria.models.food_sources.amounts import (
    Rejected,
    as_written,
    barcode,
    counted,
    fitting,
    name_of,
    number,
    portion,
    words,
)
from caloria.models.nutrients import KJ_PER_KCAL, NUTRIENTS

# The data types that are foods; any other record is a sample of one, or where it was bought.
FOODS = ("foundation_food", "sr_legacy_food", "survey_fndds_food", "branded_food")
BRANDED = "branded_food"
# What else a nutrient may be called, in the order in which it counts. Energy: as FoodData Central gives it,
# by specific factors, by general factors, in kJ.
OTHERS: dict[str, tuple[tuple[int, str], ...]] = {
    "energy_kcal": ((2048, "958"), (2047, "957"), (1062, "268")),
    "fat_g": ((1085, "298"),),
    "sugars_g": ((1063, "269.3"),),
    "vitamin_d_ug": ((1110, "324"),),
}
TAKEN = {each.name: ((each.fdc_id, each.fdc_number), *OTHERS.get(each.name, ())) for each in NUTRIENTS}
# By id or by legacy number: a file has the one or the other, and no number of ours is an id of ours.
KNOWN = {said: ids[0] for pairs in TAKEN.values() for ids in pairs for said in (str(ids[0]), ids[1])}
IN_GRAMS = {"G": 1.0, "MG": 1e-3, "UG": 1e-6, "MCG": 1e-6}
KJ, VITAMIN_D_IU = 1062, 1110
IU_PER_UG_OF_VITAMIN_D = 40
UNITS = {each.fdc_id: {"µg": "UG"}.get(each.unit, each.unit.upper()) for each in NUTRIENTS}
MOST_PORTIONS, LONGEST_ID = 50, 18
UNDETERMINED = ("", "9999", "undetermined")
UNSPECIFIED = "quantity not specified"
MILLILITRES = ("ml", "mlt")
WEIGHED = ("g", "grm", *MILLILITRES)


def require_id(said: str) -> None:
    """That an id of a food is a number. Raises Rejected."""
    if not (said.isascii() and said.isdecimal() and len(said) <= LONGEST_ID):
        raise Rejected("its fdc_id is no number")


def factors(units: Iterable[tuple[str, str, str]]) -> tuple[dict[str, int], dict[int, float]]:
    """By the list of nutrients of a file (id, number, unit): what its ids mean, and by what to multiply."""
    known, times = dict(KNOWN), {}
    for said, number_, unit in units:
        fdc_id = KNOWN.get(said) or KNOWN.get(number_)
        if fdc_id is None:
            continue
        known[said] = known[number_] = fdc_id
        wanted = UNITS.get(fdc_id)
        if wanted in IN_GRAMS and unit.upper() in IN_GRAMS and unit.upper() != wanted:
            times[fdc_id] = IN_GRAMS[unit.upper()] / IN_GRAMS[wanted]
    return known, times


def amounts(said: Mapping[int, Any], times: Mapping[int, float], left_out: list[str]) -> list[float | None]:
    """Every nutrient of Caloria's, in their order, out of those of a food by their ids. Raises Rejected."""
    found: list[float | None] = []
    for name, ids in TAKEN.items():
        amount = None
        for fdc_id, _number in ids:
            amount = number(said.get(fdc_id), name)
            if amount is not None:
                amount = fitting(name, _converted(amount, fdc_id, times), left_out)
                break
        found.append(amount)
    if all(amount is None for amount in found):
        raise Rejected("it has no amount of any nutrient")
    return found


def _converted(amount: float, fdc_id: int, times: Mapping[int, float]) -> float:
    if fdc_id == KJ:
        return amount / KJ_PER_KCAL
    if fdc_id == VITAMIN_D_IU:
        return amount / IU_PER_UG_OF_VITAMIN_D
    return amount * times[fdc_id] if fdc_id in times else amount


def portion_of(said: Mapping[str, Any], units: Mapping[str, str]) -> tuple[float, str, float] | None:
    """A portion in any of the three dialects; None where it tells nothing.

    Foundation: a unit and what it is of. SR Legacy: no unit, words in the modifier. FNDDS: no unit and no
    amount, words in the description, a code in the modifier.
    """
    grams, amount = number(said["gram_weight"], "portion"), number(said["amount"], "portion")
    unit = words(units.get(said["unit"], said["unit"]))
    modifier, description = words(said["modifier"], 80), words(said["description"], 80)
    if unit.lower() not in UNDETERMINED:
        return portion(amount, ", ".join(each for each in (unit, modifier) if each)[:80], grams)
    if description:
        if description.lower() == UNSPECIFIED:
            return None
        how_many, what = counted(description)
        return portion(amount or how_many, what, grams)
    return portion(amount, modifier, grams)


def portions_of(
    every: Iterable[Mapping[str, Any]], units: Mapping[str, str], left_out: list[str]
) -> list[tuple[float, str, float]]:
    """The portions of a food that can be kept; why another one cannot is said."""
    found = []
    for said in every:
        try:
            found.append(portion_of(said, units))
        except Rejected as error:
            left_out.append(str(error))
    return [each for each in found if each]


def serving_of(branded: Mapping[str, Any]) -> tuple[float, str, float] | None:
    """The serving of a label, which weighs what it says; for what is poured a millilitre counts as a gram."""
    if words(branded["serving_size_unit"]).lower() not in WEIGHED:
        return None
    amount, unit = counted(words(branded["household_serving_fulltext"], 80))
    return portion(amount, as_written(unit) or "serving", number(branded["serving_size"], "serving"))


def food(
    key: str,
    description: Any,
    category: str | None,
    nutrients: list[float | None],
    branded: Mapping[str, Any] | None = None,
) -> tuple:
    """The columns of a food, as the staging table has them. Raises Rejected."""
    name, brand, code, density = name_of(description), None, None, None
    if branded:
        brand = words(branded["brand_name"]) or words(branded["brand_owner"]) or None
        code = barcode(branded["gtin_upc"])
        category = words(branded["branded_food_category"]) or None
        # Its figures are for 100 ml: measured by volume, they come out as the label says.
        density = 1.0 if words(branded["serving_size_unit"]).lower() in MILLILITRES else None
    said = folded(f"{name} {brand or ''}")
    return (USDA, key, name, said, brand, category, "by_difference", code, density, *nutrients)


class Categories:
    """The categories of a file by their ids; one within another is said with both names."""

    def __init__(self, rows: Iterable[tuple[str, str, str]] = ()):
        every = [(id, code, words(name)) for id, code, name in rows]
        self.of_code = {code: name for _id, code, name in every}
        self.of_id = {id: self._with_group(code, name) for id, code, name in every}

    def _with_group(self, code: str, name: str) -> str:
        """Code 1410 is a part of 1400."""
        group = self.of_code.get(f"{code[:2]}00") if len(code) == 4 else None
        return f"{group} › {name}" if group and group != name else name

    def get(self, said: Any) -> str | None:
        """A category by its id, or by its name where a file says that."""
        return self.of_id.get(str(said)) or words(said if not str(said).isdecimal() else "") or None
