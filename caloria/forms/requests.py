from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from caloria.forms.barcodes import BarcodeField
from caloria.forms.base import CreatingForm, Form
from caloria.forms.fields import OUT_OF_DATE, IdField, ProseField, TextField
from caloria.forms.foods import FoodForm
from caloria.models.food_request import LONGEST_TEXT, LONGEST_TITLE, MOST_OPEN

TOO_MANY = _l(
    "%(most)s of your requests are still open, and more would not be worked off sooner. "
    "Cancel one that you no longer need, or wait for an answer.",
    most=MOST_OPEN,
)
TO_THE_PERSON = _l("An answer to the person")


class RequestForm(CreatingForm):
    """A food that is missing, or what is wrong about one."""

    title = TextField(_l("Which food?"), LONGEST_TITLE, _l("Please say which food it is about."))
    description = ProseField(_l("What should be known about it?"), LONGEST_TEXT)
    gtin = BarcodeField(_l("Barcode"))
    # The food that is wrong; none where one is missing.
    about_id = IdField()


class TurnForm(Form):
    """Work on a request, in the place of whom the page said."""

    seen_id = IdField()

    def validate_seen_id(self, field):
        if not field.raw_data:
            raise ValidationError(OUT_OF_DATE)


class CompletionForm(Form):
    """That a request is done, and perhaps by which food."""

    answer = ProseField(TO_THE_PERSON, LONGEST_TEXT)
    food_id = IdField()

    def validate_answer(self, field):
        if not field.data and not self.food_id.data:
            raise ValidationError(_l("Please write a few words, or choose the food that was meant."))


class RefusalForm(Form):
    """Why nothing comes of a request."""

    reason = ProseField(_l("Why, for the person to read"), LONGEST_TEXT)

    def validate_reason(self, field):
        if not field.data:
            raise ValidationError(_l("Please say why, so that the person knows."))


class SharedFoodForm(FoodForm):
    """A food of everybody's, from its label, as what came of a request."""

    answer = ProseField(TO_THE_PERSON, LONGEST_TEXT)
