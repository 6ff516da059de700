"""Fields that turn what a browser sent into a value, or into a sentence about what is wrong with it."""

import math
import re
import unicodedata
from decimal import Decimal
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from wtforms import DateField, Field, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import EmailInput, HiddenInput, PasswordInput, TextInput

from caloria.models import passwords
from caloria.models.day import EARLIEST, LATEST

AMBIGUOUS = re.compile(r"[1-9]\d{0,2}([.,]\d{3})*,\d{3}")
NUMBER = re.compile(r"\d{1,12}([.,]\d{1,20})?|[.,]\d{1,20}")
LONGEST_EMAIL = 254
NO_DATE = f"Please choose a date between {EARLIEST.year} and {LATEST.year}, such as 2026-11-21."


def choices(*pairs: tuple[str, str]) -> list[SelectChoice]:
    """Options of a field: each a value and what it is called."""
    return [SelectChoice(value, label) for value, label in pairs]


def refuse_unreadable(text: str) -> None:
    """Refuse characters that no keyboard types and no database should hold."""
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text):
        raise ValidationError("This holds a character that cannot be shown. Please type it again.")


def plain(number: float) -> str:
    """Write a number as an amount field reads it: to twelve digits, never as 1e-05."""
    return f"{Decimal(f'{number:.12g}'):f}"


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
        if len(text) > self.longest:
            raise ValidationError(f"Please keep this to {self.longest} characters; these are {len(text):,}.")
        self.data = text or None


class EmailField(TextField):
    """An e-mail address that looks like one."""

    widget = EmailInput()

    def __init__(self, label: str = "E-mail", **kwargs):
        super().__init__(label, LONGEST_EMAIL, "Please write your e-mail address.", **kwargs)

    def pre_validate(self, form):
        super().pre_validate(form)
        try:
            validate_email(self.data, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            raise ValidationError(
                "This does not look like an e-mail address: ann@example.org, say."
            ) from None


class PasswordField(StringField):
    """A password as it was typed; it is never shown again."""

    widget = PasswordInput(hide_value=True)

    def __init__(self, label: str, **kwargs):
        super().__init__(label, **kwargs)
        self.flags.required = True

    def pre_validate(self, form):
        if not self.data:
            raise ValidationError("Please write your password.")
        if len(self.data) > passwords.LONGEST:
            raise ValidationError(f"A password may have up to {passwords.LONGEST} characters.")
        refuse_unreadable(self.data)


class NewPasswordField(PasswordField):
    """A password that is being chosen."""

    def pre_validate(self, form):
        super().pre_validate(form)
        if len(self.data) < passwords.SHORTEST:
            raise ValidationError(f"Please choose at least {passwords.SHORTEST} characters.")
        if passwords.is_common(self.data):
            raise ValidationError("This is among the passwords that are tried first. Please choose another.")


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
        return "" if self.data is None else plain(self.data)

    def process_formdata(self, valuelist):
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text:
            self.data = self.read(text)

    def read(self, text: str) -> float:
        """Read a number. Raises ValueError with a sentence."""
        if AMBIGUOUS.fullmatch(text):
            raise ValueError(
                "Is the comma for thousands or for decimals? Please write it without, or as 1.5."
            )
        if not NUMBER.fullmatch(text):
            raise ValueError("Please write a number, such as 150 or 1.5.")
        return float(text.replace(",", "."))

    def pre_validate(self, form):
        if self.data is None:
            if self.required and not self.errors:
                raise ValidationError(self.required)
            return
        if not (math.isfinite(self.data) and self.least <= self.data <= self.most):
            raise ValidationError(f"Please write a number from {self.least:,.12g} to {self.most:,.12g}.")


class WholeField(AmountField):
    """A whole number within bounds."""

    def __init__(self, label: str, least: int, most: int, required: str | None = None, **kwargs):
        kwargs.setdefault("render_kw", {"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(label, least, most, required, **kwargs)

    def read(self, text: str) -> float:
        if not re.fullmatch(r"\d{1,12}", text):
            raise ValueError("Please write a whole number.")
        return int(text)

    def pre_validate(self, form):
        if self.data is not None and not self.least <= self.data <= self.most:
            raise ValidationError(f"Please write a whole number from {self.least} to {self.most}.")
        super().pre_validate(form)


class DayField(DateField):
    """A calendar date that a diary can have."""

    def __init__(self, label: str, **kwargs):
        super().__init__(label, invalid_value_message=NO_DATE, **kwargs)

    def pre_validate(self, form):
        if not self.errors and not (self.data and EARLIEST <= self.data <= LATEST):
            raise ValidationError(NO_DATE)


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
            raise ValueError(
                "Something on this page was out of date. Please check it and save again."
            ) from None
