"""A range of days as so few stretches that each can be seen."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

# So many days are drawn each by itself, more by the week, and more than that by the month.
MOST_DAYS, MOST_DAYS_BY_WEEK = 92, 400


class Span(NamedTuple):
    first: date
    last: date
    kind: str  # day, week or month

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def spans(first: date, last: date) -> list[Span]:
    """The days from first to last as days, weeks that begin on Mondays, or months."""
    days = (last - first).days + 1
    kind = "day" if days <= MOST_DAYS else "week" if days <= MOST_DAYS_BY_WEEK else "month"
    return list(_split(first, last, kind))


def _split(first: date, last: date, kind: str) -> Iterator[Span]:
    while first <= last:
        end = min(_end(first, kind), last)
        yield Span(first, end, kind)
        first = end + timedelta(days=1)


def _end(day: date, kind: str) -> date:
    if kind == "day":
        return day
    if kind == "week":
        return day + timedelta(days=6 - day.weekday())
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
