"""Where a person is going: weight, energy, macros, nutrients and what they use, over a range of days."""

from bisect import bisect_right
from datetime import date, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

from caloria.models.body import ACTIVITY_LEVELS, LEAST_SPENT_KCAL, Body, resting_kcal
from caloria.models.check_in import EVERY, Advice, advise
from caloria.models.day import EARLIEST
from caloria.models.day_mark import is_complete
from caloria.models.expenditure import WINDOW, Expenditure
from caloria.models.kept import cached_property
from caloria.models.lowest import Lowest, lowest
from caloria.models.nutrients import KCAL_PER_G, Sum
from caloria.models.plan import FREE, PLUS, Plan
from caloria.models.recommended import recommended
from caloria.models.spans import Span, spans
from caloria.models.target import Target
from caloria.models.trend_reading import NUTRIENT_DAYS, SUMMED, Eaten, read_aims, read_days, read_supply
from caloria.models.user import User
from caloria.models.weekday_target import DayTarget
from caloria.models.weight_trend import BROKEN_AFTER, BROKEN_BY_MONTH, RUN_UP, WeightTrend

RANGES = ("30", "90", "365", "all")


class DayFigures(NamedTuple):
    """What was eaten on one day, and what was aimed at."""

    date: date
    energy: Sum
    target: DayTarget | None
    complete: bool

    @property
    def has_entries(self) -> bool:
        return self.energy.of > 0

    @property
    def energy_kcal(self) -> float | None:
        """What is known of what was eaten; on a day that is said to be complete and is empty, nothing."""
        return 0.0 if self.complete and not self.has_entries else self.energy.amount

    @property
    def is_measurable(self) -> bool:
        """Whether it says how much was eaten: a day can be called complete of which some isn't known."""
        return self.complete and self.has_entries and self.energy.known == self.energy.of


class Stretch(NamedTuple):
    """Some days in a row as one: a day, a week or a month, with the means of its complete days."""

    span: Span
    energy_kcal: float | None
    is_complete: bool  # or what a day has that isn't
    target_kcal: float | None
    complete_days: int


class Trends:
    """One person's trends over the days of a range that end today."""

    def __init__(self, person: User, range_: str):
        self.person = person
        self.range = range_
        # The last day of the range, and the day that is not over yet.
        self.today = self._now = person.today()
        self._known: dict[date, DayFigures] = {}
        self._aimed: dict[tuple[date, float | None], DayTarget] = {}

    @cached_property
    def _reading(self):
        if self.range == "all":
            return read_days(self.person, EARLIEST, EARLIEST, self.today)
        since = self.today - timedelta(days=int(self.range) - 1)
        return read_days(self.person, min(since, self.today - WINDOW), since - RUN_UP, self.today)

    @cached_property
    def since(self) -> date:
        """The first day of the range; of all, the first of which anything is known, a month at least."""
        if self.range != "all":
            return self.today - timedelta(days=int(self.range) - 1)
        known = [*list(self._reading.eaten)[:1], *(day for day, _kg in self._reading.weights[:1])]
        return min([*known, self.today - timedelta(days=29)])

    @cached_property
    def spans(self) -> list[Span]:
        """The stretches in which the range is drawn: days, weeks or months."""
        return spans(self.since, self.today)

    @property
    def broken_after(self) -> timedelta:
        """So far apart two weights are not joined by a line."""
        return BROKEN_BY_MONTH if self.spans[0].kind == "month" else BROKEN_AFTER

    # What is aimed at

    @cached_property
    def _aims(self) -> list[Any]:
        return read_aims(self.person, self.today)

    @property
    def plan(self) -> Plan:
        """The person's, learnt with what they aim at: it takes no statement of its own."""
        return PLUS if self._aims[0].has_plus else FREE

    @property
    def body(self) -> Body | None:
        return self._aims[0].Body

    @cached_property
    def _targets(self) -> list[tuple[Target, dict[int, float]]]:
        """Every target with the energy of its weekdays, the oldest first."""
        found: dict[date, tuple[Target, dict[int, float]]] = {}
        for row in self._aims:
            if row.Target is not None:
                _target, weekdays = found.setdefault(row.Target.starts_on, (row.Target, {}))
                if row.weekday is not None:
                    weekdays[row.weekday] = row.weekday_kcal
        return list(found.values())

    @cached_property
    def _starts(self) -> list[date]:
        return [target.starts_on for target, _ in self._targets]

    def _aim(self, day: date) -> tuple[Target, dict[int, float]] | None:
        at = bisect_right(self._starts, day)
        return self._targets[at - 1] if at else None

    def target(self, day: date) -> DayTarget | None:
        """What was aimed at on a day, by the target that was in force then."""
        aim = self._aim(day)
        if aim is None:
            return None
        target, weekdays = aim
        # Worked out once: most days aim at the same.
        key = (target.starts_on, weekdays.get(day.weekday()))
        if key not in self._aimed:
            self._aimed[key] = DayTarget.on(target, key[1])
        return self._aimed[key]

    # What was eaten

    def _figures(self, day: date) -> DayFigures:
        """Those of a day, worked out once: what is drawn and what is measured are mostly the same days."""
        if day not in self._known:
            self._known[day] = self._worked_out(day)
        return self._known[day]

    def _worked_out(self, day: date) -> DayFigures:
        reading, target = self._reading, self.target(day)
        row, mark = reading.eaten.get(day), reading.marks.get(day)
        energy = Sum(row.energy_kcal, row.known_energy_kcal, row.entries) if row else Sum(None, 0, 0)
        complete = is_complete(
            mark, day < self._now, energy.of, energy.known, energy.amount, target and target.energy_kcal
        )
        return DayFigures(day, energy, target, complete)

    @cached_property
    def days(self) -> list[DayFigures]:
        """Every day of the range, the oldest first."""
        since = self.since
        return [self._figures(since + timedelta(days=each)) for each in range((self.today - since).days + 1)]

    @cached_property
    def complete_days(self) -> list[DayFigures]:
        return [day for day in self.days if day.complete]

    @cached_property
    def stretches(self) -> list[Stretch]:
        """The range as it is drawn."""
        days, made = iter(self.days), []
        for span in self.spans:
            made.append(_stretch(span, [next(days) for _ in range(span.days)]))
        return made

    @cached_property
    def averages(self) -> dict[str, Sum]:
        """The mean of a complete day, by nutrient, and of how many of the entries it is known."""
        rows = [self._reading.eaten[day.date] for day in self.complete_days if day.has_entries]
        return {name: _mean(rows, name, len(self.complete_days)) for name in SUMMED}

    @property
    def macro_shares(self) -> dict[str, float]:
        """The share of each of the three in the energy that they give; nothing where one isn't known."""
        kcal = {name: (self.averages[name].amount or 0.0) * each for name, each in KCAL_PER_G.items()}
        total = sum(kcal.values())
        known = all(self.averages[name].amount is not None for name in kcal)
        return {name: part / total for name, part in kcal.items()} if known and total else {}

    @cached_property
    def average_target(self) -> DayTarget | None:
        """The mean of what was aimed at on complete days; an amount that was left open on one is None."""
        aimed = [day.target for day in self.complete_days if day.target]
        if not aimed:
            return None
        return DayTarget(
            energy_kcal=sum(each.energy_kcal for each in aimed) / len(aimed),
            protein_g=_mean_of(each.protein_g for each in aimed),
            carbohydrate_g=_mean_of(each.carbohydrate_g for each in aimed),
            fat_g=_mean_of(each.fat_g for each in aimed),
            fiber_g=_mean_of(each.fiber_g for each in aimed),
        )

    @cached_property
    def lowest(self) -> Lowest | None:
        """The nutrients of which least was eaten; None where no day is complete. One statement.

        Like advice it is in some plans only, and None in others.
        """
        days = self.complete_days[-NUTRIENT_DAYS:]
        if not days or not self.plan.allows("micronutrient_trends"):
            return None
        since, until = days[0].date, days[-1].date
        left_out = [
            day.date for day in self.days if day.has_entries and not day.complete and since < day.date < until
        ]
        supply = read_supply(self.person, since, until, left_out)
        return lowest(supply, recommended(self.body, self.today.year), len(days))

    # What was weighed, and what is used

    @cached_property
    def weight(self) -> WeightTrend:
        return WeightTrend.through(self._reading.weights, self.since)

    @property
    def latest_kg(self) -> float | None:
        """What was weighed last, in the range or before it."""
        return self._aims[0].latest_kg

    @cached_property
    def formula_kcal(self) -> float | None:
        """What the formula says that this person uses in a day."""
        body, weight = self.body, self.latest_kg
        if body is None or not (body.height_cm and body.birth_year and weight):
            return None
        resting = resting_kcal(weight, body.height_cm, self.today.year - body.birth_year, body.sex)
        spent = resting * ACTIVITY_LEVELS[body.activity or "low"]
        return spent if spent >= LEAST_SPENT_KCAL else None

    @cached_property
    def expenditure(self) -> Expenditure:
        """What this person uses in a day, measured over the last four weeks."""
        recent = [self._figures(self.today - timedelta(days=back)) for back in range(WINDOW.days)]
        eaten = {day.date: day.energy.amount or 0.0 for day in recent if day.is_measurable}
        return Expenditure.measured(self._reading.weights, eaten, self.formula_kcal, self.today)

    @cached_property
    def advice(self) -> Advice | None:
        """What the measured expenditure suggests to aim at, or None where it is too early to say."""
        aim = self._aim(self.today) if self.plan.allows("adaptive_target") else None
        return advise(self.expenditure, self.body, self.latest_kg, aim, self.today)

    @property
    def check_in(self) -> Advice | None:
        """Advice that it is time to decide on: once a week, and where something would change."""
        last = self._aims[0].checked_in
        due = last is None or self.today - last >= EVERY
        return self.open_advice if due else None

    @property
    def open_advice(self) -> Advice | None:
        """Advice that can be taken: a target that moved within a week stays where it is."""
        advice = self.advice
        if advice is None or advice.fits or self.today - advice.target.starts_on < EVERY:
            return None
        return advice


def _stretch(span: Span, days: list[DayFigures]) -> Stretch:
    if len(days) == 1:
        return _single(span, days[0])
    complete = [day for day in days if day.complete]
    known = [day.energy_kcal for day in complete if day.energy_kcal is not None]
    targets = [day.target.energy_kcal for day in days if day.target]
    return Stretch(span, _mean_of(known), bool(complete), _mean_of(targets), len(complete))


def _single(span: Span, day: DayFigures) -> Stretch:
    """A day as it is, marked where it is not complete."""
    target_kcal = day.target.energy_kcal if day.target else None
    return Stretch(span, day.energy_kcal, day.complete, target_kcal, int(day.complete))


def _mean_of(amounts) -> float | None:
    every = list(amounts)
    return sum(every) / len(every) if every and None not in every else None


def _mean(rows: list[Eaten], name: str, days: int) -> Sum:
    # A day of which nothing is known says nothing; one that is complete and empty says none.
    known = [amount for amount in map(attrgetter(name), rows) if amount is not None]
    counted = len(known) + days - len(rows)
    amount = sum(known) / counted if counted and (known or not rows) else None
    return Sum(amount, sum(map(attrgetter(f"known_{name}"), rows)), sum(map(attrgetter("entries"), rows)))
