from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError, NoResultFound

from caloria.extensions import db
from caloria.models import Day, Entry, Food, FormReused, Meal, Meals, Portion
from caloria.models.ids import new_id
from caloria.models.nutrients import NUTRIENT_NAMES
from caloria.models.snapshot import SAID

TODAY = date(2026, 11, 21)
ENTRY_NAMES = [column.name for column in Entry.__table__.c]


@pytest.fixture
def log():
    """Log a food at breakfast of a day."""

    def log(person, food, amount=1.0, portion=None, day=TODAY, form_id=None, digest="a form"):
        day = Day(person, day)
        entry = day.log(
            food, portion or food.usual_portion, amount, day.meals[0].meal, form_id or new_id(), digest
        )
        db.session.commit()
        return entry

    return log


def test_an_entry_holds_what_was_eaten(alice, oats, log):
    entry = log(alice, oats, 1.5)

    assert (entry.name, entry.portion_amount, entry.portion_unit) == ("Oats, dry", 1.5, "cup")
    assert entry.gram_weight == pytest.approx(120)
    assert entry.energy_kcal == pytest.approx(456)


def test_plain_grams_are_a_portion_of_any_food(alice, oats, log):
    entry = log(alice, oats, 60, Portion.of_grams(1))

    assert entry.gram_weight == pytest.approx(60)
    assert entry.energy_kcal == pytest.approx(228)


def test_what_the_food_does_not_say_stays_unknown(alice, milk, log):
    entry = log(alice, milk)

    assert entry.fiber_g is None
    assert entry.sodium_mg == pytest.approx(97.6)


def test_every_figure_is_that_of_the_food_to_the_last_digit(alice, make_food, log):
    said = {name: number / 7 for number, name in enumerate(NUTRIENT_NAMES) if number % 5}
    food = make_food("Stew", [("bowl", 333.3)], **said)

    for amount, portion in ((1.7, None), (1 / 3, Portion.of_grams(1)), (0.001, Portion.of_grams(1))):
        entry = log(alice, food, amount, portion)
        db.session.refresh(entry)

        assert entry.amounts == food.nutrients_in(entry.gram_weight)
        assert (entry.energy_kcal, entry.protein_g) == (None, said["protein_g"] * (entry.gram_weight / 100))


def test_logged_again_it_says_all_that_it_said(alice, make_food, log):
    food = make_food("Stew", [("bowl", 333.3)], **{name: 1 / 7 for name in NUTRIENT_NAMES[::3]})
    food.brand = "Grandma"
    earlier = log(alice, food, 1.7)
    day = Day(alice, date(2026, 11, 20))

    again = day.log_again(earlier.id, day.meals[1].meal, new_id(), "a form")
    db.session.refresh(again)

    assert again.amounts == earlier.amounts
    assert [getattr(again, name) for name in SAID] == [getattr(earlier, name) for name in SAID]
    assert (again.day, again.meal_id, again.planned) == (day.date, day.meals[1].meal.id, False)


def test_nobody_logs_again_what_is_anothers(alice, bob, oats, log):
    earlier = log(alice, oats)
    day = Day(bob, TODAY)

    with pytest.raises(NoResultFound):
        day.log_again(earlier.id, day.meals[0].meal, new_id(), "a form")


def test_an_entry_is_known_as_it_is_stored(alice, oats, log):
    entry = log(alice, oats, 1.5)
    known = {name: getattr(entry, name) for name in ENTRY_NAMES}

    db.session.refresh(entry)

    assert {name: getattr(entry, name) for name in ENTRY_NAMES} == known


def test_changing_or_putting_away_a_food_changes_no_past_day(alice, make_food, log):
    bread = make_food("Bread", [("slice", 30)], owner=alice, energy_kcal=250)
    entry = log(alice, bread, 2)

    bread.rename("Cake")
    bread.energy_kcal = 400
    bread.archive()
    db.session.commit()
    db.session.refresh(entry)

    assert (entry.name, entry.energy_kcal) == ("Bread", pytest.approx(150))


def test_a_changed_amount_scales_what_was_logged(alice, make_food, log):
    bread = make_food("Bread", [("slice", 30)], owner=alice, energy_kcal=250)
    entry = log(alice, bread, 2)
    bread.energy_kcal = 400

    entry.take(3)
    db.session.commit()

    assert entry.gram_weight == pytest.approx(90)
    assert entry.energy_kcal == pytest.approx(225)
    assert entry.protein_g is None


def test_the_same_form_sent_twice_makes_one_entry(alice, oats, log):
    form_id = new_id()

    first = log(alice, oats, form_id=form_id)
    second = log(alice, oats, form_id=form_id)

    assert first is second
    assert db.session.query(Entry).count() == 1


def test_a_form_that_was_used_for_something_else_is_told_apart(alice, oats, log):
    form_id = new_id()
    log(alice, oats, 1, form_id=form_id, digest="one cup")

    with pytest.raises(FormReused):
        log(alice, oats, 2, form_id=form_id, digest="two cups")


def test_an_edited_entry_is_still_the_answer_to_its_form(alice, oats, log):
    form_id = new_id()
    log(alice, oats, 1, form_id=form_id).take(3)
    db.session.commit()

    assert log(alice, oats, 1, form_id=form_id).portion_amount == 3


def test_a_deleted_entry_stays_deleted_when_its_form_comes_again(alice, oats, log):
    form_id = new_id()
    log(alice, oats, form_id=form_id).delete()
    db.session.commit()

    assert log(alice, oats, form_id=form_id).deleted_at is not None


def test_two_people_may_use_the_same_form_id(alice, bob, oats, log):
    form_id = new_id()

    assert log(alice, oats, form_id=form_id) is not log(bob, oats, form_id=form_id)


def test_an_entry_cannot_stand_at_a_strangers_meal(alice, bob, oats):
    bobs_meal = Meals(bob).in_use[0]
    db.session.add(Entry(user_id=alice.id, day=TODAY, name="Oats", meal=bobs_meal))

    with pytest.raises(IntegrityError):
        db.session.flush()


def test_setting_a_strangers_meal_never_moves_an_entry_to_the_stranger(alice, bob, oats, log):
    entry = log(alice, oats)

    entry.meal = Meals(bob).in_use[0]

    assert entry.user_id == alice.id
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_meal_is_found_only_together_with_its_owner(alice, bob, oats, log):
    entry = log(alice, oats)
    db.session.add(Meal(user_id=bob.id, id=entry.meal_id, position=9, name="Bob's"))
    db.session.commit()
    db.session.expire(entry)

    assert entry.meal.name == "Breakfast"


@pytest.mark.parametrize("amount", [float("nan"), float("inf"), -1.0, 1e300])
def test_no_amount_beyond_reason_reaches_the_database(app, alice, amount):
    food = Food(source="own", owner_id=alice.id, source_id=uuid4().hex, carbohydrate_basis="available")
    food.rename("Broken scale")
    food.energy_kcal = amount
    db.session.add(food)

    if amount != amount and db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite stores NaN as NULL, which is unknown")
    with pytest.raises(IntegrityError):
        db.session.flush()
