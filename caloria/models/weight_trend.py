"""Where a weight is going, under what scales, salt and water do to it from day to day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import NamedTuple

from caloria.models.spans import Span

# A new weight moves the trend by a tenth for each day since the last: after a gap it counts for more.
STAYS_PER_DAY = 0.9
# Longer without a weight, and nobody knows how it went in between: the line is broken.
BROKEN_AFTER = timedelta(days=21)
# Drawn by the month, points lie further apart than that: there a month without a weight breaks it.
BROKEN_BY_MONTH = timedelta(days=62)
# From so long before a range on weights are read, for the trend to have forgotten where it began.
RUN_UP = timedelta(days=60)


class Weighed(NamedTuple):
    """One weight, and the trend as it was then."""

    day: date
    kg: float
    trend_kg: float


@dataclass(frozen=True)
class WeightTrend:
    points: list[Weighed]
    swing_kg: float | None  # by how much weights usually lie off the trend

    @classmethod
    def through(cls, weights: Iterable[tuple[date, float]], since: date) -> "WeightTrend":
        """The trend through raw weights in order of their days, from a day on."""
        trend, last, points = 0.0, None, []
        for day, kg in weights:
            # Two weights on one day each move it as a day does.
            stays = STAYS_PER_DAY ** max((day - last).days, 1) if last else 0.0
            trend = kg + stays * (trend - kg)
            last = day
            points.append(Weighed(day, kg, trend))
        shown = [point for point in points if point.day >= since]
        off = [(point.kg - point.trend_kg) ** 2 for point in shown]
        return cls(shown, sqrt(sum(off) / len(off)) if len(off) > 1 else None)

    @property
    def latest(self) -> Weighed | None:
        return self.points[-1] if self.points else None

    @property
    def change_kg(self) -> float | None:
        """How the trend went over the range."""
        return self.points[-1].trend_kg - self.points[0].trend_kg if len(self.points) > 1 else None

    def thinned(self, spans: list[Span]) -> list[Weighed]:
        """One point for each span with a weight in it: the mean of the weights, and the trend at its end."""
        thin, at = [], 0
        for span in spans:
            within = []
            while at < len(self.points) and self.points[at].day <= span.last:
                within.append(self.points[at])
                at += 1
            if within:
                mean = sum(point.kg for point in within) / len(within)
                thin.append(Weighed(within[-1].day, mean, within[-1].trend_kg))
        return thin
