from flask_babel import lazy_gettext as _l

from caloria.forms.base import CreatingForm
from caloria.forms.fields import AmountField
from caloria.models.drink import LEAST_ML, MOST_ML
from caloria.models.units import ML_PER_FLUID_OUNCE

NOTHING = _l("Please write how much.")
LEAST_FLUID_OUNCES, MOST_FLUID_OUNCES = 0.1, 169


class DrinkForm(CreatingForm):
    """How much water it was."""

    @property
    def ml(self) -> float:
        raise NotImplementedError


class MetricDrinkForm(DrinkForm):
    water_ml = AmountField(_l("Another amount"), LEAST_ML, MOST_ML, NOTHING)

    @property
    def ml(self) -> float:
        return self.water_ml.data or 0.0


class UsDrinkForm(DrinkForm):
    fluid_ounces = AmountField(_l("Another amount"), LEAST_FLUID_OUNCES, MOST_FLUID_OUNCES, NOTHING)

    @property
    def ml(self) -> float:
        return (self.fluid_ounces.data or 0.0) * ML_PER_FLUID_OUNCE


DRINK_FORMS: dict[str, type[DrinkForm]] = {"metric": MetricDrinkForm, "us": UsDrinkForm}
