"""How energy, weights and amounts are written, in the units of whoever reads."""

from flask import g
from flask_babel import gettext as _
from flask_login import current_user

from caloria.filters.numbers import UNKNOWN, amount, percent, rounded, typed
from caloria.models.nutrients import BY_NAME, KJ_PER_KCAL, Sum
from caloria.models.units import CM_PER_INCH, GRAMS_PER_OUNCE, KG_PER_POUND, ML_PER_FLUID_OUNCE

MEASURES = ("g", "ml", "oz", "fl oz")  # units that are the same in the plural


def kcal(value: float | None) -> str:
    """So many kcal in the person's unit of energy, whole, without its name: "1,872", or "7,832" for kJ."""
    return UNKNOWN if value is None else rounded(per_energy_unit(value))


def energy(value: float | None) -> str:
    """So many kcal with the unit that the person counts in: "1,872 kcal"."""
    return f"{kcal(value)} {energy_unit()}"


def energy_sum(total: Sum) -> str:
    """A sum of energy with its unit, and of how many it is known: "420 kcal (known for 2 of 3)"."""
    return _as_known(energy(total.amount), total)


def kcal_sum(total: Sum) -> str:
    """A sum of energy without its unit, and of how many it is known: "420 (known for 2 of 3)"."""
    return _as_known(kcal(total.amount), total)


def _as_known(written: str, total: Sum) -> str:
    if total.known == total.of:
        return written
    said = {"energy": written, "known": total.known, "of": total.of}
    return _("%(energy)s (known for %(known)s of %(of)s)", **said) if total.known else UNKNOWN


def energy_unit() -> str:
    """The unit that the person counts energy in; a visitor's is kcal."""
    return getattr(_person(), "energy_unit", "kcal")


def per_energy_unit(value: float) -> float:
    """So many kcal in the unit that the person counts in."""
    return value * KJ_PER_KCAL if energy_unit() == "kJ" else value


def grams(value: float | None) -> str:
    """Grams: whole from ten up, one decimal below."""
    return UNKNOWN if value is None else f"{as_grams(value)}\N{NO-BREAK SPACE}g"


def as_grams(value: float | None) -> str:
    """Grams without their unit, which stands elsewhere."""
    return UNKNOWN if value is None else rounded(value, 0 if abs(value) >= 10 else 1)


def weight(value: float | None) -> str:
    """What a portion weighs, in the unit that the person weighs in: "60 g", or "2.1 oz"."""
    if value is None or not _in_us_units():
        return grams(value)
    ounces = value / GRAMS_PER_OUNCE
    return f"{rounded(ounces, 0 if ounces >= 10 else 1)}\N{NO-BREAK SPACE}oz"


def nutrient(value: float | None, name: str) -> str:
    """An amount of a nutrient with its unit."""
    unit = BY_NAME[name].unit
    if value is None:
        return UNKNOWN
    if unit == "g":
        return grams(value)
    if unit == "kcal":
        value, unit = per_energy_unit(value), energy_unit()
    written = rounded(value) if unit in ("kcal", "kJ", "mg") and value >= 10 else amount(value)
    return f"{written}\N{NO-BREAK SPACE}{unit}"


def measure(value: float, unit: str) -> str:
    """So many of a portion: "150 g", "1 slice", "2 × slice"."""
    times = "\N{NO-BREAK SPACE}" if value <= 1 or unit in MEASURES else " × "
    return f"{amount(value)}{times}{unit}"


def portion(entry) -> str:
    """How much was eaten, in words: "150 g", "2 × slice (60 g)"."""
    if entry.portion_amount is None:
        return ""
    words = measure(entry.portion_amount, entry.portion_unit)
    return words if entry.portion_unit in ("g", "ml") else f"{words} ({weight(entry.gram_weight)})"


def water(ml: float) -> str:
    """So much water: "1,250 ml", or "8 fl oz" for who measures so."""
    if _in_us_units():
        return f"{amount(ml / ML_PER_FLUID_OUNCE)}\N{NO-BREAK SPACE}fl oz"
    return f"{rounded(ml)}\N{NO-BREAK SPACE}ml"


def weight_unit() -> str:
    """The unit that the person weighs themselves in."""
    return "lb" if _in_us_units() else "kg"


def per_weight_unit(kg: float) -> float:
    """So many kg in the unit that the person weighs themselves in."""
    return kg / KG_PER_POUND if _in_us_units() else kg


def body_weight(kg: float | None, decimals: int = 1) -> str:
    """What a person weighs: "80.4 kg", or "177.3 lb"."""
    if kg is None:
        return UNKNOWN
    return f"{rounded(per_weight_unit(kg), decimals)}\N{NO-BREAK SPACE}{weight_unit()}"


def body_change(kg: float | None) -> str:
    """By how much a weight changed, with its sign: "−0.4 kg"."""
    if kg is None:
        return UNKNOWN
    sign = "" if rounded(per_weight_unit(abs(kg)), 1) == rounded(0) else "+" if kg > 0 else "\N{MINUS SIGN}"
    return f"{sign}{body_weight(abs(kg))}"


def measured(amount_: float, unit: str) -> str:
    """What was measured, in its unit: "82 cm", "32.3 in" or "18.5 %"."""
    if unit == "percent":
        return percent(amount_ / 100, decimals=1)
    if unit != "cm":
        return amount(amount_)
    inches = _in_us_units()
    shown, name = (amount_ / CM_PER_INCH, "in") if inches else (amount_, "cm")
    return f"{rounded(shown, 1)}\N{NO-BREAK SPACE}{name}"


def shown_measure(amount_: float, unit: str) -> float:
    """What was measured in the unit that the person reads it in, to a decimal."""
    return round(amount_ / CM_PER_INCH if unit == "cm" and _in_us_units() else amount_, 1)


def typed_measure(amount_: float, unit: str) -> str:
    """What was measured as a field reads it, to a decimal."""
    return typed(shown_measure(amount_, unit))


def measure_unit(unit: str) -> str:
    """What a measurement is counted in; nothing where that is the person's own affair."""
    return {"cm": "in" if _in_us_units() else "cm", "percent": "%"}.get(unit, "")


def nutrient_labels(names) -> list[str]:
    """What nutrients are called inside a sentence."""
    return [_(BY_NAME[name].label).lower() for name in names]


def food_shares(foods) -> list[str]:
    """Foods with their share of something: "Milk (35 %)"."""
    return [f"{name} ({percent(share)})" for name, share in foods]


def _in_us_units() -> bool:
    return getattr(_person(), "units", "metric") == "us"


def _person():
    """Whoever is signed in, as Flask-Login keeps them once it looked: a page asks for a hundred numbers."""
    return getattr(g._get_current_object(), "_login_user", None) or current_user


FILTERS = (
    kcal,
    energy,
    energy_sum,
    kcal_sum,
    per_energy_unit,
    grams,
    as_grams,
    weight,
    nutrient,
    measure,
    water,
    body_weight,
    body_change,
    measured,
    typed_measure,
    portion,
)
