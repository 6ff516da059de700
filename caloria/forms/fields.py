"""Fields that turn what a browser sent into a value, or into a sentence about what is wrong with it."""

import re
import unicodedata
from datetime import time
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import DateField, Field, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import EmailInput, HiddenInput, PasswordInput, TimeInput

from caloria.filters.numbers import number
from caloria.models import passwords
from caloria.models.day import EARLIEST, LATEST

LONGEST_EMAIL = 254
MOST_TICKED = 200
OUT_OF_DATE = _l("Something on this page was out of date. Please check it and save again.")
NO_DATE = _l(
    "Please choose a date between %(first)s and %(last)s, such as 2026-11-21.",
    first=EARLIEST.year,
    last=LATEST.year,
)


def choices(*pairs: tuple[str, str]) -> list[SelectChoice]:
    """Options of a field: each a value and what it is called."""
    return [SelectChoice(value, label) for value, label in pairs]


CONTROL, BREAKS = ("Cc", "Cs"), ("Zl", "Zp")


def refuse_unreadable(text: str, also: tuple[str, ...] = ()) -> None:
    """Refuse characters that no keyboard types and no database should hold."""
    if any(unicodedata.category(letter) in (*CONTROL, *also) for letter in text):
        raise ValidationError(_("This holds a character that cannot be shown. Please type it again."))


def refuse_longer(text: str, longest: int) -> None:
    """Refuse text of more than so many characters."""
    if len(text) > longest:
        raise ValidationError(
            _(
                "Please keep this to %(longest)s characters; these are %(length)s.",
                longest=number(longest),
                length=number(len(text)),
            )
        )


class TextField(StringField):
    """One line of text, trimmed."""

    def __init__(self, label: str, longest: int, required: str | None = None, **kwargs):
        super().__init__(label, **kwargs)
        self.longest = longest
        self.required = required
        self.flags.required = bool(required)

    def process_formdata(self, valuelist):
        self.data = unicodedata.normalize("NFC", valuelist[0]).strip() if valuelist else None

    def pre_validate(self, form):
        text = self.data or ""
        if not text and self.required:
            raise ValidationError(self.required)
        refuse_unreadable(text, also=BREAKS)
        refuse_longer(text, self.longest)
        self.data = text or None


class ProseField(TextAreaField):
    """Text of several lines, each ended as everywhere but in browsers."""

    def __init__(self, label: str, longest: int, **kwargs):
        super().__init__(label, **kwargs)
        self.longest = longest

    def process_formdata(self, valuelist):
        text = unicodedata.normalize("NFC", valuelist[0]) if valuelist else ""
        self.data = text.replace("\r\n", "\n").replace("\r", "\n").strip()

    def pre_validate(self, form):
        text = self.data or ""
        refuse_unreadable(text.replace("\n", " ").replace("\t", " "))
        refuse_longer(text, self.longest)


class EmailField(TextField):
    """An e-mail address that looks like one."""

    widget = EmailInput()

    def __init__(self, label: str = _l("E-mail"), **kwargs):
        super().__init__(label, LONGEST_EMAIL, _l("Please write your e-mail address."), **kwargs)

    def pre_validate(self, form):
        super().pre_validate(form)
        try:
            validate_email(self.data, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            raise ValidationError(
                _("This does not look like an e-mail address: ann@example.org, say.")
            ) from None


class PasswordField(StringField):
    """A password as it was typed; it is never shown again."""

    widget = PasswordInput(hide_value=True)

    def __init__(self, label: str, **kwargs):
        super().__init__(label, **kwargs)
        self.flags.required = True

    def pre_validate(self, form):
        if not self.data:
            raise ValidationError(_("Please write your password."))
        if len(self.data) > passwords.LONGEST:
            raise ValidationError(
                _("A password may have up to %(longest)s characters.", longest=passwords.LONGEST)
            )
        refuse_unreadable(self.data)


class NewPasswordField(PasswordField):
    """A password that is being chosen."""

    def pre_validate(self, form):
        super().pre_validate(form)
        if len(self.data) < passwords.SHORTEST:
            raise ValidationError(
                _("Please choose at least %(shortest)s characters.", shortest=passwords.SHORTEST)
            )
        if passwords.is_common(self.data):
            raise ValidationError(
                _("This is among the passwords that are tried first. Please choose another.")
            )


class DayField(DateField):
    """A calendar date that a diary can have."""

    def __init__(self, label: str, **kwargs):
        super().__init__(label, invalid_value_message=NO_DATE, **kwargs)

    def pre_validate(self, form):
        if not self.errors and not (self.data and EARLIEST <= self.data <= LATEST):
            raise ValidationError(NO_DATE)


def refuse_to_come(field: DayField) -> None:
    """Refuse a day of which nothing can be known yet."""
    if field.data and field.data > current_user.today():
        raise ValidationError(_("This day is still to come."))


class ClockField(Field):
    """A time of day, or none."""

    widget = TimeInput()

    def _value(self) -> str:
        if self.raw_data:
            return self.raw_data[0]
        return "" if self.data is None else f"{self.data:%H:%M}"

    def process_formdata(self, valuelist):
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text:
            self.data = self.read(text)

    def read(self, text: str) -> time:
        """Read a time. Raises ValueError with a sentence."""
        if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9](:00)?", text):
            raise ValueError(_("Please write a time, such as 07:30."))
        return time.fromisoformat(text)


class IdField(Field):
    """The identifier that a form or an option carries."""

    widget = HiddenInput()

    def _value(self) -> str:
        return str(self.data or "")

    def process_formdata(self, valuelist):
        try:
            self.data = UUID(valuelist[0]) if valuelist and valuelist[0] else None
        except ValueError:
            self.data = None
            raise ValueError(OUT_OF_DATE) from None

    def refuse(self, sentence: str, instead: UUID | None = None) -> None:
        """Say what is wrong with what was chosen before the form is checked; another stands in for it."""
        self.process_errors = [*self.process_errors, sentence]
        self.data = instead


class IdsField(Field):
    """The identifiers that the ticked boxes of one name carry."""

    widget = HiddenInput()

    def _value(self) -> str:
        return ""

    def process_formdata(self, valuelist):
        self.data = []
        try:
            self.data = [UUID(text) for text in dict.fromkeys(valuelist)]
        except ValueError:
            raise ValueError(OUT_OF_DATE) from None

    def pre_validate(self, form):
        if len(self.data or []) > MOST_TICKED:
            raise ValidationError(_("Please choose at most %(most)s at once.", most=MOST_TICKED))
