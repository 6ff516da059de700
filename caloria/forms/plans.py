from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from caloria.forms.base import Form
from caloria.forms.fields import choices


class IntervalForm(Form):
    """How often somebody pays."""

    interval = SelectField(
        _l("How often"), choices=choices(("month", _l("Per month")), ("year", _l("Per year")))
    )
