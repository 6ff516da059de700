from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from caloria.forms.base import Form

INTERVALS = {"month": _l("Per month"), "year": _l("Per year")}


class IntervalForm(Form):
    """How often somebody pays."""

    interval = SelectField(_l("How often"), choices=list(INTERVALS.items()))
