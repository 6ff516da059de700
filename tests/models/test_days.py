from datetime import UTC, date, datetime, time

import pytest

from caloria.extensions import db
from caloria.models import Day, DayExtras, Meal, Target
from caloria.models.ids import new_id

TODAY = date(2026, 11, 21)
YESTERDAY = date(2026, 11, 20)


@pytest.fixture
def log():
    def log(person, food, amount=1.0, day=TODAY, meal=0):
        day = Day(person, day)
        entry = day.log(food, food.usual_portion, amount, day.meals[meal].meal, new_id(), "a form")
        db.session.commit()
        return entry

    return log


def aim(person, starts_on, energy_kcal):
    Target.set(person, starts_on, {"energy_kcal": energy_kcal}, new_id(), "a form")
    db.session.commit()


def test_a_new_diary_has_four_meals(alice):
    assert [of_day.meal.name for of_day in Day(alice, TODAY).meals] == [
        "Breakfast",
        "Lunch",
        "Dinner",
        "Snacks",
    ]


def test_an_empty_day_is_zero_and_not_unknown(alice):
    total = Day(alice, TODAY).totals["energy_kcal"]

    assert (total.amount, total.known, total.of) == (0, 0, 0)


def test_a_sum_says_how_many_of_its_foods_are_known(alice, oats, milk, log):
    log(alice, oats)
    log(alice, milk)

    fiber = Day(alice, TODAY).totals["fiber_g"]

    assert (fiber.amount, fiber.known, fiber.of) == (pytest.approx(8), 1, 2)


def test_a_sum_of_unknowns_is_unknown(alice, milk, log):
    log(alice, milk)

    assert Day(alice, TODAY).totals["fiber_g"].amount is None


def test_the_day_and_its_meals_add_up_to_the_same(alice, oats, milk, log):
    for meal in range(4):
        log(alice, oats, 0.3, meal=meal)
        log(alice, milk, 1.7, meal=meal)
    day = Day(alice, TODAY)

    for name, total in day.totals.items():
        parts = [of_day.total(name).amount or 0 for of_day in day.meals]
        assert sum(parts) == pytest.approx(total.amount or 0)


def test_deleted_entries_and_other_days_and_other_people_do_not_count(alice, bob, oats, log):
    log(alice, oats).delete()
    log(alice, oats, day=YESTERDAY)
    log(bob, oats)
    db.session.commit()

    day = Day(alice, TODAY)

    assert day.totals["energy_kcal"].of == 0
    assert all(not of_day.entries for of_day in day.meals)


def test_past_days_keep_the_target_they_had(alice):
    aim(alice, YESTERDAY, 2000)
    aim(alice, TODAY, 1800)

    assert DayExtras(Day(alice, YESTERDAY)).target.energy_kcal == 2000
    assert DayExtras(Day(alice, TODAY)).target.energy_kcal == 1800
    assert DayExtras(Day(alice, date(2026, 11, 1))).target is None


def test_a_target_for_the_same_date_replaces_the_earlier_one(alice):
    aim(alice, TODAY, 2000)
    aim(alice, TODAY, 1900)

    assert [target.energy_kcal for target in db.session.scalars(Target.of(alice))] == [1900]


def test_what_is_usual_comes_with_the_portion_it_had_last(alice, oats, milk, log):
    log(alice, milk, 1, day=date(2026, 11, 18))
    log(alice, oats, 1, day=date(2026, 11, 19))
    log(alice, oats, 2, day=YESTERDAY)
    day = Day(alice, TODAY)

    usual = day.usual(day.meals[0].meal)

    assert [(entry.name, entry.portion_amount) for entry in usual] == [("Oats, dry", 2), ("Milk, whole", 1)]
    assert day.usual(day.meals[1].meal) == []


def test_quick_calories_are_not_usual(alice):
    day = Day(alice, TODAY)
    day.log_quick("Cake", {"energy_kcal": 300}, day.meals[0].meal, new_id(), "a form")
    db.session.commit()

    assert day.usual(day.meals[0].meal) == []


def test_a_put_away_meal_shows_where_it_has_entries_and_nowhere_else(alice, oats, log):
    entry = log(alice, oats, day=YESTERDAY)
    db.session.get(Meal, (alice.id, entry.meal_id)).archived_at = datetime.now(UTC)
    db.session.commit()

    assert len(Day(alice, YESTERDAY).meals) == 4
    assert len(Day(alice, TODAY).meals) == 3


@pytest.mark.parametrize(
    ("clock", "name"),
    [
        (time(8), "Breakfast"),
        (time(12), "Lunch"),
        (time(16), "Snacks"),
        (time(20), "Dinner"),
        (time(1), "Dinner"),
    ],
)
def test_the_meal_of_the_hour(alice, clock, name):
    meals = [of_day.meal for of_day in Day(alice, TODAY).meals]

    assert Meal.at(clock, meals).name == name


def test_a_day_ends_where_the_person_lives_and_when_they_say(alice):
    half_past_midnight_in_madrid = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)

    assert alice.today(half_past_midnight_in_madrid) == TODAY
    alice.day_starts_at = time(4)
    assert alice.today(half_past_midnight_in_madrid) == YESTERDAY


def test_moving_to_another_time_zone_moves_no_stored_day(alice, oats, log):
    log(alice, oats)

    alice.time_zone = "Pacific/Auckland"
    db.session.commit()

    assert Day(alice, TODAY).totals["energy_kcal"].of == 1


def test_the_first_and_the_last_day_have_no_neighbour_beyond(alice):
    assert Day(alice, date(1900, 1, 1)).previous is None
    assert Day(alice, date(2200, 12, 31)).next is None
    assert Day(alice, date(1900, 1, 1)).usual(Day(alice, TODAY).meals[0].meal) == []


def test_a_food_that_was_put_away_is_not_usual_any_more(alice, oats, log):
    log(alice, oats)
    oats.archive()
    db.session.commit()

    day = Day(alice, TODAY)
    assert day.usual(day.meals[0].meal) == []
