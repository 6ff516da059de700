"""Nobody's row can point into another person's data: each key and relation, tried with a stranger's row."""

from datetime import date, time

import pytest
from sqlalchemy import ForeignKeyConstraint, inspect
from sqlalchemy.exc import IntegrityError

from caloria.extensions import db
from caloria.models import Day, Entry, Food, Meal, Meals, Reminder, SavedMeal
from caloria.models.ids import new_id
from caloria.models.ownership import Owned

TODAY = date(2026, 11, 21)
OWNED = Owned.__subclasses__()
# The relations that are tried below. A new one belongs here, with a test of its own.
RELATIONS = {"Entry.meal", "Food.portions", "Portion.food", "Reminder.meal", "SavedMeal.items"}


@pytest.fixture
def entry(alice, oats) -> Entry:
    day = Day(alice, TODAY)
    entry = day.log(oats, oats.usual_portion, 1, day.meals[0].meal, new_id(), "a form")
    db.session.commit()
    return entry


@pytest.fixture
def bobs_meal(bob) -> Meal:
    return Meals(bob).in_use[0]


def test_every_relation_is_tried_here():
    relations = {str(each) for mapper in db.Model.registry.mappers for each in mapper.relationships}

    assert relations == RELATIONS


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
def test_what_a_person_owns_is_keyed_by_the_person_first(model):
    assert inspect(model).primary_key[0].name == "user_id"


def test_every_key_into_what_a_person_owns_carries_the_person():
    tables = {model.__table__ for model in OWNED}
    for table in db.metadata.tables.values():
        for rule in table.constraints:
            if isinstance(rule, ForeignKeyConstraint) and rule.referred_table in tables:
                columns = [(each.parent.name, each.column.name) for each in rule.elements]
                assert columns[0] == ("user_id", "user_id"), rule.name


def test_nothing_cascades_into_the_diary():
    for table in db.metadata.tables.values():
        for rule in table.constraints:
            if isinstance(rule, ForeignKeyConstraint):
                assert (rule.ondelete, rule.onupdate) == (None, None), rule.name


def test_a_strangers_meal_cannot_be_set_by_relation(entry, alice, bobs_meal):
    entry.meal = bobs_meal

    assert entry.user_id == alice.id
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_strangers_meal_cannot_be_set_by_id(entry, bobs_meal):
    entry.meal_id = bobs_meal.id

    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_new_entry_cannot_stand_at_a_strangers_meal(alice, bobs_meal):
    db.session.add(Entry(user_id=alice.id, day=TODAY, name="Oats", meal=bobs_meal))

    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_strangers_meal_of_the_same_id_is_never_read(entry, bob):
    db.session.add(Meal(user_id=bob.id, id=entry.meal_id, position=9, name="Bob's"))
    db.session.commit()
    db.session.expire(entry)

    assert entry.meal.name == "Breakfast"


@pytest.mark.parametrize("by", ["relation", "id"])
def test_a_reminder_cannot_be_about_a_strangers_meal(alice, bobs_meal, by):
    meal = {"meal": bobs_meal} if by == "relation" else {"meal_id": bobs_meal.id}
    db.session.add(Reminder(user_id=alice.id, id=new_id(), at=time(20), form_digest="a form", **meal))

    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_portion_is_reached_only_through_its_own_food(alice, bob, make_food):
    mine = make_food("Bread", [("slice", 30)], owner=alice)
    bobs = make_food("Bob's bread", [("slice", 25)], owner=bob)

    assert mine.portion(bobs.portions[0].id) is None
    assert bobs.portions[0].food is bobs
    assert db.session.scalars(Food.of(alice)).all() == [mine]
    assert bobs not in db.session.scalars(Food.visible_to(alice)).all()


def test_a_strangers_saved_meal_of_the_same_id_shows_nothing_of_mine(entry, alice, bob):
    day = Day(alice, TODAY)
    saved = SavedMeal.keep(day, day.meals[0].meal, "Oats", new_id(), "a form")
    db.session.add(SavedMeal(user_id=bob.id, id=saved.id, name="Bob's"))
    db.session.commit()

    bobs = db.session.get_one(SavedMeal, (bob.id, saved.id))
    assert (len(saved.items), bobs.items) == (1, [])
    bobs.items.extend(saved.items)
    db.session.commit()
    db.session.expire_all()
    assert (len(saved.items), bobs.items) == (1, [])


def test_a_strangers_day_holds_nothing_of_mine(entry, bob):
    assert Day(bob, TODAY).totals["energy_kcal"].of == 0
    assert Day(bob, TODAY).meal(entry.meal_id) is None
