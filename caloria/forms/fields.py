"""Fields that turn what a browser sent into a value, or into a sentence about what is wrong with it."""

import math
import re
import unicodedata
from datetime import time
from uuid import UUID

from babel.numbers import get_decimal_symbol
from email_validator import EmailNotValidError, validate_email
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import DateField, Field, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import EmailInput, HiddenInput, PasswordInput, TextInput, TimeInput

from caloria.filters import energy_unit, number, per_energy_unit, typed
from caloria.models import passwords
from caloria.models.day import EARLIEST, LATEST

# By the sign of a language for decimals: what looks like thousands to whoever writes numbers the other way.
AMBIGUOUS = {
    ".": re.compile(r"[1-9]\d{0,2}([.,]\d{3})*,\d{3}"),
    ",": re.compile(r"[1-9]\d{0,2}([.,]\d{3})*\.\d{3}"),
}
NUMBER = re.compile(r"\d{1,12}([.,]\d{1,20})?|[.,]\d{1,20}")
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


def refuse_unreadable(text: str) -> None:
    """Refuse characters that no keyboard types and no database should hold."""
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text):
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
        refuse_unreadable(text)
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


class AmountField(Field):
    """A number within bounds, written with a decimal point or a decimal comma."""

    widget = TextInput()

    def __init__(self, label: str, least: float, most: float, required: str | None = None, **kwargs):
        kwargs.setdefault("render_kw", {"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(label, **kwargs)
        self.least = least
        self.most = most
        self.required = required
        self.flags.required = bool(required)

    def _value(self) -> str:
        if self.raw_data:
            return self.raw_data[0]
        return "" if self.data is None else typed(self.shown(self.data))

    def shown(self, amount: float) -> float:
        """An amount in the unit that it is typed in."""
        return amount

    def process_formdata(self, valuelist):
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text:
            self.data = self.read(text)

    def read(self, text: str) -> float:
        """Read a number. Raises ValueError with a sentence."""
        if AMBIGUOUS[get_decimal_symbol(get_locale())].fullmatch(text):
            # In a language that writes 1,5 this asks about the point.
            raise ValueError(
                _("Is the comma for thousands or for decimals? Please write it without, or as 1.5.")
            )
        if not NUMBER.fullmatch(text):
            raise ValueError(_("Please write a number, such as 150 or 1.5."))
        return float(text.replace(",", "."))

    def pre_validate(self, form):
        if self.data is None:
            if self.required and not self.errors:
                raise ValidationError(self.required)
            return
        if not (math.isfinite(self.data) and self.least <= self.data <= self.most):
            raise ValidationError(
                _(
                    "Please write a number from %(least)s to %(most)s.",
                    least=number(self.shown(self.least)),
                    most=number(self.shown(self.most)),
                )
            )


class EnergyField(AmountField):
    """An amount of energy, typed in the unit that the person counts in; what it holds is kcal."""

    # For a label: the unit of whoever sees it.
    unit = LazyString(energy_unit)

    def __init__(self, least: float, most: float, required: str | None = None, label=None, **kwargs):
        label = label or _l("Energy (%(unit)s)", unit=self.unit)
        super().__init__(label, least, most, required, **kwargs)

    def shown(self, amount: float) -> float:
        return per_energy_unit(amount)

    def read(self, text: str) -> float:
        return super().read(text) / per_energy_unit(1.0)


class SeenField(Field):
    """A number that a page showed before somebody wrote another; what cannot be read was not seen."""

    widget = HiddenInput()

    def _value(self) -> str:
        return "" if self.data is None else typed(self.data)

    def process_formdata(self, valuelist):
        text = valuelist[0] if valuelist else ""
        self.data = float(text.replace(",", ".")) if NUMBER.fullmatch(text) else None


class WholeField(AmountField):
    """A whole number within bounds."""

    def __init__(self, label: str, least: int, most: int, required: str | None = None, **kwargs):
        kwargs.setdefault("render_kw", {"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(label, least, most, required, **kwargs)

    def read(self, text: str) -> float:
        if not re.fullmatch(r"\d{1,12}", text):
            raise ValueError(_("Please write a whole number."))
        return int(text)

    def pre_validate(self, form):
        if self.data is not None and not self.least <= self.data <= self.most:
            raise ValidationError(
                _(
                    "Please write a whole number from %(least)s to %(most)s.",
                    least=self.least,
                    most=self.most,
                )
            )
        super().pre_validate(form)


class DayField(DateField):
    """A calendar date that a diary can have."""

    def __init__(self, label: str, **kwargs):
        super().__init__(label, invalid_value_message=NO_DATE, **kwargs)

    def pre_validate(self, form):
        if not self.errors and not (self.data and EARLIEST <= self.data <= LATEST):
            raise ValidationError(NO_DATE)


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
