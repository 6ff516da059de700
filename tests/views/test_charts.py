"""Charts: what stands where, and that each can be seen."""

from datetime import date, timedelta

import pytest

from caloria.charts import HEIGHT, WIDTH, Plot, Scale, heat_path, spark_path

FIRST = date(2026, 3, 2)  # a Monday


def days(*numbers: int) -> list[date]:
    return [FIRST + timedelta(days=number) for number in numbers]


@pytest.mark.parametrize(
    ("values", "from_zero", "ticks"),
    [
        ([71.2, 73.9], False, [74, 73, 72, 71]),
        ([1700, 2450, None], True, [3000, 2000, 1000, 0]),
        ([80.0], False, [81, 80, 79]),
        ([71.3], False, [72.5, 72, 71.5, 71, 70.5]),
        ([0, 0], True, [1, 0.5, 0]),
        ([20, 500], False, [600, 400, 200, 0]),
        ([], False, [1, 0.5, 0]),
        ([8368, 10460], True, [15000, 10000, 5000, 0]),
    ],
)
def test_the_numbers_at_the_side_are_round_and_hold_all_values(values, from_zero, ticks):
    scale = Scale.over(values, from_zero)

    assert scale.ticks == pytest.approx(ticks)
    assert all(scale.low <= value <= scale.high for value in values if value is not None)


def test_a_line_and_its_band_are_broken_where_nobody_weighed_for_long():
    first, second, later = days(0, 1, 30)
    plot = Plot(first, later, [70, 71])
    points = [(first, 70.0), (second, 71.0), (later, 70.5)]

    assert plot.line(points, timedelta(days=21)).count("M") == 2
    assert plot.line(points).count("M") == 1
    assert plot.band(points, 0.2, timedelta(days=21)).count("z") == 2


def test_bars_stand_on_zero_and_a_target_is_one_line_as_long_as_it_stays():
    plot = Plot(*days(0, 3), [4], from_zero=True)
    each = [(day, day, value) for day, value in zip(days(0, 1, 2, 3), [4, 4, None, 2], strict=True)]

    assert plot.steps(each) == f"M0.0 0.0H500.0M750.0 {HEIGHT / 2}H1000.0"
    assert plot.steps([(*day, 2) for *day, _ in each]) == f"M0.0 {HEIGHT / 2}H{WIDTH}.0"
    assert plot.bars(each).count(f"V{HEIGHT}z") == 3


def test_a_square_stands_in_the_column_of_its_week_and_the_row_of_its_weekday():
    assert heat_path(days(0, 6, 7), FIRST) == "M1 1h10v10h-10zM1 73h10v10h-10zM13 1h10v10h-10z"


def test_a_small_line_has_a_gap_where_nothing_is_known():
    assert spark_path([0, 10, None, 5]) == "M2 28.0h.01L6 2.0M14 15.0h.01"
    assert spark_path([84, 80], from_zero=False) == "M2 2.0h.01L6 22.8"
    assert spark_path([None]) == spark_path([]) == ""
