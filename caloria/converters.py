from datetime import date

from werkzeug.routing import BaseConverter, ValidationError

from caloria.models.day import EARLIEST, LATEST


def calendar_day(text: str) -> date:
    """Read a date such as `2026-11-21`, within the years that a diary can hold. Raises ValueError."""
    day = date.fromisoformat(text)
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"no diary has the year {day.year}")
    return day


class DayConverter(BaseConverter):
    """A calendar date in an address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        try:
            return calendar_day(value)
        except ValueError:
            raise ValidationError from None

    def to_url(self, value: date) -> str:
        return value.isoformat()


CONVERTERS = {"date": DayConverter}
