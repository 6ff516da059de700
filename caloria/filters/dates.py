"""How dates, times and stretches of days are written."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from babel import Locale
from babel.dates import format_skeleton, format_timedelta, get_day_names
from flask_babel import format_date, get_locale
from flask_babel import gettext as _
from flask_login import current_user

from caloria.filters.words import sentence
from caloria.languages import spoken
from caloria.models.clock import utc_now
from caloria.rendering import address_of

BRITISH = Locale("en", "GB")


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


def short_day(day: date) -> str:
    """A date in little room: "21 Nov", with the year where it is another one."""
    return _short_day(day, day.year == utc_now().year, spoken())


@lru_cache(maxsize=2048)
def _short_day(day: date, this_year: bool, _language: str) -> str:
    return format_skeleton("MMMd" if this_year else "yMMMd", day, locale=_dates_of())


def full_date(day: date) -> str:
    """A date with its year: "21 Nov 2026"."""
    return format_skeleton("yMMMd", day, locale=_dates_of())


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


def moment(at: datetime) -> str:
    """A moment as servers write it: "2026-11-21 11:42:03 UTC"."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def local_moment(at: datetime) -> str:
    """A moment as whoever is signed in knows it: "21 Nov 2026, 08:10"."""
    wall = current_user.local_time(at)
    return f"{full_date(wall.date())}, {wall:%H:%M}"


def clock(moment: datetime) -> str:
    """The time on the wall of whoever is signed in: "08:10"."""
    return f"{current_user.local_time(moment):%H:%M}"


def day_of(moment: datetime) -> date:
    """The calendar date of a moment, for whoever is signed in."""
    return current_user.today(moment)


def date_words(moment: datetime) -> str:
    """The date of a moment on the wall of whoever is signed in, inside a sentence."""
    return day_words(current_user.local_time(moment).date())


def age(time: timedelta) -> str:
    """How long ago, roughly: "3 hours"."""
    return format_timedelta(time, granularity="minute", locale=get_locale())


def _dates_of() -> Locale:
    """English dates are the British ones, as in the headings of days: the day before the month."""
    return BRITISH if get_locale().language == "en" else get_locale()


def day_url(day: date) -> str:
    return address_of("diary.show", day=day)


FILTERS = (
    short_day,
    span_words,
    weekday_name,
    moment,
    local_moment,
    age,
    date_words,
    day_title,
    day_words,
    clock,
    day_of,
    full_date,
)
