"""The one place where a number becomes text. None, which is "not known", becomes a dash."""

from datetime import date

from flask import Flask, url_for
from flask_babel import format_date, format_decimal

from caloria.models.ids import new_id
from caloria.models.nutrients import BY_NAME

UNKNOWN = "–"


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        kcal=kcal,
        grams=grams,
        amount=amount,
        percent=percent,
        nutrient=nutrient,
        portion=portion,
        day_title=day_title,
        day_short=day_short,
        initial=initial,
    )
    app.jinja_env.globals.update(new_id=new_id, nutrient_of=BY_NAME.__getitem__, day_url=day_url)


def kcal(value: float | None) -> str:
    """Whole kilocalories: "1,872"."""
    return UNKNOWN if value is None else format_decimal(round(value), "#,##0")


def amount(value: float | None) -> str:
    """A number as a person would write it: three digits that matter, no empty decimals."""
    if value is None:
        return UNKNOWN
    decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return format_decimal(round(value, decimals), "#,##0.##")


def grams(value: float | None) -> str:
    """Grams: whole from ten up, one decimal below."""
    if value is None:
        return UNKNOWN
    return f"{format_decimal(round(value, 0 if value >= 10 else 1), '#,##0.#')}\N{NO-BREAK SPACE}g"


def nutrient(value: float | None, name: str) -> str:
    """An amount of a nutrient with its unit."""
    unit = BY_NAME[name].unit
    if value is None:
        return UNKNOWN
    number = kcal(value) if unit in ("kcal", "mg") and value >= 10 else amount(value)
    return grams(value) if unit == "g" else f"{number}\N{NO-BREAK SPACE}{unit}"


def percent(part: float | None, whole: float | None) -> str:
    """How much of the whole a part is: "42 %"."""
    if part is None or not whole:
        return UNKNOWN
    return format_decimal(round(100 * part / whole), "#,##0") + "\N{NO-BREAK SPACE}%"


def portion(entry) -> str:
    """How much was eaten, in words: "150 g", "2 × slice (60 g)"."""
    if entry.portion_amount is None:
        return ""
    if entry.portion_unit in ("g", "ml"):
        return f"{amount(entry.portion_amount)}\N{NO-BREAK SPACE}{entry.portion_unit}"
    return f"{amount(entry.portion_amount)} × {entry.portion_unit} ({grams(entry.gram_weight)})"


def day_title(day: date) -> str:
    """A date as a heading: "Saturday 21 November"."""
    return format_date(day, "EEEE d MMMM")


def day_short(day: date) -> str:
    """A date in little space: "Sat 21 Nov"."""
    return format_date(day, "EEE d MMM")


def initial(name: str) -> str:
    """The first letter of a name."""
    return (name.strip() or "?")[0].upper()


def day_url(day: date) -> str:
    return url_for("diary.show", day=day)
