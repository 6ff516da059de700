"""The one place where a number becomes text. None, which is "not known", becomes a dash."""

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_skeleton, format_timedelta, get_day_names
from babel.lists import format_list
from babel.numbers import format_decimal, get_currency_symbol, get_decimal_symbol, parse_pattern
from flask import Flask, g, url_for
from flask_babel import format_date, get_locale, gettext, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from caloria.languages import spoken
from caloria.models.clock import utc_now
from caloria.models.figures import COUNTED_UP_TO
from caloria.models.gtin import NotABarcode, shown
from caloria.models.ids import new_id
from caloria.models.nutrients import BY_NAME, KJ_PER_KCAL, Sum
from caloria.models.plan import COMING, FEATURES, FREE, PLUS
from caloria.models.plausibility import PARTS
from caloria.models.round_trip import CALLED
from caloria.models.units import CM_PER_INCH, GRAMS_PER_OUNCE, KG_PER_POUND, ML_PER_FLUID_OUNCE
from settings.money import decimals

UNKNOWN = "–"
BRITISH = Locale("en", "GB")
MEASURES = ("g", "ml", "oz", "fl oz")  # units that are the same in the plural


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        kcal=kcal,
        energy=energy,
        energy_sum=energy_sum,
        kcal_sum=kcal_sum,
        listed=listed,
        per_energy_unit=per_energy_unit,
        grams=grams,
        as_grams=as_grams,
        weight=weight,
        typed=typed,
        field_name=field_name,
        amount=amount,
        nutrient=nutrient,
        measure=measure,
        water=water,
        body_weight=body_weight,
        body_change=body_change,
        measured=measured,
        typed_measure=typed_measure,
        percent=percent,
        short_day=short_day,
        span_words=span_words,
        weekday_name=weekday_name,
        portion=portion,
        count=count,
        moment=moment,
        local_moment=local_moment,
        device_words=device_words,
        age=age,
        megabytes=megabytes,
        bytes_words=bytes_words,
        money=money,
        provenance=provenance,
        origin=origin,
        date_words=date_words,
        feature_name=feature_name,
        day_title=day_title,
        day_words=day_words,
        act_words=act_words,
        food_name=food_name,
        printed_barcode=printed_barcode,
        doubt_words=doubt_words,
        unit=unit,
        sentence=sentence,
        clock=clock,
        day_of=day_of,
        as_date=date.fromisoformat,
        full_date=full_date,
        told=told,
        travelling=travelling,
    )
    app.jinja_env.globals.update(free=FREE, plus=PLUS, features=FEATURES, coming=COMING)
    app.jinja_env.globals.update(
        new_id=new_id,
        nutrient_of=BY_NAME.__getitem__,
        day_url=day_url,
        energy_unit=energy_unit,
        weight_unit=weight_unit,
        per_weight_unit=per_weight_unit,
        per_energy_unit=per_energy_unit,
        measure_unit=measure_unit,
        number_words=number_words,
        nutrient_labels=nutrient_labels,
        food_shares=food_shares,
    )


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


def kcal(value: float | None) -> str:
    """So many kcal in the person's unit of energy, whole, without its name: "1,872", or "7,832" for kJ."""
    return UNKNOWN if value is None else rounded(per_energy_unit(value))


def energy(value: float | None) -> str:
    """So many kcal with the unit that the person counts in: "1,872 kcal"."""
    return f"{kcal(value)} {energy_unit()}"


def energy_sum(total: Sum) -> str:
    """A sum of energy with its unit, and of how many it is known: "420 kcal (known for 2 of 3)"."""
    return _as_known(energy(total.amount), total)


def kcal_sum(total: Sum) -> str:
    """A sum of energy without its unit, and of how many it is known: "420 (known for 2 of 3)"."""
    return _as_known(kcal(total.amount), total)


def _as_known(written: str, total: Sum) -> str:
    if total.known == total.of:
        return written
    said = {"energy": written, "known": total.known, "of": total.of}
    return _("%(energy)s (known for %(known)s of %(of)s)", **said) if total.known else UNKNOWN


def energy_unit() -> str:
    """The unit that the person counts energy in; a visitor's is kcal."""
    return getattr(_person(), "energy_unit", "kcal")


def per_energy_unit(value: float) -> float:
    """So many kcal in the unit that the person counts in."""
    return value * KJ_PER_KCAL if energy_unit() == "kJ" else value


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


def grams(value: float | None) -> str:
    """Grams: whole from ten up, one decimal below."""
    return UNKNOWN if value is None else f"{as_grams(value)}\N{NO-BREAK SPACE}g"


def as_grams(value: float | None) -> str:
    """Grams without their unit, which stands elsewhere."""
    return UNKNOWN if value is None else rounded(value, 0 if abs(value) >= 10 else 1)


def weight(value: float | None) -> str:
    """What a portion weighs, in the unit that the person weighs in: "60 g", or "2.1 oz"."""
    if value is None or not _in_us_units():
        return grams(value)
    ounces = value / GRAMS_PER_OUNCE
    return f"{rounded(ounces, 0 if ounces >= 10 else 1)}\N{NO-BREAK SPACE}oz"


def nutrient(value: float | None, name: str) -> str:
    """An amount of a nutrient with its unit."""
    unit = BY_NAME[name].unit
    if value is None:
        return UNKNOWN
    if unit == "g":
        return grams(value)
    if unit == "kcal":
        value, unit = per_energy_unit(value), energy_unit()
    written = rounded(value) if unit in ("kcal", "kJ", "mg") and value >= 10 else amount(value)
    return f"{written}\N{NO-BREAK SPACE}{unit}"


def measure(value: float, unit: str) -> str:
    """So many of a portion: "150 g", "1 slice", "2 × slice"."""
    times = "\N{NO-BREAK SPACE}" if value <= 1 or unit in MEASURES else " × "
    return f"{amount(value)}{times}{unit}"


def water(ml: float) -> str:
    """So much water: "1,250 ml", or "8 fl oz" for who measures so."""
    if _in_us_units():
        return f"{amount(ml / ML_PER_FLUID_OUNCE)}\N{NO-BREAK SPACE}fl oz"
    return f"{rounded(ml)}\N{NO-BREAK SPACE}ml"


def weight_unit() -> str:
    """The unit that the person weighs themselves in."""
    return "lb" if _in_us_units() else "kg"


def per_weight_unit(kg: float) -> float:
    """So many kg in the unit that the person weighs themselves in."""
    return kg / KG_PER_POUND if _in_us_units() else kg


def body_weight(kg: float | None, decimals: int = 1) -> str:
    """What a person weighs: "80.4 kg", or "177.3 lb"."""
    if kg is None:
        return UNKNOWN
    return f"{rounded(per_weight_unit(kg), decimals)}\N{NO-BREAK SPACE}{weight_unit()}"


def body_change(kg: float | None) -> str:
    """By how much a weight changed, with its sign: "−0.4 kg"."""
    if kg is None:
        return UNKNOWN
    sign = "" if rounded(per_weight_unit(abs(kg)), 1) == rounded(0) else "+" if kg > 0 else "\N{MINUS SIGN}"
    return f"{sign}{body_weight(abs(kg))}"


def measured(amount_: float, unit: str) -> str:
    """What was measured, in its unit: "82 cm", "32.3 in" or "18.5 %"."""
    if unit == "percent":
        return percent(amount_ / 100, decimals=1)
    if unit != "cm":
        return amount(amount_)
    inches = _in_us_units()
    shown, name = (amount_ / CM_PER_INCH, "in") if inches else (amount_, "cm")
    return f"{rounded(shown, 1)}\N{NO-BREAK SPACE}{name}"


def shown_measure(amount_: float, unit: str) -> float:
    """What was measured in the unit that the person reads it in, to a decimal."""
    return round(amount_ / CM_PER_INCH if unit == "cm" and _in_us_units() else amount_, 1)


def typed_measure(amount_: float, unit: str) -> str:
    """What was measured as a field reads it, to a decimal."""
    return typed(shown_measure(amount_, unit))


def measure_unit(unit: str) -> str:
    """What a measurement is counted in; nothing where that is the person's own affair."""
    return {"cm": "in" if _in_us_units() else "cm", "percent": "%"}.get(unit, "")


def number_words(value: float) -> str:
    """A round number at the side of a chart."""
    return rounded(value, 2 if abs(value) < 1 else 1)


def nutrient_labels(names) -> list[str]:
    """What nutrients are called inside a sentence."""
    return [_(BY_NAME[name].label).lower() for name in names]


def food_shares(foods) -> list[str]:
    """Foods with their share of something: "Milk (35 %)"."""
    return [f"{name} ({percent(share)})" for name, share in foods]


def _in_us_units() -> bool:
    return getattr(_person(), "units", "metric") == "us"


def _person():
    """Whoever is signed in, as Flask-Login keeps them once it looked: a page asks for a hundred numbers."""
    return getattr(g._get_current_object(), "_login_user", None) or current_user


def percent(share: float | None, decimals: int = 0) -> str:
    """A share as people say it: 0.345 is "35 %"."""
    if share is None:
        return UNKNOWN
    return f"{rounded(share * 100, decimals)}\N{NO-BREAK SPACE}%"


def short_day(day: date) -> str:
    """A date in little room: "21 Nov", with the year where it is another one."""
    return _short_day(day, day.year == utc_now().year, spoken())


@lru_cache(maxsize=2048)
def _short_day(day: date, this_year: bool, _language: str) -> str:
    return format_skeleton("MMMd" if this_year else "yMMMd", day, locale=_dates_of())


def span_words(span) -> str:
    """A day, a week or a month: "21 Nov", "16 Nov – 22 Nov", "Nov 2026"."""
    if span.kind == "month":
        return format_skeleton("yMMM", span.first, locale=_dates_of())
    if span.first == span.last:
        return short_day(span.first)
    return f"{short_day(span.first)} – {short_day(span.last)}"


def weekday_name(weekday: int) -> str:
    """A day of the week, Monday being 0."""
    return get_day_names(locale=get_locale())[weekday]


def portion(entry) -> str:
    """How much was eaten, in words: "150 g", "2 × slice (60 g)"."""
    if entry.portion_amount is None:
        return ""
    words = measure(entry.portion_amount, entry.portion_unit)
    return words if entry.portion_unit in ("g", "ml") else f"{words} ({weight(entry.gram_weight)})"


def count(number: int | None) -> str:
    """How many rows, for people who run the server. None is said in a word: a dash could pass for a zero."""
    if number is None:
        return _("unknown")
    more = number > COUNTED_UP_TO
    return _("more than %(number)s", number=rounded(COUNTED_UP_TO)) if more else rounded(number)


def moment(at: datetime) -> str:
    """A moment as servers write it: "2026-11-21 11:42:03 UTC"."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def local_moment(at: datetime) -> str:
    """A moment as whoever is signed in knows it: "21 Nov 2026, 08:10"."""
    wall = current_user.local_time(at)
    return f"{full_date(wall.date())}, {wall:%H:%M}"


def device_words(device: str | None) -> str:
    """What somebody signed in with: "Firefox on Android"."""
    browser, on, system = (device or "").partition(" on ")
    known = _("%(browser)s on %(system)s", browser=browser, system=system) if on else browser
    return known or _("Some device")


def age(time: timedelta) -> str:
    """How long ago, roughly: "3 hours"."""
    return format_timedelta(time, granularity="minute", locale=get_locale())


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


def date_words(moment: datetime) -> str:
    """The date of a moment on the wall of whoever is signed in, inside a sentence."""
    return day_words(current_user.local_time(moment).date())


def feature_name(feature: str) -> str:
    """What people call something that a plan allows."""
    said = {
        "receipts": _("Receipts become food, from a photo"),
        "meal_plans": _("Meal plans and shopping lists"),
        "assistant": _("An assistant that drafts what you ate"),
        "adaptive_target": _("What you use in a day, measured, and a target that follows it"),
        "micronutrient_trends": _("The vitamins and minerals you get least of, and what supplies them"),
    }
    return said[feature]


def provenance(figures) -> str:
    """Where a figure comes from: the name of the database, its identity, and when it was asked."""
    return f"{origin(figures)}, {moment(figures.as_of)}"


def origin(figures) -> str:
    """From which database: its name and identity."""
    who = str(figures.database_id)[:8] if figures.database_id else _("unknown")
    return f"{figures.name} ({who})"


def day_title(day: date) -> str:
    """A date as a heading: "Saturday 21 November", with the year where it is another one."""
    return sentence(day_words(day))


def day_words(day: date) -> str:
    """A date inside a sentence, where some languages write its day small."""
    return _day_words(day, day.year == utc_now().year, spoken())


@lru_cache(maxsize=1024)
def _day_words(day: date, this_year: bool, _language: str) -> str:
    # Patterns of CLDR: other languages order the parts otherwise, or join them with words.
    return format_date(day, _("EEEE d MMMM") if this_year else _("EEEE d MMMM y"))


def field_name(name: str) -> str:
    """What to call the field of a form that is shown by its name alone: "Portion id"."""
    return gettext(name.replace("_", " ").capitalize())


def doubt_words(doubt) -> str:
    """What does not go together in the figures of a food."""
    if doubt.kind == "energy":
        return _(
            "In 100 g, protein, carbohydrate and fat give about %(given)s; the label says %(said)s."
            " Alcohol or sweeteners may explain that.",
            given=energy(doubt.other),
            said=energy(doubt.figure),
        )
    if doubt.kind == "weight":
        return _(
            "Protein, carbohydrate, fat and salt come to %(weight)s g in 100 g.", weight=rounded(doubt.figure)
        )
    return _(
        "%(part)s (%(less)s) is part of %(whole)s (%(more)s), which is less.",
        part=_(BY_NAME[doubt.kind].label),
        less=grams(doubt.figure),
        whole=_(BY_NAME[PARTS[doubt.kind]].label).lower(),
        more=grams(doubt.other),
    )


def printed_barcode(gtin: str) -> str:
    """A barcode as it is printed on a packet; digits that are none, as they are."""
    try:
        return shown(gtin)
    except NotABarcode:
        return gtin


def food_name(food) -> str:
    """What a food is called in the language of this answer."""
    return food.name_in(spoken())


def unit(portion) -> str:
    """What a portion is called in the language of this answer."""
    return portion.unit_in(spoken())


def act_words(act) -> str:
    """What was done, to be read after "Undone:"."""
    number = act.entry_count
    # One entry is called by its name.
    what = act.subject or ngettext("%(num)s food", "%(num)s foods", number)
    said = {
        "logged": _("logged %(what)s", what=what),
        "copied": _("copied %(what)s", what=what),
        "changed": _("changed %(what)s", what=what),
        "moved": _("moved %(what)s", what=what),
        "shared": _("took a share of %(what)s", what=what),
        "eaten": _("ate %(what)s", what=what),
        "planned": _("planned %(what)s", what=what),
        "deleted": _("deleted %(what)s", what=what),
        "corrected": _("corrected %(what)s", what=what),
        "imported": _("imported %(what)s", what=what),
    }
    return said[act.kind]


def listed(words: list[str]) -> str:
    """Words as a list: "protein, carbs, and fat"."""
    return format_list(words, locale=get_locale())


def sentence(words: str) -> str:
    """Words with a capital letter in front; the others stay as they are."""
    return words[:1].upper() + words[1:]


def clock(moment: datetime) -> str:
    """The time on the wall of whoever is signed in: "08:10"."""
    return f"{current_user.local_time(moment):%H:%M}"


def day_of(moment: datetime) -> date:
    """The calendar date of a moment, for whoever is signed in."""
    return current_user.today(moment)


def full_date(day: date) -> str:
    """A date with its year: "21 Nov 2026"."""
    return format_skeleton("yMMMd", day, locale=_dates_of())


def _dates_of() -> Locale:
    """English dates are the British ones, as in the headings of days: the day before the month."""
    return BRITISH if get_locale().language == "en" else get_locale()


def travelling(table: str) -> str:
    """What the rows of a table that is imported are called; nothing for parts of others."""
    return _(CALLED[table]) if table in CALLED else ""


def told(problem: dict) -> str:
    """What is wrong with a row of a file, in the language of whoever is signed in."""
    text = problem["text"]
    return _(text, **problem["said"])


def day_url(day: date) -> str:
    return url_for("diary.show", day=day)
