"""The nutrients that Caloria knows, defined once.

The columns of foods and entries come from this list. Tagnames are FAO/INFOODS component identifiers; ids and
numbers are those of USDA FoodData Central (`nutrient.csv`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import CheckConstraint, Double
from sqlalchemy.orm import mapped_column

from caloria.words import N_


@dataclass(frozen=True)
class Nutrient:
    """One thing that is measured in food, in the unit that ends its name."""

    name: str
    label: str
    tagname: str
    fdc_id: int
    fdc_number: str

    @property
    def unit(self) -> str:
        return {"kcal": "kcal", "g": "g", "mg": "mg", "ug": "µg"}[self.name.rpartition("_")[2]]

    @property
    def ceiling(self) -> float:
        """The most that 100 g can hold: 100 g of itself, or for energy a little more than pure fat."""
        return {"kcal": 1000.0, "g": 100.0, "mg": 100e3, "µg": 100e6}[self.unit]


NUTRIENTS = (
    Nutrient("energy_kcal", N_("Energy"), "ENERC", 1008, "208"),
    Nutrient("protein_g", N_("Protein"), "PROCNT", 1003, "203"),
    Nutrient("fat_g", N_("Fat"), "FAT", 1004, "204"),
    Nutrient("carbohydrate_g", N_("Carbohydrate"), "CHOCDF", 1005, "205"),
    Nutrient("fiber_g", N_("Fibre"), "FIBTG", 1079, "291"),
    Nutrient("sugars_g", N_("Sugars"), "SUGAR", 2000, "269"),
    Nutrient("saturated_fat_g", N_("Saturated fat"), "FASAT", 1258, "606"),
    Nutrient("monounsaturated_fat_g", N_("Monounsaturated fat"), "FAMS", 1292, "645"),
    Nutrient("polyunsaturated_fat_g", N_("Polyunsaturated fat"), "FAPU", 1293, "646"),
    Nutrient("trans_fat_g", N_("Trans fat"), "FATRN", 1257, "605"),
    Nutrient("cholesterol_mg", N_("Cholesterol"), "CHOLE", 1253, "601"),
    Nutrient("sodium_mg", N_("Sodium"), "NA", 1093, "307"),
    Nutrient("potassium_mg", N_("Potassium"), "K", 1092, "306"),
    Nutrient("calcium_mg", N_("Calcium"), "CA", 1087, "301"),
    Nutrient("iron_mg", N_("Iron"), "FE", 1089, "303"),
    Nutrient("magnesium_mg", N_("Magnesium"), "MG", 1090, "304"),
    Nutrient("phosphorus_mg", N_("Phosphorus"), "P", 1091, "305"),
    Nutrient("zinc_mg", N_("Zinc"), "ZN", 1095, "309"),
    Nutrient("copper_mg", N_("Copper"), "CU", 1098, "312"),
    Nutrient("manganese_mg", N_("Manganese"), "MN", 1101, "315"),
    Nutrient("selenium_ug", N_("Selenium"), "SE", 1103, "317"),
    Nutrient("vitamin_a_rae_ug", N_("Vitamin A"), "VITA_RAE", 1106, "320"),
    Nutrient("vitamin_c_mg", N_("Vitamin C"), "VITC", 1162, "401"),
    Nutrient("vitamin_d_ug", N_("Vitamin D"), "VITD", 1114, "328"),
    Nutrient("vitamin_e_mg", N_("Vitamin E"), "TOCPHA", 1109, "323"),
    Nutrient("vitamin_k_ug", N_("Vitamin K"), "VITK1", 1185, "430"),
    Nutrient("thiamin_mg", N_("Thiamin"), "THIA", 1165, "404"),
    Nutrient("riboflavin_mg", N_("Riboflavin"), "RIBF", 1166, "405"),
    Nutrient("niacin_mg", N_("Niacin"), "NIA", 1167, "406"),
    Nutrient("pantothenic_acid_mg", N_("Pantothenic acid"), "PANTAC", 1170, "410"),
    Nutrient("vitamin_b6_mg", N_("Vitamin B6"), "VITB6A", 1175, "415"),
    Nutrient("folate_ug", N_("Folate"), "FOL", 1177, "417"),
    Nutrient("folate_dfe_ug", N_("Folate, dietary equivalents"), "FOLDFE", 1190, "435"),
    Nutrient("vitamin_b12_ug", N_("Vitamin B12"), "VITB12", 1178, "418"),
    Nutrient("choline_mg", N_("Choline"), "CHOLN", 1180, "421"),
    Nutrient("water_g", N_("Water"), "WATER", 1051, "255"),
    Nutrient("alcohol_g", N_("Alcohol"), "ALC", 1018, "221"),
    Nutrient("caffeine_mg", N_("Caffeine"), "CAFFN", 1057, "262"),
)
NUTRIENT_NAMES = tuple(nutrient.name for nutrient in NUTRIENTS)
BY_NAME = {nutrient.name: nutrient for nutrient in NUTRIENTS}

# What a day page reads, in the order it shows them.
DAY_NUTRIENTS = (
    "energy_kcal",
    "protein_g",
    "carbohydrate_g",
    "fat_g",
    "fiber_g",
    "sugars_g",
    "saturated_fat_g",
    "sodium_mg",
)

KJ_PER_KCAL = 4.184  # exactly
# Energy of a gram by the general factors (Atwater; FAO Food and Nutrition Paper 77, 2003).
KCAL_PER_G = {"protein_g": 4, "carbohydrate_g": 4, "fat_g": 9}

# The heaviest amount that can be logged at once, in units of the 100 g that foods are measured by.
HUNDREDS_OF_GRAMS_IN_AN_ENTRY = 1000


class NutrientAmounts:
    """Amounts of nutrients; None is "not reported", which is not zero."""

    def amount(self, name: str) -> float | None:
        """The amount of one nutrient, in the unit of its name."""
        return getattr(self, name)

    @property
    def amounts(self) -> dict[str, float | None]:
        """Every amount by the name of its nutrient."""
        return {name: getattr(self, name) for name in NUTRIENT_NAMES}

    def set_amounts(self, amounts: Mapping[str, float | None]) -> None:
        """Replace every amount; a nutrient that is not named becomes unknown."""
        for name in NUTRIENT_NAMES:
            setattr(self, name, amounts.get(name))


def scaled(amounts: Mapping[str, float | None], factor: float) -> dict[str, float | None]:
    """Multiply amounts; what is unknown stays unknown."""
    return {name: None if amount is None else amount * factor for name, amount in amounts.items()}


def capped(amounts: Mapping[str, float | None]) -> dict[str, float | None]:
    """Cut off what rounding left above the most that an entry can hold."""
    return {
        name: None if amount is None else min(amount, BY_NAME[name].ceiling * HUNDREDS_OF_GRAMS_IN_AN_ENTRY)
        for name, amount in amounts.items()
    }


def energy_of_macros(amounts: Mapping[str, float | None]) -> float:
    """The energy in kcal that protein, carbohydrate and fat give; what is unknown gives none."""
    return sum((amounts[name] or 0) * kcal for name, kcal in KCAL_PER_G.items())


for _name in NUTRIENT_NAMES:
    setattr(NutrientAmounts, _name, mapped_column(Double(), nullable=True, sort_order=100))


def bounded(hundreds_of_grams: int) -> list[CheckConstraint]:
    """The CHECKs of a table whose rows hold the nutrients of up to so many times 100 g.

    Both bounds: PostgreSQL holds NaN to be greater than any number. They are the table's own, because the
    columns of a mixin lose their constraints when they are copied.
    """
    return [
        CheckConstraint(f"{each.name} BETWEEN 0 AND {each.ceiling * hundreds_of_grams:.0f}", name=each.name)
        for each in NUTRIENTS
    ]


@dataclass(frozen=True)
class Sum:
    """A sum over several items, of which perhaps not all are known. Nothing at all sums to zero."""

    amount: float | None
    known: int
    of: int

    @classmethod
    def over(cls, amounts: Iterable[float | None]) -> "Sum":
        """Add up what is known."""
        every = list(amounts)
        known = [amount for amount in every if amount is not None]
        return cls(sum(known) if known or not every else None, len(known), len(every))


NOTHING = Sum.over([])
