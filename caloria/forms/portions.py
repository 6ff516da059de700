from flask_babel import lazy_gettext as _l

from caloria.forms.amounts import AmountField
from caloria.forms.base import CreatingForm
from caloria.forms.diary import LEAST_AMOUNT
from caloria.forms.fields import TextField
from caloria.models.food import HEAVIEST_GRAMS
from caloria.models.own_portion import LONGEST_UNIT


class OwnPortionForm(CreatingForm):
    """What a portion of one's own is called, and what it weighs."""

    unit = TextField(
        _l("What is it called?"),
        LONGEST_UNIT,
        _l("Please write what to call it, such as bowl."),
        render_kw={"autocomplete": "off"},
    )
    gram_weight = AmountField(
        _l("One weighs (g)"), LEAST_AMOUNT, HEAVIEST_GRAMS, _l("Please write what one weighs.")
    )
