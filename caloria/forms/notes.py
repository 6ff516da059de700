from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, ValidationError

from caloria.forms.base import Form
from caloria.forms.fields import OUT_OF_DATE, ProseField
from caloria.models.day_note import LONGEST_NOTE, note_digest


class NoteForm(Form):
    """The note of a day, with the digest of the note that the page showed."""

    text = ProseField(_l("Note"), LONGEST_NOTE, id="note")
    seen = HiddenField()

    def show(self, text: str) -> None:
        """Stand on a page that shows this note; what was typed stays."""
        self.seen.data = note_digest(text)

    def validate_seen(self, field):
        if not field.data:
            raise ValidationError(OUT_OF_DATE)
