from functools import cache
from hashlib import sha256

from babel.support import Translations
from flask import request
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from wtforms.i18n import messages_path

from caloria.forms.fields import IdField
from caloria.languages import spoken
from caloria.models.ids import new_id

SENT_BEFORE = _l("This page was used before for something else. Please check what is here and save again.")
# Nor whose page it was sent from, which is for the service worker (static/js/offline).
NOT_CONTENT = ("csrf_token", "confirmation_password", "person")


@cache
def library_texts(language: str) -> Translations:
    """What WTForms says itself; left to itself it would read its file for every request."""
    return Translations.load(messages_path(), [language], domain="wtforms")


class TokenWhenShown(FlaskForm.Meta.csrf_class):
    """Signs the token of a form where a page shows it: most forms that arrive are never shown again."""

    def generate_csrf_token(self, csrf_token_field):
        return LazyString(super().generate_csrf_token, csrf_token_field)


class Form(FlaskForm):
    """A form of ours."""

    class Meta(FlaskForm.Meta):
        csrf_class = TokenWhenShown

        def get_translations(self, form):
            return library_texts(spoken())

    def __init__(self, **kwargs):
        # What the fields of a page send; left to itself the library would read files and JSON in their place.
        kwargs.setdefault("formdata", request.form if self.is_submitted() else None)
        super().__init__(**kwargs)

    @property
    def summary(self) -> list[str]:
        """What is wrong, field by field, for the head of the page."""
        return [str(message) for messages in self.errors.values() for message in messages]


class CreatingForm(Form):
    """A form that makes something, and carries the id that it will have."""

    id = IdField()

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        if not self.id.data:
            self.id.data = new_id()

    @property
    def digest(self) -> str:
        """What the form said, so that the same form arriving again can be told from another."""
        said = sorted(
            (name, value) for name, value in request.form.items(multi=True) if name not in NOT_CONTENT
        )
        return sha256(repr((request.path, said)).encode()).hexdigest()

    def start_anew(self) -> None:
        """Say that the id was used before, and take a fresh one with the text kept."""
        self.id.data = new_id()
        self.form_errors.append(SENT_BEFORE)
