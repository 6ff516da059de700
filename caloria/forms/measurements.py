from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from caloria.forms.amounts import AmountField
from caloria.forms.base import CreatingForm
from caloria.forms.fields import TextField, choices
from caloria.models.measurement import LONGEST_NAME, MOST
from caloria.models.units import CM_PER_INCH

NOTHING = _l("Please write what you measured.")


class MeasurementForm(CreatingForm):
    """What was measured, and how much it was."""

    cm_per_unit = 1.0
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
        """The amount in the unit that it is kept in."""
        per_unit = self.cm_per_unit if self.unit.data == "cm" else 1.0
        return min((self.amount.data or 0.0) * per_unit, float(MOST))


class MetricMeasurementForm(MeasurementForm):
    pass


class UsMeasurementForm(MeasurementForm):
    cm_per_unit = CM_PER_INCH
    unit = SelectField(
        _l("Unit"),
        choices=choices(("cm", _l("inches")), ("percent", "%"), ("number", _l("another, or none"))),
        default="cm",
    )


MEASUREMENT_FORMS: dict[str, type[MeasurementForm]] = {
    "metric": MetricMeasurementForm,
    "us": UsMeasurementForm,
}
