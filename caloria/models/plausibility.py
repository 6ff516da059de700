"""Whether the figures of a food go together: worth a remark, never a reason to refuse what a label says."""

from collections.abc import Mapping
from dataclasses import dataclass

from caloria.models.nutrients import KCAL_PER_G, energy_of_macros

# How far energy may be from what protein, carbohydrate and fat give. Labels round, and fibre counts for 0 to
# 4 kcal/g, depending on where the label was printed. Alcohol gives 7 kcal/g (Atwater general factor).
DOUBTFUL_SHARE, DOUBTFUL_KCAL, FIBER_KCAL_PER_G, ALCOHOL_KCAL_PER_G = 0.2, 20, 4, 7
# What rounded figures may come to: a part beside its whole, and the whole of 100 g.
ROUNDED_BY_G, MOST_GRAMS_IN_100_G = 1, 105
SODIUM_MG_PER_G_SALT = 400  # EU labels: salt = sodium x 2.5
PARTS = {"sugars_g": "carbohydrate_g", "saturated_fat_g": "fat_g"}


@dataclass(frozen=True)
class Doubt:
    """Two figures that do not go together; kind is "energy", "weight", or the name of the part."""

    kind: str
    figure: float
    other: float


def doubts(per_100_g: Mapping[str, float | None]) -> list[Doubt]:
    """What does not go together in the figures for 100 g; what is unknown is not doubted."""
    found = [_energy(per_100_g), _weight(per_100_g), *(_part(per_100_g, *pair) for pair in PARTS.items())]
    return [doubt for doubt in found if doubt]


def _energy(figures: Mapping[str, float | None]) -> Doubt | None:
    said = figures.get("energy_kcal")
    if said is None or any(figures.get(name) is None for name in KCAL_PER_G):
        return None
    given = energy_of_macros(figures) + ALCOHOL_KCAL_PER_G * (figures.get("alcohol_g") or 0)
    slack = max(DOUBTFUL_KCAL, DOUBTFUL_SHARE * given) + FIBER_KCAL_PER_G * (figures.get("fiber_g") or 0)
    return Doubt("energy", said, given) if abs(said - given) > slack else None


def _weight(figures: Mapping[str, float | None]) -> Doubt | None:
    grams = sum(figures.get(name) or 0 for name in (*KCAL_PER_G, "alcohol_g"))
    grams += (figures.get("sodium_mg") or 0) / SODIUM_MG_PER_G_SALT
    return Doubt("weight", grams, 100) if grams > MOST_GRAMS_IN_100_G else None


def _part(figures: Mapping[str, float | None], part: str, whole: str) -> Doubt | None:
    small, large = figures.get(part), figures.get(whole)
    if small is None or large is None or small <= large + ROUNDED_BY_G:
        return None
    return Doubt(part, small, large)
