"""What admins say of people."""

from datetime import UTC, date, datetime, time, timedelta

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from caloria.forms.base import Form
from caloria.forms.fields import DayField, TextField
from caloria.models import User
from caloria.models.day import EARLIEST, LATEST
from caloria.models.user import email_key

LONGEST = timedelta(days=3660)
LAST_SECOND = time(23, 59, 59)


class UntilForm(Form):
    """Until the end of which day something lasts, where the person lives."""

    until_day = DayField(_l("Until the end of"))

    def __init__(self, user: User, **kwargs):
        super().__init__(**kwargs)
        self.user = user

    def validate_until_day(self, field):
        today = self.user.local_time().date()
        if field.data and not today <= field.data <= today + LONGEST:
            raise ValidationError(_("Please choose a day from today on, and within ten years."))

    @property
    def until(self) -> datetime:
        """The last second of that day, so that whoever reads the date reads this day."""
        return datetime.combine(self.until_day.data, LAST_SECOND, self.user.zone).astimezone(UTC)


class ErasureForm(Form):
    """The address of somebody else is typed: nobody does that by mistake."""

    typed_email = TextField(
        _l("The address of the account"),
        254,
        _l("Please type the address of the account."),
        render_kw={"autocomplete": "off"},
    )

    def __init__(self, user: User, **kwargs):
        super().__init__(**kwargs)
        self.user = user

    def validate_typed_email(self, field):
        if email_key(field.data or "") != self.user.email_key:
            raise ValidationError(_("This is not the address of this account."))


def filters(*names: str) -> dict[str, str]:
    """What the address of a list says that it is about."""
    return {name: request.args.get(name, "")[:200].replace("\0", "") for name in names}


class AuditFilter:
    """What the address of the audit says that it is about. Days are of UTC; what is no day is any."""

    def __init__(self) -> None:
        self.said = filters("actor", "act", "object", "since", "until")
        self.actor, self.act, self.object = (self.said[name].strip() for name in ("actor", "act", "object"))
        self.begins = _begins(self.said["since"])
        last = _begins(self.said["until"])
        self.ends = last + timedelta(days=1) if last else None


def _begins(text: str) -> datetime | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime.combine(day, time(), UTC) if EARLIEST <= day <= LATEST else None
