"""What is done to several entries of a day at once."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, ValidationError

from caloria.forms.amounts import AmountField
from caloria.forms.base import CreatingForm
from caloria.forms.fields import DayField, IdField, IdsField, choices

EATEN, PLANNED = "eaten", "planned"


class PickForm(CreatingForm):
    """Entries of a day that were ticked."""

    entry = IdsField()

    def validate_entry(self, field):
        if not field.data and not field.errors:
            raise ValidationError(_("Please tick at least one food."))


class MoveForm(PickForm):
    """Another day, another meal, or both; without a meal each stays at its own."""

    to_day = DayField(_l("To the day"))
    meal_id = IdField()


class ShareForm(PickForm):
    """How much of it somebody ate of what several had."""

    percent = AmountField(_l("My share (%)"), 1, 100, _l("Please write your share, such as 40."))


class StateForm(PickForm):
    """Whether it was eaten, or is only planned."""

    state = RadioField(
        _l("State"), choices=choices((EATEN, _l("Eaten")), (PLANNED, _l("Planned"))), default=EATEN
    )
