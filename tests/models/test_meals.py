from datetime import time

from caloria.models import Meal
from caloria.models.ids import new_id


def meal(name: str, usual_from: time | None, position: int = 1) -> Meal:
    return Meal(user_id=new_id(), id=new_id(), name=name, usual_from=usual_from, position=position)


def test_of_two_meals_that_begin_together_the_later_in_order_is_offered():
    meals = [meal("Supper", time(18), 2), meal("Dinner", time(18), 1)]

    assert Meal.at(time(19), meals).name == "Supper"
    assert Meal.at(time(19), [meal("Tea", time(18)), meal("Tea", time(18))]).name == "Tea"


def test_before_the_first_meal_it_is_still_the_last_of_the_day_before():
    meals = [meal("Breakfast", time(7)), meal("Dinner", time(18), 2)]

    assert Meal.at(time(3), meals).name == "Dinner"
    assert Meal.at(time(7), meals).name == "Breakfast"


def test_meals_without_a_time_are_offered_where_there_are_no_others():
    meals = [meal("First", None), meal("Second", None, 2)]

    assert Meal.at(time(12), meals).name == "Second"
    assert Meal.at(time(12), [*meals, meal("Lunch", time(13))]).name == "Lunch"
