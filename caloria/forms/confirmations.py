"""Giving one's password once more."""

from flask import request
from flask_babel import lazy_gettext as _l

from caloria.forms.base import Form
from caloria.forms.fields import PasswordField


class ConfirmationForm(Form):
    confirmation_password = PasswordField(
        _l("Your password"), render_kw={"autocomplete": "current-password", "autofocus": True}
    )

    @property
    def is_sent(self) -> bool:
        """Whether the page that asks was filled in; it may have come along with another form."""
        return self.confirmation_password.name in request.form
