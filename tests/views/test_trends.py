"""Where it goes: the page of trends, what counts in it, and the weekly check-in."""

from datetime import date, timedelta

import pytest
from pages import Page
from plans import DAY, sell

from caloria.extensions import db
from caloria.models import (
    Body,
    CheckIn,
    Day,
    DayExtras,
    DayMark,
    Subscription,
    Target,
    Trends,
    WeekdayTarget,
    Weight,
)
from caloria.models.clock import utc_now
from caloria.models.ids import new_id

AMOUNTS = {"energy_kcal": 2200.0, "protein_g": 100.0, "carbohydrate_g": 250.0, "fat_g": 80.0, "fiber_g": 30.0}


def target_on(person, day):
    return DayExtras(Day(person, day)).target


@pytest.fixture
def today(alice) -> date:
    return alice.today()


@pytest.fixture
def ate(alice):
    """Log so many kcal on a day, or a food."""

    def ate(day: date, kcal: float | None = None, food=None, grams=100.0):
        of_day = Day(alice, day)
        meal = of_day.meals[0].meal
        if food is None:
            of_day.log_quick("Soup", {"energy_kcal": kcal}, meal, new_id(), "digest")
        else:
            of_day.log(food, food.portions[0], grams / food.portions[0].gram_weight, meal, new_id(), "digest")
        db.session.commit()

    return ate


def aim(person, starts_on: date, weekdays=None, **more) -> None:
    Target.set(person, starts_on, {**AMOUNTS, **more}, new_id(), "digest")
    WeekdayTarget.set(person, starts_on, weekdays or {})
    db.session.commit()


@pytest.fixture
def measured(alice, ate, today):
    """Four weeks in which Alice ate 2,200 kcal a day and lost half a kilogram a week."""
    Body.tell(alice.id, height_cm=170, birth_year=1990, sex="female", activity="low", aim="keep")
    aim(alice, today - timedelta(days=60))
    for back in range(1, 29):
        day = today - timedelta(days=back)
        ate(day, 2200)
        Weight.log(alice, day, 70 + back * 0.5 / 7, new_id(), "digest")
    db.session.commit()


def days(person, range_="30") -> dict[date, bool]:
    return {day.date: day.complete for day in Trends(person, range_).days}


def test_a_day_counts_by_rule_unless_the_person_says_otherwise(signed_in, alice, ate, today):
    aim(alice, today - timedelta(days=60))
    full, little, unknown, now = (today - timedelta(days=back) for back in (1, 2, 3, 0))
    for day, kcal in ((full, 1100), (little, 1099), (unknown, 2000), (unknown, None), (now, 2000)):
        ate(day, kcal)
    assert [days(alice)[day] for day in (full, little, unknown, now)] == [True, False, False, False]

    for day, said in ((full, "no"), (little, "yes"), (now, "yes")):
        assert signed_in.post(f"/diary/{day}/mark", data={"complete": said}).status_code == 303
    assert [days(alice)[day] for day in (full, little, unknown, now)] == [False, True, False, True]
    assert "Something is missing" in Page(signed_in.get(f"/diary/{full}")).words

    signed_in.post(f"/diary/{full}/mark", data={"complete": ""})
    assert days(alice)[full]
    assert db.session.query(DayMark).count() == 2


def test_only_complete_days_count_in_means(signed_in, alice, ate, today):
    for back, kcal in ((1, 2000), (2, 1000), (3, 300)):
        ate(today - timedelta(days=back), kcal)

    assert Trends(alice, "30").averages["energy_kcal"].amount == 1500
    words = Page(signed_in.get("/trends")).words
    assert "1,500 kcal on average, on 2 complete days" in words
    assert "2 of 30 complete" in words


def test_each_day_is_held_against_the_target_of_its_time_and_weekday(signed_in, alice, today):
    aim(alice, today - timedelta(days=20), energy_kcal=2000.0)
    sent = {"id": new_id(), "energy_kcal": "2500", "starts_on": str(today - timedelta(days=10))}
    weekday = (today - timedelta(days=7)).strftime("%A").lower()
    assert signed_in.post("/targets", data={**sent, f"{weekday}_kcal": "3000"}).status_code == 303

    trends = Trends(alice, "30")
    target = {back: trends.target(today - timedelta(days=back)) for back in (25, 15, 8, 7)}
    assert target[25] is None
    assert [target[back].energy_kcal for back in (15, 8, 7)] == [2000, 2500, 3000]
    assert target_on(alice, today - timedelta(days=7)).energy_kcal == 3000
    assert f"{weekday.capitalize()} 3,000 kcal" in Page(signed_in.get("/targets")).words
    assert Page(signed_in.get("/targets/new")).form("/targets").data[f"{weekday}_kcal"] == "3000"


def test_on_a_day_of_its_own_protein_stays_and_the_others_give_the_rest(alice, today):
    aim(alice, today, {today.weekday(): 1300.0})

    target = target_on(alice, today)

    assert (target.protein_g, target.fiber_g) == (100, 30)
    assert (target.carbohydrate_g, target.fat_g) == (125, 40)


def test_what_is_lowest_leaves_out_of_what_too_little_is_known(signed_in, ate, today, make_food):
    known = make_food("Lentils", [("bowl", 200)], energy_kcal=500, iron_mg=3, vitamin_c_mg=200)
    silent = make_food("Bar", [("bar", 50)], energy_kcal=500, vitamin_c_mg=200)
    day = today - timedelta(days=1)
    ate(day, food=known, grams=200)
    ate(day, food=silent, grams=100)

    page = Page(signed_in.get("/trends")).words

    # Of iron half is unknown; of vitamin C there is enough.
    lowest = page.partition("Lowest nutrients")[2]
    assert "Too little is known to judge" in lowest
    assert "Iron" not in lowest.partition("Too little")[0]
    assert "Vitamin C" not in lowest


def test_of_food_that_says_nothing_of_its_nutrients_nothing_is_said(signed_in, ate, today):
    ate(today - timedelta(days=1), kcal=2000)

    words = Page(signed_in.get("/trends")).words

    assert "says too little of its vitamins and minerals to judge" in words
    assert "you get what an adult needs" not in words


def test_a_low_nutrient_names_the_foods_that_supply_it(signed_in, ate, today, make_food):
    lentils = make_food("Lentils", [("bowl", 200)], energy_kcal=500, iron_mg=3)
    ate(today - timedelta(days=1), food=lentils, grams=200)

    words = Page(signed_in.get("/trends")).words

    assert "Iron 33 % 6 mg of 18 mg a day Most of it from: Lentils (100 %)" in words


def test_nutrients_are_those_of_complete_days_alone(signed_in, ate, today, make_food):
    lentils = make_food("Lentils", [("bowl", 200)], energy_kcal=500, iron_mg=3)
    liver = make_food("Liver", [("slice", 10)], energy_kcal=150, iron_mg=90)
    for back in (1, 3, 5):
        ate(today - timedelta(days=back), food=lentils, grams=200)
    # Too little to be all of a day: before, among and after those that are complete.
    for back in (0, 2, 4, 6):
        ate(today - timedelta(days=back), food=liver, grams=10)

    words = Page(signed_in.get("/trends")).words

    assert "Lowest nutrients 3 complete days" in words
    assert "Iron 33 % 6 mg of 18 mg a day Most of it from: Lentils (100 %)" in words


def test_what_is_used_is_measured_and_a_target_proposed_with_its_reason(signed_in, alice, measured):
    spent = Trends(alice, "30").expenditure
    page = Page(signed_in.get("/trends"))

    assert 2450 < spent.kcal < 2750
    assert "From 27 complete days and 27 weights" in page.words
    # She would keep her weight, so she is to eat what she uses; but by a tenth more at most.
    assert "a target of 2,420 kcal fits better than 2,200" in page.words
    assert "this is a step on the way" in page.words


def test_who_takes_the_target_has_it_from_today_and_is_not_asked_again(signed_in, alice, measured, today):
    form = Page(signed_in.get("/trends")).form("/check-ins").data

    for _ in range(2):
        assert signed_in.post("/trends/check-ins", data={**form, "answer": "accept"}).status_code == 303

    assert target_on(alice, today).energy_kcal == 2420
    assert target_on(alice, today).protein_g == 100
    assert target_on(alice, today - timedelta(days=1)).energy_kcal == 2200
    assert not Page(signed_in.get("/trends")).has_form("/check-ins")
    assert db.session.query(CheckIn).count() == 1


def test_who_keeps_theirs_is_asked_again_after_a_week(signed_in, alice, measured, today):
    form = Page(signed_in.get("/trends")).form("/check-ins").data
    signed_in.post("/trends/check-ins", data={**form, "answer": "keep"})

    assert target_on(alice, today).energy_kcal == 2200
    assert not Page(signed_in.get("/trends")).has_form("/check-ins")
    db.session.query(CheckIn).update({"day": today - timedelta(days=7)})
    db.session.commit()
    assert Page(signed_in.get("/trends")).has_form("/check-ins")


def test_a_proposal_that_changed_meanwhile_is_not_taken(signed_in, alice, measured, today):
    form = Page(signed_in.get("/trends")).form("/check-ins").data

    signed_in.post("/trends/check-ins", data={**form, "proposed_kcal": "2100", "answer": "accept"})

    assert "changed meanwhile" in Page(signed_in.get("/trends")).words
    assert target_on(alice, today).energy_kcal == 2200


def test_a_target_that_moved_within_a_week_moves_no_further_even_where_a_form_is_forged(
    signed_in, alice, measured, today
):
    form = Page(signed_in.get("/trends")).form("/check-ins").data
    signed_in.post("/trends/check-ins", data={**form, "answer": "accept"})

    further = {**form, "id": new_id(), "answer": "accept"}
    further["proposed_kcal"] = Trends(alice, "30").advice.proposed_kcal
    signed_in.post("/trends/check-ins", data=further)

    assert target_on(alice, today).energy_kcal == 2420
    assert db.session.query(CheckIn).count() == 1


def test_whose_weekdays_differ_is_told_of_the_mean_of_a_week_and_all_of_it_moves(
    signed_in, alice, measured, today
):
    weekdays = {day: 2700.0 for day in range(6)}
    WeekdayTarget.set(alice, today - timedelta(days=60), weekdays)
    db.session.commit()
    Body.tell(alice.id, aim="lose", pace_kg_per_week=0.5)
    db.session.commit()

    page = Page(signed_in.get("/trends"))
    mean = Trends(alice, "30").advice.now_kcal
    assert round(mean) == 2629
    assert "fits better than 2,629" in page.words
    signed_in.post("/trends/check-ins", data={**page.form("/check-ins").data, "answer": "accept"})

    assert "as the average of a week" in Page(signed_in.get("/trends")).words
    moved = Trends(alice, "30").advice
    assert moved.target.energy_kcal - 2200 == pytest.approx(moved.weekdays[0] - 2700) != 0


def test_what_is_not_known_counts_neither_as_nothing_nor_in_what_is_used(signed_in, alice, ate, today):
    for back, kcal in ((1, 2000), (2, None), (3, 1000), (3, None)):
        ate(today - timedelta(days=back), kcal)
    for back in (2, 3, 4):
        DayMark.write(alice, today - timedelta(days=back), True)
    db.session.commit()
    trends = Trends(alice, "30")

    # Of the second nothing is known, on the fourth nothing was eaten.
    assert trends.averages["energy_kcal"].amount == 1000
    assert [each.energy_kcal for each in trends.stretches[-5:-1]] == [0, 1000, None, 2000]
    assert trends.expenditure.eaten_kcal == 2000
    assert "1,000 kcal known for 2 of 4" in Page(signed_in.get("/trends")).words


def test_of_two_weights_on_a_day_the_later_counts_as_the_last(alice, today):
    ids = sorted(new_id() for _ in range(6))
    for number in (3, 0, 5, 1, 4, 2):
        Weight.log(alice, today, 70 + number, ids[number], "digest")
    db.session.commit()

    trends = Trends(alice, "30")

    assert [point.kg for point in trends.weight.points] == [70, 71, 72, 73, 74, 75]
    assert trends.latest_kg == 75


def test_the_formula_knows_a_weight_of_long_ago_over_every_range(alice, today):
    Body.tell(alice.id, height_cm=170, birth_year=1990, sex="female", activity="low", aim="keep")
    Weight.log(alice, today - timedelta(days=200), 70, new_id(), "digest")
    db.session.commit()

    assert Trends(alice, "30").formula_kcal == Trends(alice, "all").formula_kcal > 1000


def test_a_day_to_come_is_not_called_complete(signed_in, alice, today):
    answer = signed_in.post(f"/diary/{today + timedelta(days=1)}/mark", data={"complete": "yes"})

    assert answer.status_code == 422
    assert "This day is still to come" in Page(answer).words
    assert not db.session.query(DayMark).count()


def test_too_early_it_is_still_learning(signed_in, alice, ate, today):
    Body.tell(alice.id, height_cm=170, birth_year=1990, sex="female", activity="low", aim="keep")
    Weight.log(alice, today, 70, new_id(), "digest")
    ate(today - timedelta(days=1), 2000)

    page = Page(signed_in.get("/trends"))

    assert "still learning" in page.words
    assert "there are 1 and 1" in page.words
    assert not page.has_form("/check-ins")


@pytest.mark.parametrize("range_", ["30", "90", "365", "all", "7000", ""])
def test_every_range_is_shown_also_of_nothing_and_of_ten_years(range_, signed_in, alice, ate, today):
    assert signed_in.get(f"/trends?days={range_}").status_code == 200
    ate(today - timedelta(days=3652), 2000)
    Weight.log(alice, today - timedelta(days=3000), 70, new_id(), "digest")
    Weight.log(alice, today, 71, new_id(), "digest")

    answer = signed_in.get(f"/trends?days={range_}")

    assert answer.status_code == 200
    assert ("2016" in answer.text) == (range_ == "all")
    assert len(answer.data) < 150_000
    assert "style=" not in answer.text


def test_without_plus_weights_energy_and_macros_stay_and_the_rest_is_said_once(
    signed_in, alice, measured, monkeypatch
):
    form = Page(signed_in.get("/trends")).form("/check-ins").data
    sell(monkeypatch)

    page = Page(signed_in.get("/trends?days=all"))
    signed_in.post("/trends/check-ins", data={**form, "answer": "accept"})

    for words in ("The trend, now going −0.5", "2,200 kcal on average", "28 of 30 complete", "Protein"):
        assert words in page.words
    assert "With Plus this page also measures" in page.words
    assert "/subscription" in page.links
    for words in ("Your week", "What you use in a day", "Lowest nutrients"):
        assert words not in page.words
    assert target_on(alice, alice.today()).energy_kcal == 2200
    assert "Your target stays as it is." in Page(signed_in.get("/trends")).words

    Subscription.grant(alice, utc_now() + DAY)
    db.session.commit()
    page = Page(signed_in.get("/trends"))
    assert page.has_form("/check-ins")
    assert "With Plus this page" not in page.words
