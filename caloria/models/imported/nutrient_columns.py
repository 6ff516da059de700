"""Which column of another tracker holds which nutrient, and by what its figures become ours."""

from dataclasses import dataclass

from caloria.models.imported.table import Column
from caloria.models.nutrients import BY_NAME, HUNDREDS_OF_GRAMS_IN_AN_ENTRY, KJ_PER_KCAL

# By the names without their units; what is net, added or a part of these is none of ours.
NUTRIENTS = {
    "energy_kcal": ("energy", "calories", "kilocalories", "kilojoules"),
    "protein_g": ("protein", "proteins"),
    "fat_g": ("fat", "fats", "total fat"),
    "carbohydrate_g": ("carbs", "carbohydrates", "carbohydrate", "total carbs", "total carbohydrates"),
    "fiber_g": ("fiber", "fibre", "dietary fiber", "dietary fibre"),
    "sugars_g": ("sugar", "sugars", "total sugars"),
    "saturated_fat_g": ("saturated fat", "saturated", "saturated fats"),
    "monounsaturated_fat_g": ("monounsaturated fat", "monounsaturated", "monounsaturated fats"),
    "polyunsaturated_fat_g": ("polyunsaturated fat", "polyunsaturated", "polyunsaturated fats"),
    "trans_fat_g": ("trans fat", "trans-fats", "trans fats"),
    "cholesterol_mg": ("cholesterol",),
    "sodium_mg": ("sodium",),
    "potassium_mg": ("potassium",),
    "calcium_mg": ("calcium",),
    "iron_mg": ("iron",),
    "magnesium_mg": ("magnesium",),
    "phosphorus_mg": ("phosphorus",),
    "zinc_mg": ("zinc",),
    "copper_mg": ("copper",),
    "manganese_mg": ("manganese",),
    "selenium_ug": ("selenium",),
    "vitamin_a_rae_ug": ("vitamin a", "vitamin a (rae)"),
    "vitamin_c_mg": ("vitamin c",),
    "vitamin_d_ug": ("vitamin d",),
    "vitamin_e_mg": ("vitamin e",),
    "vitamin_k_ug": ("vitamin k",),
    "thiamin_mg": ("b1 (thiamine)", "thiamin", "thiamine", "b1, thiamine"),
    "riboflavin_mg": ("b2 (riboflavin)", "riboflavin", "b2, riboflavin"),
    "niacin_mg": ("b3 (niacin)", "niacin", "b3, niacin"),
    "pantothenic_acid_mg": ("b5 (pantothenic acid)", "pantothenic acid", "b5, pantothenic acid"),
    "vitamin_b6_mg": ("b6 (pyridoxine)", "vitamin b6", "b6, pyridoxine"),
    "folate_ug": ("folate", "b9, folate"),
    "vitamin_b12_ug": ("b12 (cobalamin)", "vitamin b12", "b12, cobalamin"),
    "choline_mg": ("choline",),
    "water_g": ("water",),
    "alcohol_g": ("alcohol",),
    "caffeine_mg": ("caffeine",),
}
CALLED = {name: nutrient for nutrient, names in NUTRIENTS.items() for name in names}
GRAMS = {"kg": 1000.0, "g": 1.0, "mg": 1e-3, "ug": 1e-6, "mcg": 1e-6}
KCAL = {"kcal": 1.0, "cal": 1.0, "kj": 1 / KJ_PER_KCAL}
# An international unit of vitamin D; those of A and E depend on what they are made of.
UG_PER_IU_OF_VITAMIN_D = 0.025


@dataclass(frozen=True)
class NutrientColumn:
    """A column of a table that holds a nutrient; by its factor its figures become those of ours."""

    place: int
    title: str
    nutrient: str
    factor: float
    most: float


def nutrient_columns(columns: list[Column], not_mass: frozenset[str] = frozenset()) -> list[NutrientColumn]:
    """The columns that hold nutrients, the first of each.

    not_mass names those that a tracker gives in per cent of a daily value unless it names a unit.
    """
    found: dict[str, NutrientColumn] = {}
    for place, column in enumerate(columns):
        nutrient = CALLED.get(column.name)
        if nutrient is None or nutrient in found or (column.unit is None and column.name in not_mass):
            continue
        if factor := _factor(nutrient, column):
            most = BY_NAME[nutrient].ceiling * HUNDREDS_OF_GRAMS_IN_AN_ENTRY
            found[nutrient] = NutrientColumn(place, column.title, nutrient, factor, most)
    return list(found.values())


def leaves_energy_open(columns: list[Column]) -> bool:
    """Whether the column of energy says no unit."""
    energy = next((each for each in columns if CALLED.get(each.name) == "energy_kcal"), None)
    return energy is not None and energy.unit is None and energy.name != "kilojoules"


def _factor(nutrient: str, column: Column) -> float | None:
    """By what a figure is multiplied; None where its unit cannot be turned into ours."""
    unit = column.unit or ("kj" if column.name == "kilojoules" else None)
    if unit is None:
        return 1.0
    if nutrient == "energy_kcal":
        return KCAL.get(unit)
    if nutrient == "vitamin_d_ug" and unit == "iu":
        return UG_PER_IU_OF_VITAMIN_D
    ours = BY_NAME[nutrient].unit.replace("µ", "u")
    return GRAMS[unit] / GRAMS[ours] if unit in GRAMS else None
