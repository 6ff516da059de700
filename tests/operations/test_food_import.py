"""Bringing the foods that Caloria ships into the database, once and again."""

from datetime import date

import pytest
from sqlalchemy import func, select

from caloria.extensions import db
from caloria.models import Day, Food, Portion
from caloria.models.ids import new_id
from caloria.models.nutrients import NUTRIENT_NAMES
from caloria.operations.food_import import import_starter
from caloria.operations.starter import starter_foods

DAY = date(2026, 11, 20)


@pytest.fixture
def imported(app):
    return import_starter(starter_foods())


def shipped() -> dict[str, Food]:
    db.session.expire_all()
    return {food.source_id: food for food in db.session.scalars(select(Food).where(Food.source == "usda"))}


def count(kind) -> int:
    return db.session.scalar(select(func.count()).select_from(kind))


def test_every_food_and_portion_that_is_shipped_is_stored(imported):
    assert (imported.read, imported.stored, imported.reconciles) == (493, 493, True)
    assert count(Food) == 493
    assert count(Portion) == imported.portions > 493


def test_the_figures_are_those_of_the_file_and_what_it_leaves_out_is_unknown(imported):
    stored = shipped()
    for row in starter_foods():
        food = stored[row["source_id"]]
        said = {name: float(row[name]) if row[name] else None for name in NUTRIENT_NAMES}
        assert (food.name, food.owner_id, food.amounts) == (row["name"], None, said)


def test_a_second_import_changes_nothing(imported):
    before = {food.source_id: (food.id, food.updated_at) for food in shipped().values()}
    portions = set(db.session.execute(select(Portion.id, Portion.gram_weight)))

    again = import_starter(starter_foods())

    assert again == imported
    assert {food.source_id: (food.id, food.updated_at) for food in shipped().values()} == before
    assert set(db.session.execute(select(Portion.id, Portion.gram_weight))) == portions


def test_a_figure_that_changed_is_brought_up_to_date_and_keeps_its_id(imported):
    rows = starter_foods()
    before = shipped()[rows[0]["source_id"]]
    id, others = before.id, {food.id: food.updated_at for food in shipped().values() if food is not before}
    rows[0] |= {"name": "Crème of something", "energy_kcal": "123.4", "iron_mg": ""}

    import_starter(rows)

    food = shipped()[rows[0]["source_id"]]
    assert (food.id, food.name, food.folded_name) == (id, "Crème of something", "creme of something")
    assert (food.energy_kcal, food.iron_mg) == (123.4, None)
    assert {other.id: other.updated_at for other in shipped().values() if other is not food} == others


def test_portions_that_are_no_longer_shipped_go(imported):
    food = next(food for food in shipped().values() if len(food.portions) > 1)
    kept = {portion.id for portion in food.portions}
    db.session.add(Portion(food_id=food.id, position=999, amount=1, unit="bathtub", gram_weight=90_000))
    food.portions[0].gram_weight += 1
    db.session.commit()

    import_starter(starter_foods())

    assert {portion.id for portion in shipped()[food.source_id].portions} == kept
    assert count(Portion) == imported.portions


def test_entries_keep_their_figures_and_still_know_their_food(imported, alice):
    rows = starter_foods()
    food = shipped()[rows[0]["source_id"]]
    day = Day(alice, DAY)
    entry = day.log(food, food.usual_portion, 1, day.meals[0].meal, new_id(), "a form")
    before = dict(entry.amounts)
    rows[0]["energy_kcal"] = "999"

    import_starter(rows)

    db.session.expire_all()
    assert (entry.food_id, entry.amounts) == (food.id, before)


def test_a_persons_own_foods_are_left_alone(imported, alice, make_food):
    row = starter_foods()[0]
    own = make_food(row["name"], [("slice", 30)], owner=alice, energy_kcal=1)
    own.source_id = row["source_id"]
    db.session.commit()

    import_starter(starter_foods())

    db.session.expire_all()
    assert (own.energy_kcal, own.owner_id, [portion.unit for portion in own.portions]) == (
        1,
        alice.id,
        ["slice"],
    )


def test_a_food_that_was_put_away_stays_away(imported):
    food = next(iter(shipped().values()))
    food.archive()
    db.session.commit()

    import_starter(starter_foods())

    assert shipped()[food.source_id].archived_at is not None


def test_a_broken_row_stores_nothing(app):
    rows = starter_foods()
    rows[-1]["energy_kcal"] = "a lot"

    with pytest.raises(ValueError, match="a lot"):
        import_starter(rows)
    db.session.rollback()

    assert count(Food) == 0
