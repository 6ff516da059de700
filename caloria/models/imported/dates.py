"""Dates and times of day as other trackers and spreadsheets write them."""

import re
from collections.abc import Iterable
from datetime import date, time, timedelta

from caloria.models.clock import utc_now
from caloria.models.imported.trouble import BadCell
from caloria.words import N_

# No tracker is older, and further ahead is a slip; read the other way round, a date stays in its year.
EARLIEST, AHEAD = date(1990, 1, 1), timedelta(days=365)
NO_DATE = N_("“%(text)s” is no date that a diary can have.")
YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:[T ,].*)?")
SERIAL = re.compile(r"(\d{4,6})(?:\.\d+)?")
# Excel counts days from here (its 29 February 1900 never was).
FIRST_OF_EXCEL = date(1899, 12, 30)
CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.]\d{2}(?:\.\d+)?)?\s*([ap])?\.?(?:m\.?)?", re.IGNORECASE)
SHARE_OF_DAY = re.compile(r"0?\.\d+")

# So many dates whose year comes first settle it.
BEYOND_DOUBT = 1000
# Which comes first where the year comes last; DOUBT is both, and taken as the month.
MONTH, DAY, DOUBT = "month", "day", "doubt"


def date_order(cells: Iterable[str]) -> str:
    """Which of month and day comes first in all of these."""
    order, clear = MONTH, 0
    for cell in cells:
        parts = YEAR_LAST.fullmatch(cell.strip())
        if not parts:
            clear += YEAR_FIRST.fullmatch(cell.strip()) is not None
            if clear >= BEYOND_DOUBT and order != DOUBT:
                break
            continue
        if parts[2] == "." or int(parts[1]) > 12:
            return DAY
        if int(parts[3]) > 12:
            return MONTH
        order = DOUBT
    return order


def day(cell: str, order: str) -> date:
    """The date in a cell. Raises BadCell."""
    text = cell.strip()
    try:
        found = _day(text, order)
    except (ValueError, OverflowError):
        found = None
    if found is None or not EARLIEST <= found <= utc_now().date() + AHEAD:
        raise BadCell(NO_DATE, text=text)
    return found


def _day(text: str, order: str) -> date | None:
    if parts := YEAR_FIRST.fullmatch(text):
        return date(int(parts[1]), int(parts[2]), int(parts[3]))
    if parts := YEAR_LAST.fullmatch(text):
        first, second, year = int(parts[1]), int(parts[3]), int(parts[4])
        month, of_month = (second, first) if order == DAY else (first, second)
        return date(year if year > 99 else 2000 + year, month, of_month)
    if parts := SERIAL.fullmatch(text):
        return FIRST_OF_EXCEL + timedelta(days=int(parts[1]))
    return None


def swapped(day: date) -> date:
    """The same figures read the other way round: 4 September for 9 April."""
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else day


def clock(cell: str) -> time | None:
    """The time of day in a cell; None where there is none that can be read."""
    text = cell.strip()
    if SHARE_OF_DAY.fullmatch(text):
        minutes = round(float(text) * 24 * 60) % (24 * 60)
        return time(minutes // 60, minutes % 60)
    parts = CLOCK.fullmatch(text)
    if not parts:
        return None
    hour, half = int(parts[1]), (parts[3] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(parts[2])) if hour < 24 and int(parts[2]) < 60 else None
