"""What a person uses in a day, measured."""

from datetime import date, timedelta
from math import sqrt
from random import Random

import pytest

from caloria.models.expenditure import Expenditure
from caloria.models.weight_trend import WeightTrend

FIRST = date(2026, 1, 1)
TRUE, EATEN, FORMULA, KCAL_PER_KG = 2500.0, 2000.0, 2300.0, 7700
SCALE_SWING_KG, MISSED = 0.6, 0.25
PEOPLE = 2000
# Root mean square errors in kcal after so many days, of the best of four ways that were compared on such
# people. Theirs came of chance, as ours do: 2,000 people leave 1.6 % open in each.
BEST = {14: 201, 21: 152, 28: 111, 56: 113}
BY_CHANCE = 1.02


def weighed(chance: Random) -> list[tuple[date, float]]:
    """Eight weeks of somebody's weights: a steady loss, under a scale that swings, on three days of four."""
    a_day = (EATEN - TRUE) / KCAL_PER_KG
    return [
        (FIRST + timedelta(days=number), 80 + number * a_day + chance.gauss(0, SCALE_SWING_KG))
        for number in range(56)
        if chance.random() >= MISSED
    ]


def measured(weights, days: int, **more) -> Expenditure:
    today = FIRST + timedelta(days=days - 1)
    eaten = {FIRST + timedelta(days=number): EATEN for number in range(days)}
    return Expenditure.measured(weights, more.get("eaten", eaten), more.get("formula", FORMULA), today)


@pytest.fixture(scope="module")
def off():
    """How far off each of many people is judged after so many days, and how far it was said to be."""
    chance = Random(9)
    people = [weighed(chance) for _ in range(PEOPLE)]
    return {days: [_off(weights, days) for weights in people] for days in BEST}


def _off(weights, days: int) -> tuple[float, float]:
    found = measured(weights, days)
    return found.kcal - TRUE, found.error_kcal


@pytest.mark.parametrize("days", BEST)
def test_it_is_as_near_to_the_truth_as_the_best_way_known(off, days):
    assert sqrt(sum(error**2 for error, _ in off[days]) / PEOPLE) <= BEST[days] * BY_CHANCE


@pytest.mark.parametrize("days", BEST)
def test_the_truth_lies_within_what_is_said_in_two_of_three_cases(off, days):
    within = sum(abs(error) <= said for error, said in off[days]) / PEOPLE

    assert 0.6 < within < 0.9


def test_it_is_still_learning_below_fourteen_complete_days_or_eight_weights():
    weights = weighed(Random(1))
    day_13 = {FIRST + timedelta(days=number): EATEN for number in range(13)}

    assert measured(weights, 28, eaten=day_13).is_learning
    assert measured(weights[:7], 28).is_learning
    assert not measured(weights, 28).is_learning


def test_without_weights_the_formula_speaks_and_without_both_nobody():
    assert measured([], 28).kcal == FORMULA
    assert measured([(FIRST, 80.0)], 28).kcal == FORMULA
    assert measured([(FIRST, 80.0)], 28, formula=None).kcal is None
    assert measured(weighed(Random(1)), 28, formula=None).kcal == pytest.approx(TRUE, abs=400)


def test_only_the_last_four_weeks_count():
    old = [(FIRST + timedelta(days=number), 120.0 - number) for number in range(28)]
    level = [(FIRST + timedelta(days=number), 70.0) for number in range(28, 56)]

    assert measured(old + level, 56).kcal == pytest.approx(EATEN, abs=60)


def test_after_a_gap_a_weight_moves_the_trend_as_far_as_the_days_would_have():
    weights = [(FIRST, 80.0), (FIRST + timedelta(days=1), 70.0), (FIRST + timedelta(days=31), 60.0)]

    trend = [round(point.trend_kg, 2) for point in WeightTrend.through(weights, FIRST).points]

    assert trend == [80.0, 79.0, round(60 + 0.9**30 * 19, 2)]
