from math import ceil, floor

from flask_babel import lazy_gettext as _l

from caloria.forms.amounts import AmountField
from caloria.forms.base import CreatingForm
from caloria.forms.fields import DayField, refuse_to_come
from caloria.models.units import KG_PER_POUND
from caloria.models.weight import HEAVIEST_KG, LIGHTEST_KG

NOTHING = _l("Please write what the scale says.")


class WeightForm(CreatingForm):
    """What the scale said, and on which day."""

    kg_per_unit = 1.0
    weight = AmountField(_l("Weight in kg"), LIGHTEST_KG, HEAVIEST_KG, NOTHING)
    day = DayField(_l("Day"))

    @property
    def weight_kg(self) -> float:
        return (self.weight.data or 0.0) * self.kg_per_unit

    def show(self, weight_kg: float | None) -> None:
        """Fill in what is known, to a decimal."""
        if weight_kg is not None:
            self.weight.data = round(weight_kg / self.kg_per_unit, 1)

    def validate_day(self, field):
        refuse_to_come(field)


class MetricWeightForm(WeightForm):
    pass


class UsWeightForm(WeightForm):
    kg_per_unit = KG_PER_POUND
    weight = AmountField(
        _l("Weight in pounds"), ceil(LIGHTEST_KG / KG_PER_POUND), floor(HEAVIEST_KG / KG_PER_POUND), NOTHING
    )


WEIGHT_FORMS: dict[str, type[WeightForm]] = {"metric": MetricWeightForm, "us": UsWeightForm}
