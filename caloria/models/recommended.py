"""How much of each nutrient an adult needs in a day.

Recommended dietary allowances and adequate intakes of the Dietary Reference Intakes (IOM, 1997-2011; sodium
and potassium of the National Academies, 2019), for ages 19-50 and from 51 on, in the unit of each name.
"""

from caloria.models.body import Body

# For women and for men.
ADULTS = {
    "potassium_mg": (2600, 3400),
    "calcium_mg": (1000, 1000),
    "iron_mg": (18, 8),
    "magnesium_mg": (320, 420),
    "phosphorus_mg": (700, 700),
    "zinc_mg": (8, 11),
    "copper_mg": (0.9, 0.9),
    "manganese_mg": (1.8, 2.3),
    "selenium_ug": (55, 55),
    "vitamin_a_rae_ug": (700, 900),
    "vitamin_c_mg": (75, 90),
    "vitamin_d_ug": (15, 15),
    "vitamin_e_mg": (15, 15),
    "vitamin_k_ug": (90, 120),
    "thiamin_mg": (1.1, 1.2),
    "riboflavin_mg": (1.1, 1.3),
    "niacin_mg": (14, 16),
    "pantothenic_acid_mg": (5, 5),
    "vitamin_b6_mg": (1.3, 1.3),
    "folate_dfe_ug": (400, 400),
    "vitamin_b12_ug": (2.4, 2.4),
    "choline_mg": (425, 550),
    "fiber_g": (25, 38),
}
OLDER_AT = 51
OLDER = {
    "calcium_mg": (1200, 1000),
    "iron_mg": (8, 8),
    "vitamin_b6_mg": (1.5, 1.7),
    "fiber_g": (21, 30),
}


def recommended(body: Body | None, year: int) -> dict[str, float]:
    """What this person needs of each nutrient; the higher figure of the two where the sex is not said."""
    older = body is not None and body.birth_year is not None and year - body.birth_year >= OLDER_AT
    every = {**ADULTS, **(OLDER if older else {})}
    which = {"female": slice(0, 1), "male": slice(1, 2), None: slice(0, 2)}[body.sex if body else None]
    return {name: float(max(*pair[which], 0)) for name, pair in every.items()}
