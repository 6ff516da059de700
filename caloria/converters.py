from datetime import date

from werkzeug.routing import BaseConverter, ValidationError

from caloria.models.day import EARLIEST, LATEST


class DayConverter(BaseConverter):
    """A calendar date in a URL: `2026-11-21`, within the years that a diary can hold."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise ValidationError from None
        if not EARLIEST <= day <= LATEST:
            raise ValidationError
        return day

    def to_url(self, value: date) -> str:
        return value.isoformat()


CONVERTERS = {"date": DayConverter}
