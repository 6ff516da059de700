from flask_babel import lazy_gettext as _l

from caloria.forms.amounts import AmountField
from caloria.forms.base import CreatingForm
from caloria.models.drink import LEAST_ML, MOST_ML
from caloria.models.units import ML_PER_FLUID_OUNCE

NOTHING = _l("Please write how much.")
LEAST_FLUID_OUNCES, MOST_FLUID_OUNCES = 0.1, 169


class DrinkForm(CreatingForm):
    """How much water it was, in the field that is asked for."""

    asks = ""
    ml_per_unit = 1.0

    @property
    def ml(self) -> float:
        return (self[self.asks].data or 0.0) * self.ml_per_unit


class MetricDrinkForm(DrinkForm):
    asks = "water_ml"
    water_ml = AmountField(_l("Another amount"), LEAST_ML, MOST_ML, NOTHING)


class UsDrinkForm(DrinkForm):
    asks, ml_per_unit = "fluid_ounces", ML_PER_FLUID_OUNCE
    fluid_ounces = AmountField(_l("Another amount"), LEAST_FLUID_OUNCES, MOST_FLUID_OUNCES, NOTHING)


DRINK_FORMS: dict[str, type[DrinkForm]] = {"metric": MetricDrinkForm, "us": UsDrinkForm}
