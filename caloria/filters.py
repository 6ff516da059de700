"""The one place where a number becomes text. None, which is "not known", becomes a dash."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import format_decimal
from flask import Flask, url_for
from flask_babel import format_date, get_locale

from caloria.models.clock import utc_now
from caloria.models.figures import COUNTED_UP_TO
from caloria.models.ids import new_id
from caloria.models.nutrients import BY_NAME

UNKNOWN = "–"
MEASURES = ("g", "ml", "oz", "fl oz")  # units that are the same in the plural


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        kcal=kcal,
        grams=grams,
        amount=amount,
        nutrient=nutrient,
        measure=measure,
        portion=portion,
        count=count,
        moment=moment,
        provenance=provenance,
        day_title=day_title,
    )
    app.jinja_env.globals.update(new_id=new_id, nutrient_of=BY_NAME.__getitem__, day_url=day_url)


def rounded(value: float, decimals: int = 0) -> str:
    """Round half up, as people and browsers do, and never to "-0"."""
    number = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return _written(number + 0, str(get_locale()))


@lru_cache(maxsize=8192)
def _written(number: Decimal, locale: str) -> str:
    # Babel reads its pattern anew for each of the hundred numbers of a page.
    return format_decimal(number, "#,##0.###", locale=locale)


def kcal(value: float | None) -> str:
    """Whole kilocalories: "1,872"."""
    return UNKNOWN if value is None else rounded(value)


def amount(value: float | None) -> str:
    """A number as a person would write it: three digits that matter, no empty decimals."""
    if value is None:
        return UNKNOWN
    size = abs(value)
    return rounded(value, 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3)


def grams(value: float | None) -> str:
    """Grams: whole from ten up, one decimal below."""
    if value is None:
        return UNKNOWN
    return f"{rounded(value, 0 if abs(value) >= 10 else 1)}\N{NO-BREAK SPACE}g"


def nutrient(value: float | None, name: str) -> str:
    """An amount of a nutrient with its unit."""
    unit = BY_NAME[name].unit
    if value is None:
        return UNKNOWN
    if unit == "g":
        return grams(value)
    number = kcal(value) if unit in ("kcal", "mg") and value >= 10 else amount(value)
    return f"{number}\N{NO-BREAK SPACE}{unit}"


def measure(value: float, unit: str) -> str:
    """So many of a portion: "150 g", "1 slice", "2 × slice"."""
    times = "\N{NO-BREAK SPACE}" if value <= 1 or unit in MEASURES else " × "
    return f"{amount(value)}{times}{unit}"


def portion(entry) -> str:
    """How much was eaten, in words: "150 g", "2 × slice (60 g)"."""
    if entry.portion_amount is None:
        return ""
    words = measure(entry.portion_amount, entry.portion_unit)
    return words if entry.portion_unit in ("g", "ml") else f"{words} ({grams(entry.gram_weight)})"


def count(number: int | None) -> str:
    """How many rows, for people who run the server. None is said in a word: a dash could pass for a zero."""
    if number is None:
        return "unknown"
    more = number > COUNTED_UP_TO
    return f"more than {rounded(COUNTED_UP_TO)}" if more else rounded(number)


def moment(at: datetime) -> str:
    """A moment as servers write it: "2026-11-21 11:42:03 UTC"."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def provenance(figures) -> str:
    """Where a figure comes from: the name of the database, its identity, and when it was asked."""
    who = str(figures.database_id)[:8] if figures.database_id else "unknown"
    return f"{figures.name} ({who}), {moment(figures.as_of)}"


def day_title(day: date) -> str:
    """A date as a heading: "Saturday 21 November", with the year where it is another one."""
    return format_date(day, "EEEE d MMMM" if day.year == utc_now().year else "EEEE d MMMM y")


def day_url(day: date) -> str:
    return url_for("diary.show", day=day)
