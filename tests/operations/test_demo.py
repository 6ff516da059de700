"""The demo person's diary is complete, plausible and the same on every machine."""

import pytest
from sqlalchemy import func, select

from caloria.extensions import db
from caloria.models import Day, Entry, Target, Weight
from caloria.operations import demo
from caloria.operations.food_import import import_starter
from caloria.operations.starter import starter_foods


def load(days: int = demo.DAYS):
    habits, person = demo.find_habits(), demo.create_person()
    logged = demo.log_days(person, habits, demo.days_of(person)[:days])
    return person, logged


@pytest.fixture
def foods(app):
    """What the demo person eats, of all that is shipped."""
    eaten = {name for meal in demo.HABITS.values() for name, _amounts in meal}
    import_starter(food for food in starter_foods() if food["name"] in eaten)


def test_months_are_logged_up_to_today_with_a_day_missing_here_and_there(foods):
    person, logged = load()

    first, last, days = db.session.execute(
        select(func.min(Entry.day), func.max(Entry.day), func.count(Entry.day.distinct()))
    ).one()
    assert demo.days_of(person)[0] <= first
    assert last == person.today()
    assert demo.DAYS * 0.9 < days < demo.DAYS
    assert db.session.scalar(select(func.count()).select_from(Entry)) == logged > 1000


def test_the_figures_are_those_of_somebody_who_eats_well(foods):
    person, _logged = load(days=60)

    eaten = db.session.scalars(select(func.sum(Entry.energy_kcal)).group_by(Entry.day)).all()
    target = db.session.scalar(Target.of(person))
    assert all(1000 < kcal < 3500 for kcal in eaten)
    assert abs(sum(eaten) / len(eaten) - target.energy_kcal) < 250
    assert target.starts_on == demo.days_of(person)[0]


def test_weights_go_down_slowly(foods):
    load()

    weights = list(db.session.scalars(select(Weight.weight_kg).order_by(Weight.day)))
    assert 50 < len(weights) < demo.DAYS
    assert 2 < sum(weights[:10]) / 10 - sum(weights[-10:]) / 10 < 7


def test_every_entry_is_a_snapshot_of_a_portion_at_one_of_four_meals(foods):
    person, _logged = load(days=7)

    assert db.session.scalar(select(func.count()).where(Entry.energy_kcal.is_(None))) == 0
    assert db.session.scalar(select(func.count()).where(Entry.food_id.is_(None))) == 0
    assert db.session.scalar(select(func.count(Entry.meal_id.distinct()))) == 4
    assert len(Day(person, demo.days_of(person)[0]).meals) == 4


def test_the_same_is_eaten_on_every_machine(foods):
    def diary():
        person, _logged = load(days=10)
        eaten = [
            (of_day.meal.name, sorted((entry.name, entry.portion_amount) for entry in of_day.entries))
            for day in demo.days_of(person)[:10]
            for of_day in Day(person, day).meals
        ]
        person.set_email(f"once-{person.id}@example.org")
        db.session.commit()
        return eaten

    assert diary() == diary()


def test_a_demo_without_its_foods_is_refused_with_the_command_that_brings_them(app):
    with pytest.raises(demo.DemoRefused, match="flask foods import starter"):
        demo.find_habits()


def test_there_is_one_demo_person(foods):
    load(days=1)

    with pytest.raises(demo.DemoRefused, match="here already"):
        demo.create_person()
