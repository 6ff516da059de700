"""The proposal is checked against the published equation, worked by hand."""

import pytest

from caloria.models import Body
from caloria.models.body import propose, resting_kcal

YEAR = 2026


def body(**told) -> Body:
    return Body(
        **{"height_cm": 170, "birth_year": 1986, "sex": "female", "activity": "low", "aim": "keep", **told}
    )


@pytest.mark.parametrize(
    ("weight_kg", "height_cm", "age", "sex", "kcal"),
    [(70, 170, 40, "female", 1401.5), (70, 170, 40, "male", 1567.5), (70, 170, 40, None, 1484.5)],
)
def test_resting_energy_is_mifflin_st_jeor(weight_kg, height_cm, age, sex, kcal):
    assert resting_kcal(weight_kg, height_cm, age, sex) == pytest.approx(kcal)


def test_keeping_ones_weight_is_resting_energy_times_activity():
    proposal = propose(body(activity="moderate"), 70, YEAR)

    assert proposal.energy_kcal == pytest.approx(1401.5 * 1.6)
    assert proposal.notes == ()


def test_losing_half_a_kilogram_a_week_is_550_kcal_less_a_day():
    proposal = propose(body(sex="male", activity="active", aim="lose", pace_kg_per_week=0.5), 90, YEAR)

    assert proposal.spent_kcal - proposal.energy_kcal == pytest.approx(550)


def test_a_proposal_never_goes_below_the_floor():
    proposal = propose(body(height_cm=150, aim="lose", pace_kg_per_week=0.5), 60, YEAR)

    assert proposal.energy_kcal == 1200
    assert "floor" in proposal.notes


def test_who_spends_less_than_the_floor_is_not_told_to_eat_more_than_is_spent():
    proposal = propose(
        body(height_cm=145, birth_year=1940, sex=None, aim="lose", pace_kg_per_week=0.5), 48, YEAR
    )

    assert proposal.energy_kcal == pytest.approx(proposal.spent_kcal)


def test_no_faster_than_one_percent_of_the_weight_a_week():
    proposal = propose(body(sex="male", activity="very_active", aim="lose", pace_kg_per_week=0.75), 60, YEAR)

    assert proposal.spent_kcal - proposal.energy_kcal == pytest.approx(0.6 * 7700 / 7)
    assert "pace" in proposal.notes


@pytest.mark.parametrize("birth_year", [2008, 2010, 2014])
def test_minors_get_no_deficit(birth_year):
    proposal = propose(body(birth_year=birth_year, aim="lose", pace_kg_per_week=0.5), 80, YEAR)

    assert proposal.energy_kcal == proposal.spent_kcal
    assert "minor" in proposal.notes


def test_who_is_underweight_gets_no_deficit():
    proposal = propose(body(aim="lose", pace_kg_per_week=0.5), 50, YEAR)

    assert proposal.energy_kcal == proposal.spent_kcal
    assert "underweight" in proposal.notes


def test_the_macros_come_to_the_energy():
    proposal = propose(body(aim="gain", pace_kg_per_week=0.25), 70, YEAR)

    from_macros = proposal.protein_g * 4 + proposal.carbohydrate_g * 4 + proposal.fat_g * 9
    assert from_macros == pytest.approx(proposal.energy_kcal)


@pytest.mark.parametrize("missing", ["height_cm", "birth_year"])
def test_nothing_is_proposed_from_too_little(missing):
    assert propose(body(**{missing: None}), 70, YEAR) is None
    assert propose(body(), None, YEAR) is None
    assert propose(None, 70, YEAR) is None


def test_where_the_equation_ends_nothing_is_proposed():
    assert propose(body(height_cm=90, birth_year=1900), 20, YEAR) is None
