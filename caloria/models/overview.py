from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import URL, Connection

from caloria.models.daily_figure import DailyFigure
from caloria.models.day_count import KEPT_IN_SIGHT
from caloria.models.figures import Provenance

# It is counted every hour, and a worker that comes back needs a moment.
OLD_AFTER = timedelta(hours=2)
COUNTED = (
    "sign_ups",
    "active_1",
    "active_7",
    "active_28",
    "entries",
    "paid",
    "trialing",
    "past_due",
    "monthly_revenue",
    "failed_payments",
)
REFUSED, NEVER, OLD = "refused", "never", "old"


class Point(NamedTuple):
    """One day of a figure; the value is None where nobody counted it."""

    day: date
    value: int | None
    as_of: datetime | None


class Trend:
    """A figure over the last days, and whether it is known now.

    What was counted long ago is not what there is now: `value` is None then, and `latest` is the last known.
    """

    def __init__(self, name: str, unit: str, points: list[Point], now: datetime, is_refused: bool = False):
        self.name, self.unit, self.points = name, unit, points
        self.latest: Point | None = next((each for each in reversed(points) if each.as_of), None)
        self.unknown_because = REFUSED if is_refused else self._gap(now)

    def _gap(self, now: datetime) -> str | None:
        if self.latest is None or self.latest.as_of is None:
            return NEVER
        return OLD if now - self.latest.as_of > OLD_AFTER else None

    @property
    def value(self) -> int | None:
        return self.latest.value if self.latest and not self.unknown_because else None


class Overview(Provenance):
    """How Caloria goes, by what a job counted. No figure is zero for being unknown."""

    def __init__(self, connection: Connection, url: URL):
        super().__init__(connection, url)
        today = self.as_of.date()
        self.days = [today - timedelta(days=ago) for ago in range(KEPT_IN_SIGHT - 1, -1, -1)]
        rows = self.read(lambda: connection.execute(DailyFigure.since(self.days[0])).all())
        self.is_refused = rows is None
        self.found = {(row.name, row.unit, row.day): row for row in rows or []}

    def trends(self, name: str) -> list[Trend]:
        """A figure; of money one for each currency, and none where it is known that nobody pays."""
        units = sorted({unit for found, unit, _ in self.found if found == name})
        if not units and name == "monthly_revenue" and self.trend("paid").value == 0:
            return []
        return [self.trend(name, unit) for unit in units or [""]]

    def trend(self, name: str, unit: str = "") -> Trend:
        return Trend(
            name, unit, [self._point(name, unit, day) for day in self.days], self.as_of, self.is_refused
        )

    def _point(self, name: str, unit: str, day: date) -> Point:
        row = self.found.get((name, unit, day))
        if row:
            return Point(day, row.value, row.as_of)
        # A currency of which nothing was counted on a day on which money was, brought nothing.
        paid = self.found.get(("paid", "", day)) if unit else None
        return Point(day, 0, paid.as_of) if paid else Point(day, None, None)
