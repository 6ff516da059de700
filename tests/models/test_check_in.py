"""What is proposed once a week is safe to follow, whatever was logged and whoever asks."""

from datetime import date, timedelta

import pytest

from caloria.models import Body, Target
from caloria.models.check_in import advise
from caloria.models.expenditure import Expenditure, Slope
from caloria.models.weekday_target import DayTarget

TODAY = date(2026, 11, 22)


def advice(spent_kcal: float, target_kcal: float, weight_kg=70.0, weekdays=None, **told):
    body = Body(**{"height_cm": 170, "birth_year": 1986, "sex": "female", "aim": "keep", **told})
    spent = Expenditure(spent_kcal, 120.0, 20, 12, Slope(0.0, 0.01), 2000.0, spent_kcal)
    target = Target(starts_on=TODAY - timedelta(days=60), energy_kcal=target_kcal)
    return advise(spent, body, weight_kg, (target, weekdays or {}), TODAY)


@pytest.mark.parametrize(("sex", "floor"), [("female", 1200), ("male", 1500), (None, 1500)])
@pytest.mark.parametrize("aim", ["lose", "keep"])
def test_who_logs_half_of_what_they_eat_is_not_led_below_the_floor(sex, aim, floor):
    found = advice(950, floor + 60, sex=sex, aim=aim, pace_kg_per_week=0.75)

    assert (found.proposed_kcal, found.notes[-1]) == (floor, "floor")
    # Who aims lower than that on their own is neither told that it fits nor led on.
    assert advice(950, floor - 100, sex=sex, aim=aim) is None


def test_from_below_the_floor_it_goes_up_to_it_at_once():
    assert advice(2000, 900).proposed_kcal == 1200


@pytest.mark.parametrize("who", [{"weight_kg": 50.0}, {"birth_year": 2010}, {"birth_year": 2008}])
@pytest.mark.parametrize("aim", ["lose", "keep", "gain"])
def test_who_is_too_light_or_may_still_grow_is_never_proposed_less_than_now(who, aim):
    assert advice(1500, 2600, aim=aim, **who) is None
    assert advice(2600, 2000, aim=aim, **who).proposed_kcal == 2200


def test_a_step_down_to_the_floor_says_that_it_is_a_step():
    assert advice(1300, 1800, aim="lose", pace_kg_per_week=0.5).notes == ("step",)


def test_days_with_a_target_of_their_own_count_in_what_is_aimed_at():
    # 2,000 on five days and 2,700 on two are 2,200 a day, which is what is used.
    assert advice(2200, 2000, weekdays={5: 2700.0, 6: 2700.0}).fits
    assert advice(2400, 2000, weekdays={5: 2700.0, 6: 2700.0}).proposed_kcal == 2400


def test_no_day_of_the_week_is_brought_below_the_floor_and_none_that_is_lower_is_lowered():
    found = advice(1500, 1800, weekdays={0: 1250.0, 1: 1000.0})

    assert found.proposed_kcal < found.now_kcal
    assert (found._moved(1250.0), found._moved(1000.0)) == (1200, 1000)


@pytest.mark.parametrize("grams", [(250, 100, 0), (2000, 2000, 2000), (0, None, None), (250, None, 0.1)])
def test_grams_that_do_not_fit_their_energy_stay_within_what_a_target_holds(grams):
    protein, carbohydrate, fat = grams
    target = Target(energy_kcal=1000.0, protein_g=protein, carbohydrate_g=carbohydrate, fat_g=fat)

    on = DayTarget.on(target, 10_000.0)

    assert all(each is None or 0 <= each <= 2000 for each in (on.carbohydrate_g, on.fat_g))
