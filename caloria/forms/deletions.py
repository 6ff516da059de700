"""Deleting one's account, on purpose."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from caloria.forms.base import Form
from caloria.forms.fields import TextField
from caloria.models import User
from caloria.models.user import email_key


class DeletionForm(Form):
    """The address is typed: nobody does that by mistake, in whatever language."""

    typed_email = TextField(
        _l("Your e-mail address"),
        254,
        _l("Please type your e-mail address."),
        render_kw={"autocomplete": "off"},
    )

    def __init__(self, user: User, **kwargs):
        super().__init__(**kwargs)
        self.user = user

    def validate_typed_email(self, field):
        if email_key(field.data or "") != self.user.email_key:
            raise ValidationError(
                _("This is not the address of your account: %(email)s.", email=self.user.email)
            )
