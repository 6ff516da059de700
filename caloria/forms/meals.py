from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from caloria.forms.base import CreatingForm, Form
from caloria.forms.fields import ClockField, TextField, choices


class MealForm(CreatingForm):
    """What a meal is called, and when one usually has it."""

    name = TextField(
        _l("Name"), 60, _l("Please write what to call this meal."), render_kw={"autocomplete": "off"}
    )
    usual_from = ClockField(
        _l("From what time"), description=_l("From then on it is offered first. It may stay empty.")
    )


class MealOrderForm(Form):
    """Which way a meal goes among the others."""

    towards = RadioField(_l("Which way"), choices=choices(("up", _l("Up")), ("down", _l("Down"))))

    @property
    def by(self) -> int:
        """How many places further down."""
        return 1 if self.towards.data == "down" else -1
