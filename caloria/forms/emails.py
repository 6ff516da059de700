"""Another address for an account."""

from flask_babel import lazy_gettext as _l

from caloria.forms.base import Form
from caloria.forms.fields import EmailField


class NewEmailForm(Form):
    email = EmailField(_l("New address"), render_kw={"autocomplete": "email"})
