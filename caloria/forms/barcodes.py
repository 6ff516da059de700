from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, ValidationError
from wtforms.widgets import FileInput

from caloria.forms.base import Form
from caloria.forms.fields import TextField
from caloria.models import gtin

LONGEST_TYPED = 40


class BarcodeField(TextField):
    """The digits of a barcode, as GTIN-14; shown as they were typed, or else as they are printed."""

    typed: str | None = None

    def __init__(self, label, required=None, **kwargs):
        kwargs.setdefault("render_kw", {"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(label, LONGEST_TYPED, required, **kwargs)

    def _value(self) -> str:
        return self.typed if self.typed is not None else _printed(self.data or "")

    def process_formdata(self, valuelist):
        super().process_formdata(valuelist)
        self.typed = self.data

    def pre_validate(self, form):
        super().pre_validate(form)
        try:
            self.data = self.data and gtin.normalised(self.data)
        except gtin.NotABarcode as error:
            raise ValidationError(_(str(error))) from None


def _printed(text: str) -> str:
    try:
        return gtin.shown(gtin.normalised(text))
    except gtin.NotABarcode:
        return text


class PhotoField(Field):
    """A photo, as its bytes; None where none was chosen."""

    widget = FileInput()

    def process_formdata(self, valuelist):
        sent = request.files.get(self.name)
        self.data = sent.read() if sent and sent.filename else None
        if any(text.strip() for text in valuelist):
            raise ValueError(_("The photo did not arrive. Please choose it again."))


class BarcodeForm(Form):
    """A barcode, photographed or typed."""

    photo = PhotoField(_l("A photo of it"), render_kw={"accept": "image/*", "capture": "environment"})
    digits = BarcodeField(_l("Or its digits"))

    def validate_digits(self, field):
        nothing = field.data is None and self.photo.data is None
        if nothing and not field.errors and not self.photo.errors:
            raise ValidationError(_("Please take a photo of the barcode, or type its digits."))
