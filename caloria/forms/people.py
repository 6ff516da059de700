"""What people tell about themselves: signing up and in, passwords, the account."""

from datetime import time
from functools import cache
from zoneinfo import available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, ValidationError

from caloria.forms.base import CreatingForm, Form
from caloria.forms.fields import EmailField, NewPasswordField, PasswordField, TextField, choices
from caloria.languages import LANGUAGES

LONGEST_NAME = 100
DAY_STARTS = [time(hour) for hour in range(7)]


@cache
def time_zones() -> list[str]:
    """The zones that people live in: a region and a place, and UTC."""
    regions = {
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    }
    return ["UTC", *sorted(zone for zone in available_timezones() if zone.split("/")[0] in regions)]


class TimeZoneField(SelectField):
    """Where the person lives, as the name of a time zone."""

    def __init__(self, label: str = _l("Time zone"), **kwargs):
        zones = ((zone, zone.replace("_", " ")) for zone in time_zones())
        super().__init__(label, choices=choices(("", _l("Please choose")), *zones), **kwargs)
        self.flags.required = True

    def pre_validate(self, form):
        if self.data not in time_zones():
            raise ValidationError(_("Please choose your time zone, so that your day ends when yours does."))


class SignupForm(CreatingForm):
    name = TextField(
        _l("Your name"),
        LONGEST_NAME,
        _l("Please tell us what to call you."),
        render_kw={"autocomplete": "name", "autofocus": True},
    )
    email = EmailField(render_kw={"autocomplete": "email"})
    password = NewPasswordField(
        _l("Password"), description=_l("At least 8 characters."), render_kw={"autocomplete": "new-password"}
    )
    time_zone = TimeZoneField()


class SigninForm(Form):
    email = EmailField(render_kw={"autocomplete": "username", "autofocus": True})
    password = PasswordField(_l("Password"), render_kw={"autocomplete": "current-password"})


class ForgottenPasswordForm(Form):
    email = EmailField(render_kw={"autocomplete": "email", "autofocus": True})


class NewPasswordForm(Form):
    password = NewPasswordField(
        _l("New password"),
        description=_l("At least 8 characters."),
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(NewPasswordForm):
    current_password = PasswordField(_l("Present password"), render_kw={"autocomplete": "current-password"})


class AccountForm(Form):
    name = TextField(
        _l("Your name"),
        LONGEST_NAME,
        _l("Please tell us what to call you."),
        render_kw={"autocomplete": "name"},
    )
    time_zone = TimeZoneField()
    day_starts_at = SelectField(
        _l("Your day starts at"),
        choices=choices(*((f"{start:%H:%M}", f"{start:%H:%M}") for start in DAY_STARTS)),
        description=_l("What you eat before this hour still counts for the day before."),
    )
    units = RadioField(
        _l("Units of height and weight"),
        choices=choices(("metric", _l("cm and kg")), ("us", _l("feet, inches and pounds"))),
    )

    energy_unit = RadioField(_l("Unit of energy"), choices=choices(("kcal", "kcal"), ("kJ", "kJ")))
    language = RadioField(_l("Language"), choices=choices(*LANGUAGES.items()))

    @property
    def day_start(self) -> time:
        return time.fromisoformat(self.day_starts_at.data)
