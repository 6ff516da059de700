"""The geometry of charts: what stands where on a canvas that is as wide and as high as its page lets it be.

Paths alone; the numbers beside them are HTML (components/line_chart.html and its neighbours).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from math import ceil, floor, log10
from typing import Any, NamedTuple

from flask import Flask

WIDTH, HEIGHT = 1000, 300
STEPS = (1, 2, 2.5, 5, 10)
LEAST_SPREAD = 0.02
MOST_LINES = 4


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(Plot=Plot, heat_path=heat_path, spark_path=spark_path, spark_box=spark_box)
    app.jinja_env.globals.update(energy_bars=energy_bars, weight_line=weight_line, heat_days=heat_days)


@dataclass(frozen=True)
class Scale:
    """Round numbers from low to high, each a step from the last."""

    low: float
    high: float
    step: float

    @classmethod
    def over(cls, values: Iterable[float | None], from_zero: bool = False) -> "Scale":
        """The narrowest of round numbers that holds the values."""
        known = [value for value in values if value is not None]
        known = known if any(known) else [0.0, 1.0]
        low, high = (0.0 if from_zero else min(known)), max(known)
        # A few numbers that are nearly the same stand in the middle.
        room = 0.0 if from_zero else max(abs(high) * LEAST_SPREAD - (high - low), 0.0) / 2
        low, high = low - room, high + room
        step = _round_step(max(high - low, 1e-9) / (MOST_LINES - 1))
        low, high = floor(low / step) * step, ceil(high / step) * step
        return cls(low, high if high > low else low + step, step)

    @property
    def ticks(self) -> list[float]:
        """The numbers from the top down."""
        number = round((self.high - self.low) / self.step)
        return [self.high - self.step * each for each in range(number + 1)]


def _round_step(least: float) -> float:
    power = 10.0 ** floor(log10(least))
    # Below one, a step of 2.5 would need more decimals than are written.
    steps = [step for step in STEPS if power >= 1 or step != 2.5]
    return next(step * power for step in steps if step * power >= least * 0.999)


class Plot:
    """Values over days, on a canvas of WIDTH by HEIGHT."""

    def __init__(self, first: date, last: date, values: Iterable[float | None], from_zero: bool = False):
        self.first, self.last = first, last
        self.days = (last - first).days + 1
        self.scale = Scale.over(values, from_zero)

    @property
    def box(self) -> str:
        return f"0 0 {WIDTH} {HEIGHT}"

    @property
    def grid(self) -> str:
        return "".join(f"M0 {self.y(tick):.1f}H{WIDTH}" for tick in self.scale.ticks)

    @property
    def dates(self) -> list[date]:
        """What is written below: the first day, the last, and one between."""
        return sorted({self.first, self.first + timedelta(days=(self.days - 1) // 2), self.last})

    def x(self, day: date) -> float:
        """The middle of a day."""
        return WIDTH * ((day - self.first).days + 0.5) / self.days

    def y(self, value: float) -> float:
        scale = self.scale
        return HEIGHT * (scale.high - value) / (scale.high - scale.low)

    def line(self, points: Sequence[tuple[date, float]], broken_after: timedelta | None = None) -> str:
        """A line through points, broken where they are further apart."""
        return "".join(
            f"M{'L'.join(self._at(run))}{'h.1' if len(run) == 1 else ''}"
            for run in _runs(points, broken_after)
        )

    def dots(self, points: Iterable[tuple[date, float]]) -> str:
        """A dot at each point: lines of no length, with round ends."""
        return "".join(f"M{at}h.1" for at in self._at(points))

    def band(
        self, points: Sequence[tuple[date, float]], half: float, broken_after: timedelta | None = None
    ) -> str:
        """What lies within half above and below a line."""
        shapes = []
        for run in _runs(points, broken_after):
            there = self._at((day, value + half) for day, value in run)
            back = self._at((day, value - half) for day, value in reversed(run))
            shapes.append(f"M{'L'.join([*there, *back])}z")
        return "".join(shapes)

    def _at(self, points: Iterable[tuple[date, float]]) -> list[str]:
        """Where points stand, as a path writes it."""
        return [f"{self.x(day):.1f} {self.y(value):.1f}" for day, value in points]

    def bars(self, bars: Iterable[tuple[date, date, float | None]]) -> str:
        """A bar from zero for each stretch of days."""
        return "".join(self._bar(*bar) for bar in bars if bar[2] is not None)

    def _bar(self, first: date, last: date, value: float) -> str:
        start, end = self._edges(first, last)
        gap = (end - start) * 0.14
        return f"M{start + gap:.1f} {HEIGHT}V{self.y(value):.1f}h{end - start - 2 * gap:.1f}V{HEIGHT}z"

    def steps(self, bars: Iterable[tuple[date, date, float | None]]) -> str:
        """A level line for each run of the same number, joined where they follow each other."""
        path, before = "", None
        for value, run in groupby(bars, key=lambda bar: bar[2]):
            if value is not None:
                bars_of_run = list(run)
                start, end = self._edges(bars_of_run[0][0], bars_of_run[-1][1])
                level = f"{self.y(value):.1f}"
                path += f"M{start:.1f} {level}" if before is None else f"V{level}"
                path += f"H{end:.1f}"
            before = value
        return path

    def _edges(self, first: date, last: date) -> tuple[float, float]:
        start, end = (first - self.first).days, (last - self.first).days + 1
        return WIDTH * start / self.days, WIDTH * end / self.days


def _runs(points, broken_after):
    """Points in runs without a gap that is too long."""
    run: list = []
    for point in points:
        if run and broken_after and point[0] - run[-1][0] > broken_after:
            yield run
            run = []
        run.append(point)
    if run:
        yield run


Bars = list[tuple[date, date, float | None]]


class EnergyBars(NamedTuple):
    """What stretches of days draw, and every number of it."""

    full: Bars
    partial: Bars
    aim: Bars

    @property
    def values(self) -> list[float | None]:
        return [value for bars in self for _first, _last, value in bars]

    @property
    def shown(self) -> "EnergyBars":
        """Those of which there is something to see."""
        return EnergyBars(*([bar for bar in bars if bar[2] is not None] for bars in self))


def energy_bars(stretches: Iterable[Any], factor: float) -> EnergyBars:
    """The energy of stretches of days, and what was aimed at, in a unit of which a kcal has so many."""
    bars = EnergyBars([], [], [])
    for each in stretches:
        eaten = bars.full if each.is_complete else bars.partial
        for into, kcal in ((eaten, each.energy_kcal), (bars.aim, each.target_kcal)):
            into.append((each.span.first, each.span.last, None if kcal is None else kcal * factor))
    return bars


class WeightLine(NamedTuple):
    """What weights draw: the trend under them, each of them, and by how much they swing."""

    trend: list[tuple[date, float]]
    dots: list[tuple[date, float]]
    swing: float

    @property
    def values(self) -> list[float]:
        around = [kg + swing for _day, kg in self.trend for swing in (-self.swing, self.swing)]
        return [*around, *(kg for _day, kg in self.dots)]


def weight_line(points: Sequence[Any], swing_kg: float | None, factor: float) -> WeightLine:
    """Weights and their trend in a unit of which a kg has so many."""
    trend = [(point.day, point.trend_kg * factor) for point in points]
    return WeightLine(trend, [(point.day, point.kg * factor) for point in points], (swing_kg or 0) * factor)


class HeatDays(NamedTuple):
    """Days by how much of them was logged: everything, something or nothing."""

    full: list[Any]
    partial: list[Any]
    none: list[Any]

    @property
    def dates(self) -> list[tuple[str, list[date]]]:
        """What is drawn: the dates of each kind."""
        return [(kind, [day.date for day in days]) for kind, days in self._asdict().items()]


def heat_days(days: Iterable[Any]) -> HeatDays:
    """The figures of days, each among those like it."""
    found = HeatDays([], [], [])
    for day in days:
        (found.full if day.complete else found.partial if day.has_entries else found.none).append(day)
    return found


def heat_path(days: Iterable[date], first: date) -> str:
    """A square for each day: a column for each week from the Monday of the first, a row for each weekday."""
    monday = first - timedelta(days=first.weekday())
    return "".join(
        f"M{(day - monday).days // 7 * 12 + 1} {day.weekday() * 12 + 1}h10v10h-10z" for day in days
    )


SPARK_STEP, SPARK_HEIGHT = 4, 30


def spark_box(values: Sequence[float | None]) -> str:
    return f"0 0 {SPARK_STEP * len(values)} {SPARK_HEIGHT}"


def spark_path(values: Sequence[float | None], from_zero: bool = True) -> str:
    """A line through numbers, broken where one is not known, on zero or a little below the least."""
    known = [value for value in values if value is not None]
    if not known:
        return ""
    most = max(known)
    ground = 0.0 if from_zero else min(known) - max(most - min(known), 1e-9) / 4
    tall = max(most - ground, 1.0 if from_zero else 1e-9)
    path, before = "", None
    for number, value in enumerate(values):
        if value is not None:
            at = f"{SPARK_STEP * number + 2} {round(28 - 26 * (value - ground) / tall, 1)}"
            path += f"L{at}" if before is not None else f"M{at}h.01"
        before = value
    return path
