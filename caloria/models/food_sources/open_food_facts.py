"""How Open Food Facts says what a product is: everything is text, typed by anybody, mostly for 100 g.

Amounts are in grams, whatever the unit of a label is; energy is in kcal, in kJ, or under an old name in kJ.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from caloria.models.food import folded
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
from caloria.models.gtin import digits_of
from caloria.models.nutrients import KJ_PER_KCAL, NUTRIENT_NAMES
from caloria.models.units import GRAMS_PER_OUNCE, ML_PER_FLUID_OUNCE

# What each nutrient is called there, and how many of Caloria's units a gram is.
G, MG, UG = 1.0, 1e3, 1e6
# The alcohol of a label is a percentage of the volume, and a millilitre of it weighs 0.789 g (at 20 °C).
ALCOHOL_G_PER_ML = 0.789
NAMED: dict[str, tuple[tuple[str, float], ...]] = {
    "protein_g": (("proteins", G),),
    "fat_g": (("fat", G),),
    "carbohydrate_g": (("carbohydrates", G),),
    "fiber_g": (("fiber", G),),
    "sugars_g": (("sugars", G),),
    "saturated_fat_g": (("saturated-fat", G),),
    "monounsaturated_fat_g": (("monounsaturated-fat", G),),
    "polyunsaturated_fat_g": (("polyunsaturated-fat", G),),
    "trans_fat_g": (("trans-fat", G),),
    "cholesterol_mg": (("cholesterol", MG),),
    # A label says the one or the other: salt is 2.5 times the sodium (Regulation (EU) 1169/2011, annex I).
    "sodium_mg": (("sodium", MG), ("salt", MG / 2.5)),
    "potassium_mg": (("potassium", MG),),
    "calcium_mg": (("calcium", MG),),
    "iron_mg": (("iron", MG),),
    "magnesium_mg": (("magnesium", MG),),
    "phosphorus_mg": (("phosphorus", MG),),
    "zinc_mg": (("zinc", MG),),
    "copper_mg": (("copper", MG),),
    "manganese_mg": (("manganese", MG),),
    "selenium_ug": (("selenium", UG),),
    "vitamin_a_rae_ug": (("vitamin-a", UG),),
    "vitamin_c_mg": (("vitamin-c", MG),),
    "vitamin_d_ug": (("vitamin-d", UG),),
    "vitamin_e_mg": (("vitamin-e", MG),),
    "vitamin_k_ug": (("vitamin-k", UG), ("phylloquinone", UG)),
    "thiamin_mg": (("vitamin-b1", MG),),
    "riboflavin_mg": (("vitamin-b2", MG),),
    "niacin_mg": (("vitamin-pp", MG),),
    "pantothenic_acid_mg": (("pantothenic-acid", MG),),
    "vitamin_b6_mg": (("vitamin-b6", MG),),
    "folate_ug": (("vitamin-b9", UG), ("folates", UG)),
    "vitamin_b12_ug": (("vitamin-b12", UG),),
    "choline_mg": (("choline", MG),),
    "water_g": (("water", G),),
    "alcohol_g": (("alcohol", ALCOHOL_G_PER_ML),),
    "caffeine_mg": (("caffeine", MG),),
}
ENERGY = ("energy-kcal", "energy-kj", "energy")
MEASURED = (*ENERGY, *(said for pairs in NAMED.values() for said, _times in pairs))
FIGURES = tuple(f"{name}_100g" for name in MEASURED)
COLUMNS = (
    "code",
    "last_modified_t",
    "product_name",
    "abbreviated_product_name",
    "generic_name",
    "brands",
    "categories_en",
    "serving_size",
    "serving_quantity",
    "serving_quantity_unit",
    "product_quantity_unit",
    "unique_scans_n",
)
KEPT_OF_JSON = ("lang", "categories_tags", *COLUMNS)
# What is kept of a product, in this order.
KEPT = (
    "gtin",
    "code",
    "name",
    "folded_name",
    "brand",
    "category",
    "density_g_per_ml",
    "serving_amount",
    "serving_name",
    "serving_grams",
    "scans",
    "changed_at",
    *NUTRIENT_NAMES,
)
MOST_KCAL = 1000
# What no 100 g of anything hold: more is milligrams or micrograms that were typed as grams.
MOST = {
    "sodium_mg": 40_000.0, "potassium_mg": 60_000.0, "calcium_mg": 45_000.0, "iron_mg": 5_000.0,
    "magnesium_mg": 60_000.0, "zinc_mg": 5_000.0, "copper_mg": 1_000.0, "manganese_mg": 1_000.0,
    "selenium_ug": 50_000.0, "vitamin_a_rae_ug": 300_000.0, "vitamin_c_mg": 50_000.0,
    "vitamin_d_ug": 20_000.0, "vitamin_e_mg": 20_000.0, "vitamin_k_ug": 50_000.0, "thiamin_mg": 5_000.0,
    "riboflavin_mg": 5_000.0, "niacin_mg": 20_000.0, "pantothenic_acid_mg": 20_000.0,
    "vitamin_b6_mg": 5_000.0, "folate_ug": 200_000.0, "vitamin_b12_ug": 200_000.0, "cholesterol_mg": 10_000.0,
    "choline_mg": 50_000.0,
}  # fmt: skip
LATEST = datetime(2200, 1, 1, tzinfo=UTC).timestamp()
_SERVING = re.compile(r"(\d+(?:[.,]\d+)?)\s*(kg|g|gr|grams?|mg|ml|cl|dl|l|fl\.?\s*oz|oz|lb)\b", re.IGNORECASE)
_GRAMS = {
    "kg": 1000, "g": 1, "gr": 1, "gram": 1, "grams": 1, "mg": 1e-3, "oz": GRAMS_PER_OUNCE, "lb": 453.59237,
}  # fmt: skip
_MILLILITRES = {
    "ml": 1,
    "cl": 10,
    "dl": 100,
    "l": 1000,
    "floz": ML_PER_FLUID_OUNCE,
    "fl.oz": ML_PER_FLUID_OUNCE,
}


def product(said: Mapping[str, Any], figures: Mapping[str, Any], left_out: list[str]) -> tuple:
    """What is kept of a product: `figures` are per 100 g, by their names there.

    Raises Rejected.
    """
    code = digits_of(str(said.get("code") or ""))[:40]
    gtin = barcode(code)
    if gtin is None:
        raise Rejected("it has no barcode")
    name, brand = _name(said), words(str(said.get("brands") or "").split(",")[0]) or None
    nutrients = _nutrients(figures, left_out)
    (amount, unit), grams, is_poured = serving(said)
    return (
        gtin,
        code[-14:],
        name,
        folded(f"{name} {brand or ''}"),
        brand,
        _category(said),
        1.0 if is_poured else None,
        amount,
        unit,
        grams,
        _scans(said),
        changed_at(said),
        *(nutrients[each] for each in NUTRIENT_NAMES),
    )


def changed_at(said: Mapping[str, Any]) -> datetime:
    """When it was last changed there; the beginning of time where nothing is said."""
    try:
        seconds = float(said.get("last_modified_t") or 0)
    except (TypeError, ValueError, OverflowError):
        seconds = 0.0
    return datetime.fromtimestamp(seconds if 0 <= seconds <= LATEST else 0, UTC)


def serving(said: Mapping[str, Any]) -> tuple[tuple[float | None, str | None], float | None, bool]:
    """How many of what a serving is, what it weighs, and whether it is poured: "2 cookies (28 g)" is 28 g.

    The figures of what is poured are for 100 ml, so a millilitre of it counts as a gram.
    """
    text = words(said.get("serving_size"), 120)
    found = list(_SERVING.finditer(text))
    units = [each[2].lower().replace(" ", "") for each in found]
    unit = words(said.get("serving_quantity_unit") or said.get("product_quantity_unit")).lower()
    is_poured = unit in _MILLILITRES or (unit not in _GRAMS and bool(units) and units[-1] in _MILLILITRES)
    grams = _quantity(said.get("serving_quantity"))
    if grams is None and found:
        times = {**_GRAMS, **_MILLILITRES}[units[-1]]
        grams = _quantity(float(found[-1][1].replace(",", ".")) * times)
    if grams is None:
        return (None, None), None, is_poured
    return _named(text[: found[-1].start()] if found else text), grams, is_poured


def _named(text: str) -> tuple[float, str]:
    """What a serving is called, by what stands before its weight; mostly nothing does."""
    amount, unit = counted(text.rstrip(" (,;:=/-~"))
    made = portion(amount, as_written(unit.strip(".,()[] ")) or "serving", 1.0)
    return made[:2] if made and unit else (1.0, "serving")


def _quantity(said: Any) -> float | None:
    try:
        grams = number(said, "serving")
    except Rejected:
        return None
    made = portion(1.0, "serving", grams)
    return made[2] if made else None


def _name(said: Mapping[str, Any]) -> str:
    """Its name in its own language, in English, in any other; else what kind of thing it is."""
    own = str(said.get("lang") or "")
    first = ("product_name", f"product_name_{own}", "product_name_en")
    others = sorted(each for each in said if str(each).startswith("product_name_"))
    kinds = ("abbreviated_product_name", "generic_name", f"generic_name_{own}", "generic_name_en")
    for each in (*first, *others, *kinds):
        if name := words(said.get(each)):
            return name_of(name.strip('"') or name)
    raise Rejected("it has no name")


def _category(said: Mapping[str, Any]) -> str | None:
    """The last of its categories with those that they are within, from general to special."""
    every = said.get("categories_en") or said.get("categories_tags") or ""
    some = every if isinstance(every, list) else str(every).split(",")
    plain = [words(re.sub(r"^[a-z]{2}:", "", str(each)).replace("-", " ")) for each in some]
    kept = [each[:1].upper() + each[1:] for each in plain if each and each.lower() != "null"]
    return " › ".join(kept[-3:])[:200] or None


def _scans(said: Mapping[str, Any]) -> int:
    try:
        return min(max(int(float(said.get("unique_scans_n") or 0)), 0), 2_000_000_000)
    except (TypeError, ValueError, OverflowError):
        return 0


def _nutrients(figures: Mapping[str, Any], left_out: list[str]) -> dict[str, float | None]:
    found: dict[str, float | None] = {"energy_kcal": _energy(figures), "folate_dfe_ug": None}
    for name, others in NAMED.items():
        found[name] = None
        for said, times in others:
            amount = number(figures.get(said), said)
            if amount is not None:
                found[name] = _plausible(name, amount * times, left_out)
                break
    return found


def _plausible(name: str, amount: float, left_out: list[str]) -> float | None:
    """An amount that a food can hold. Raises Rejected for what a label must say, else leaves it out."""
    if amount <= MOST.get(name, amount):
        return fitting(name, amount, left_out)
    reason = f"{name}: {amount:g} cannot be in 100 g"
    if name == "sodium_mg":
        raise Rejected(reason)
    left_out.append(reason)
    return None


def _energy(figures: Mapping[str, Any]) -> float:
    """The energy in kcal. What is said in kJ counts where kcal are missing, or more than there can be."""
    kcal, kj, old = (number(figures.get(name), name) for name in ENERGY)
    if kcal is not None and kcal <= MOST_KCAL:
        return kcal
    for said in (kj, old):
        if said is not None and said / KJ_PER_KCAL <= MOST_KCAL:
            return said / KJ_PER_KCAL
    most = next((each for each in (kcal, kj, old) if each is not None), None)
    raise Rejected("it has no energy" if most is None else f"energy_kcal: {most:g} cannot be in 100 g")


def of_json(item: dict) -> tuple[dict, dict]:
    """What is kept of an object: texts by their names, and the figures for 100 g."""
    said = {name: _plain(item[name]) for name in KEPT_OF_JSON if item.get(name) not in (None, "")}
    said |= {
        name: _plain(text)
        for name, text in item.items()
        if text and name.startswith(("product_name_", "generic_name_")) and len(said) < 200
    }
    return said, of_100_g(item)


def of_100_g(item: dict) -> dict:
    """The figures of a product for 100 g, also where they are only said for a serving."""
    nutriments = item.get("nutriments")
    if not isinstance(nutriments, dict):
        return {}
    figures = {name: _plain(nutriments.get(f"{name}_100g")) for name in MEASURED}
    if all(each is None for each in figures.values()):
        figures = _of_serving(item, nutriments)
    return {name: said for name, said in figures.items() if said not in (None, "")}


def _of_serving(item: dict, nutriments: dict) -> dict:
    try:
        per_100_g = 100 / float(item.get("serving_quantity") or 0)
        said = {name: nutriments.get(f"{name}_serving") for name in MEASURED}
        return {name: float(each) * per_100_g for name, each in said.items() if each not in (None, "")}
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return {}


def _plain(said: Any) -> Any:
    if isinstance(said, list):
        return [str(each)[:200] for each in said[:40]]
    return said if isinstance(said, int | float) else str(said)[:2000] if isinstance(said, str) else None
