from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import SelectField

from caloria.forms.amounts import AmountField
from caloria.forms.base import CreatingForm, Form
from caloria.forms.fields import DayField, TextField, choices, refuse_to_come
from caloria.models.measurement import LONGEST_NAME, MOST
from caloria.models.units import CM_PER_INCH

NOTHING = _l("Please write what you measured.")


def stored(amount: float | None, unit: str) -> float:
    """What somebody typed, in the unit that it is kept in."""
    per_unit = CM_PER_INCH if unit == "cm" and current_user.units == "us" else 1.0
    return min((amount or 0.0) * per_unit, float(MOST))


class MeasurementForm(CreatingForm):
    """What was measured, and how much it was."""

    name = TextField(
        _l("What do you measure?"),
        LONGEST_NAME,
        _l("Please write what it is, such as “Waist”."),
        render_kw={"autocomplete": "off", "list": "measures"},
    )
    amount = AmountField(_l("How much is it?"), 0, MOST, NOTHING)
    unit = SelectField(
        _l("Unit"),
        choices=choices(("cm", "cm"), ("percent", "%"), ("number", _l("another, or none"))),
        default="cm",
    )

    @property
    def stored(self) -> float:
        return stored(self.amount.data, self.unit.data)


class MetricMeasurementForm(MeasurementForm):
    pass


class UsMeasurementForm(MeasurementForm):
    unit = SelectField(
        _l("Unit"),
        choices=choices(("cm", _l("inches")), ("percent", "%"), ("number", _l("another, or none"))),
        default="cm",
    )


class MeasurementChangeForm(Form):
    """Another amount, or another day, of what was measured."""

    amount = AmountField(_l("How much is it?"), 0, MOST, NOTHING)
    day = DayField(_l("Day"))

    def validate_day(self, field):
        refuse_to_come(field)


MEASUREMENT_FORMS: dict[str, type[MeasurementForm]] = {
    "metric": MetricMeasurementForm,
    "us": UsMeasurementForm,
}
