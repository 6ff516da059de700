from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, ValidationError

from caloria.forms.base import CreatingForm
from caloria.forms.fields import ClockField
from caloria.models import Meal, Meals

WHOLE_DAY = ""


class ReminderForm(CreatingForm):
    """When to be reminded, and of what."""

    at = ClockField(_l("At what time"), description=_l("By the clock where you live."))
    meal_id = SelectField(_l("If nothing is logged"), choices=[])

    def __init__(self, meals: Meals, **kwargs):
        super().__init__(**kwargs)
        self.meals = meals.in_use
        named = [(str(meal.id), _("at %(meal)s", meal=meal.name)) for meal in self.meals]
        self.meal_id.choices = [(WHOLE_DAY, _("on the whole day")), *named]

    def validate_at(self, field):
        if field.data is None:
            raise ValidationError(_("Please write a time, such as 07:30."))

    @property
    def meal(self) -> Meal | None:
        """The meal that it is about; None where that is the whole day."""
        return next((meal for meal in self.meals if str(meal.id) == self.meal_id.data), None)
