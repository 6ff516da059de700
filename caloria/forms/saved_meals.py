from flask_babel import lazy_gettext as _l

from caloria.forms.amounts import AmountField
from caloria.forms.base import CreatingForm
from caloria.forms.fields import IdField, TextField
from caloria.models.saved_meal import LONGEST_NAME

WHOLE_PERCENT = 100
LEAST_PERCENT, MOST_PERCENT = 1, 1000


class SavedMealForm(CreatingForm):
    """What a saved meal is called."""

    name = TextField(
        _l("Name"),
        LONGEST_NAME,
        _l("Please write what to call it."),
        render_kw={"autocomplete": "off"},
    )


class LoggedMealForm(CreatingForm):
    """A saved meal to log, at which meal, and perhaps only a share of it."""

    saved_meal_id = IdField()
    meal_id = IdField()
    share = AmountField(_l("How much of it (%)"), LEAST_PERCENT, MOST_PERCENT, default=WHOLE_PERCENT)

    @property
    def factor(self) -> float:
        """The share as a factor: all of it where nothing was said."""
        return (WHOLE_PERCENT if self.share.data is None else self.share.data) / WHOLE_PERCENT
