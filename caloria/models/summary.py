"""A range of a diary on one page, as somebody shows it to a doctor or a coach."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from caloria.extensions import db
from caloria.models.day import EARLIEST
from caloria.models.expenditure import WINDOW
from caloria.models.kept import cached_property
from caloria.models.measurement import Measurement
from caloria.models.trend_reading import read_days
from caloria.models.trends import Trends
from caloria.models.user import User
from caloria.models.weight_trend import RUN_UP

USUAL_DAYS = timedelta(days=29)
# Longer than anybody keeps a diary; each of its days is looked at.
LONGEST = timedelta(days=50 * 366)
# So many fit on the page; those measured most often come first.
MOST_MEASURED = 6


class BadRange(Exception):
    """A range does not begin before it ends, or is no range of days."""


@dataclass(frozen=True)
class Measured:
    """What somebody measured of themselves first and last, and how often."""

    name: str
    unit: str
    first: float
    last: float
    times: int


class Summary(Trends):
    """One person's trends from one day to another, both included."""

    def __init__(self, person: User, first: date, last: date):
        super().__init__(person, "all")
        self.first, self.today = first, last

    @classmethod
    def between(cls, person: User, first: str, last: str) -> "Summary":
        """The summary of a range as it is written; of the last thirty days where none is. Raises BadRange."""
        try:
            until = date.fromisoformat(last) if last else person.today()
            since = date.fromisoformat(first) if first else until - USUAL_DAYS
        except (ValueError, OverflowError):
            raise BadRange from None
        if not EARLIEST <= since <= until <= person.today() or until - since > LONGEST:
            raise BadRange
        return cls(person, since, until)

    @classmethod
    def usual(cls, person: User) -> "Summary":
        return cls.between(person, "", "")

    @cached_property
    def _reading(self):
        earlier = max(self.first, EARLIEST + RUN_UP)
        return read_days(self.person, min(self.first, self.today - WINDOW), earlier - RUN_UP, self.today)

    @cached_property
    def since(self) -> date:
        return self.first

    @cached_property
    def logged_days(self) -> int:
        return sum(day.has_entries for day in self.days)

    @cached_property
    def measured(self) -> list[Measured]:
        """What was measured in the range beside weight. One statement."""
        within = (
            Measurement.user_id == self.person.id,
            Measurement.deleted_at.is_(None),
            Measurement.day.between(self.first, self.today),
        )
        forth = (Measurement.day, Measurement.id)
        back = [each.desc() for each in forth]
        series = (Measurement.name, Measurement.unit)
        amount, times = Measurement.amount, func.count().over(partition_by=series)
        rows = (
            select(
                Measurement.name,
                Measurement.unit,
                func.first_value(amount).over(order_by=forth, partition_by=series),
                func.first_value(amount).over(order_by=back, partition_by=series),
                times,
            )
            .where(*within)
            .distinct()
        )
        found = [Measured(*row) for row in db.session.execute(rows)]
        return sorted(found, key=lambda each: (-each.times, each.name.casefold()))
