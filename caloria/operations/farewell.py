"""The last mail to somebody whose account is deleted."""

from collections.abc import Callable
from functools import partial

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from caloria.integrations import mail
from caloria.models import User
from config import Config


def nobody() -> None:
    """There is nobody to tell, or no way to."""


def farewell_to(user: User, config: Config) -> Callable[[], None]:
    """Write it while the address is known; what is given back sends it, once nothing of them is stored.

    It does not wait in the queue, which would keep the address.
    """
    if not mail.is_set_up(config) or not user.has_address:
        return nobody
    with force_locale(user.language):
        text = render_template("emails/farewell.txt", user=user)
        return partial(mail.send, config, user.email, str(_("Your account of Caloria is deleted")), text)
