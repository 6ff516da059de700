"""How a number, a share, a size or a price is written. None, which is "not known", becomes a dash."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_decimal, get_currency_symbol, get_decimal_symbol, parse_pattern
from flask_babel import get_locale
from flask_babel import gettext as _

from caloria.languages import spoken
from caloria.models.figures import COUNTED_UP_TO
from settings.money import decimals

UNKNOWN = "–"


def rounded(value: float, decimals: int = 0) -> str:
    """Round half up, as people and browsers do, and never to "-0"."""
    return _rounded(value, decimals, spoken())


@lru_cache(maxsize=8192)
def _rounded(value: float, decimals: int, language: str) -> str:
    # Babel reads its pattern anew for each of the hundred numbers of a page.
    return _written(_to_decimals(value, decimals) + 0, language)


def _to_decimals(value: float, decimals: int) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _written(number: Decimal, language: str) -> str:
    return format_decimal(number, "#,##0.###", locale=language)


def number(value: float) -> str:
    """A number as it is, to three decimals: a bound that a message names."""
    return _written(Decimal(f"{value:.12g}"), spoken())


def typed(value: float) -> str:
    """A number as a field reads it: to twelve digits, with no mark for thousands and never as 1e-05."""
    text = f"{Decimal(f'{value:.12g}'):f}"
    return text.replace(".", _decimal_mark(spoken()))


@lru_cache
def _decimal_mark(language: str) -> str:
    return get_decimal_symbol(language)


def amount(value: float | None) -> str:
    """A number as a person would write it: three digits that matter, no empty decimals."""
    if value is None:
        return UNKNOWN
    size = abs(value)
    return rounded(value, 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3)


def percent(share: float | None, decimals: int = 0) -> str:
    """A share as people say it: 0.345 is "35 %"."""
    if share is None:
        return UNKNOWN
    return f"{rounded(share * 100, decimals)}\N{NO-BREAK SPACE}%"


def number_words(value: float) -> str:
    """A round number at the side of a chart."""
    return rounded(value, 2 if abs(value) < 1 else 1)


def count(number: int | None) -> str:
    """How many rows, for people who run the server. None is said in a word: a dash could pass for a zero."""
    if number is None:
        return _("unknown")
    more = number > COUNTED_UP_TO
    return _("more than %(number)s", number=rounded(COUNTED_UP_TO)) if more else rounded(number)


def megabytes(size_bytes: int) -> str:
    """The size of files: "12.4 MB"."""
    return f"{rounded(size_bytes / 1_000_000, 1)} MB"


def bytes_words(size_bytes: int) -> str:
    """The size of something that may be small: "40 kB", "12.4 MB". What is there is never 0."""
    if size_bytes >= 1_000_000 or not size_bytes:
        return megabytes(size_bytes)
    return f"{rounded(max(size_bytes / 1000, 1))} kB"


def money(minor: int | None, currency: str | None) -> str:
    """So many of the smallest unit of a currency: "€4.99", "4,99 €", "¥700"."""
    return UNKNOWN if minor is None or not currency else _priced(minor, currency, str(get_locale()))


@lru_cache(maxsize=1024)
def _priced(minor: int, currency: str, locale: str) -> str:
    spoken_in, digits = Locale.parse(locale), decimals(currency)
    written = spoken_in.currency_formats["standard"].pattern
    if get_currency_symbol(currency, spoken_in)[-1].isalpha():  # "KWD 4.990", as CLDR has it beside letters
        written = written.replace("¤#", "¤\N{NO-BREAK SPACE}#")
    pattern = parse_pattern(written)
    # As many as whoever takes the money counts, which are not always those of Babel's tables.
    pattern.frac_prec = (digits, digits)
    amount = Decimal(minor).scaleb(-digits)
    return pattern.apply(amount, spoken_in, currency=currency, currency_digits=False)


FILTERS = (
    typed,
    amount,
    percent,
    count,
    megabytes,
    bytes_words,
    money,
)
