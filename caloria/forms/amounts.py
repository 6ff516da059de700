"""The fields in which people write numbers."""

import math
import re

from babel.numbers import get_decimal_symbol
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import Field, ValidationError
from wtforms.widgets import HiddenInput, TextInput

from caloria.filters.amounts import energy_unit, per_energy_unit
from caloria.filters.numbers import number, typed

# By the sign of a language for decimals: what looks like thousands to whoever writes numbers the other way.
AMBIGUOUS = {
    ".": re.compile(r"[1-9]\d{0,2}([.,]\d{3})*,\d{3}"),
    ",": re.compile(r"[1-9]\d{0,2}([.,]\d{3})*\.\d{3}"),
}
NUMBER = re.compile(r"\d{1,12}([.,]\d{1,20})?|[.,]\d{1,20}")


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


class WholeEnergyField(EnergyField):
    """An amount of energy that is shown whole: people aim at round numbers, whatever they are in kcal."""

    def shown(self, amount: float) -> float:
        return round(per_energy_unit(amount))


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
