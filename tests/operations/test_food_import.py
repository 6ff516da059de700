"""Bringing the foods that Caloria ships into the database, once and again."""

from datetime import date

import pytest
from sqlalchemy import func, select

from caloria.extensions import db
from caloria.models import Day, Food, FoodWord, Portion
from caloria.models.food import CALORIA, USDA
from caloria.models.ids import new_id
from caloria.models.nutrients import NUTRIENT_NAMES
from caloria.models.units import ML_PER_US_CUP
from caloria.operations.food_import import FOODS_AT_ONCE, import_starter
from caloria.operations.starter import lines, starter_foods

DAY = date(2026, 11, 20)


def some() -> list[dict]:
    """A few of the shipped foods and dishes: enough where it is not about all of them."""
    rows = starter_foods()
    return [*rows[:40], *rows[-10:]]


@pytest.fixture
def imported(app):
    return import_starter(some())


def shipped() -> dict[str, Food]:
    db.session.expire_all()
    return {food.source_id: food for food in db.session.scalars(select(Food).where(Food.owner_id.is_(None)))}


def count(kind) -> int:
    return db.session.scalar(select(func.count()).select_from(kind))


def test_every_food_dish_and_portion_that_is_shipped_is_stored_with_its_figures(app):
    """All of them, once: what the files leave out is unknown."""
    rows = starter_foods()
    result = import_starter(rows)

    assert (result.read, result.stored, result.reconciles) == (len(rows), len(rows), True)
    assert count(Food) == len(rows) == sum(1 for name in ("foods", "dishes") for _ in lines(name))
    assert count(Portion) == result.portions == sum(1 for _ in lines("portions"))
    stored = shipped()
    for row in rows:
        food = stored[row["source_id"]]
        said = {name: float(row[name]) if row[name] else None for name in NUTRIENT_NAMES}
        assert (food.name, food.names, food.amounts) == (row["name"], {"es": row["es"]}, said)


def test_dishes_say_that_caloria_worked_them_out_and_liquids_how_heavy_they_are(imported):
    sources = {food.source for food in shipped().values()}
    dense = {food.name: food.density_g_per_ml for food in shipped().values() if food.density_g_per_ml}

    assert sources == {USDA, CALORIA}
    assert dense["Almond milk, unsweetened, fortified"] == pytest.approx(262 / ML_PER_US_CUP)


def test_a_slip_in_a_shipped_name_is_repaired_as_soon_as_it_is_stored(imported):
    assert FoodWord.meant_by(["almods"])[0][0] == "almonds"


def test_a_second_import_changes_nothing(imported):
    before = {food.source_id: (food.id, food.updated_at) for food in shipped().values()}
    portions = set(db.session.execute(select(Portion.id, Portion.gram_weight)))

    again = import_starter(some())

    assert again == imported
    assert {food.source_id: (food.id, food.updated_at) for food in shipped().values()} == before
    assert set(db.session.execute(select(Portion.id, Portion.gram_weight))) == portions


def test_a_figure_that_changed_is_brought_up_to_date_and_keeps_its_id(imported):
    rows = some()
    before = shipped()[rows[0]["source_id"]]
    id, others = before.id, {food.id: food.updated_at for food in shipped().values() if food is not before}
    rows[0] |= {
        "name": "Crème",
        "also": "",
        "es": "Crema",
        "es_also": "",
        "energy_kcal": "123.4",
        "iron_mg": "",
    }

    import_starter(rows)

    food = shipped()[rows[0]["source_id"]]
    assert (food.id, food.name, food.names, food.folded_name) == (id, "Crème", {"es": "Crema"}, "creme;crema")
    assert (food.energy_kcal, food.iron_mg) == (123.4, None)
    assert {other.id: other.updated_at for other in shipped().values() if other is not food} == others


def test_portions_that_are_no_longer_shipped_go(imported):
    food = next(food for food in shipped().values() if len(food.portions) > 1)
    kept = {portion.id for portion in food.portions}
    db.session.add(Portion(food_id=food.id, position=999, amount=1, unit="bathtub", gram_weight=90_000))
    food.portions[0].gram_weight += 1
    db.session.commit()

    import_starter(some())

    assert {portion.id for portion in shipped()[food.source_id].portions} == kept
    assert count(Portion) == imported.portions


def test_entries_keep_their_figures_and_still_know_their_food(imported, alice):
    rows = some()
    food = shipped()[rows[0]["source_id"]]
    day = Day(alice, DAY)
    entry = day.log(food, food.usual_portion, 1, day.meals[0].meal, new_id(), "a form")
    before = dict(entry.amounts)
    rows[0]["energy_kcal"] = "999"

    import_starter(rows)

    db.session.expire_all()
    assert (entry.food_id, entry.amounts) == (food.id, before)


def test_a_persons_own_foods_are_left_alone(imported, alice, make_food):
    row = some()[0]
    own = make_food(row["name"], [("slice", 30)], owner=alice, energy_kcal=1)
    own.source_id = row["source_id"]
    db.session.commit()

    import_starter(some())

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

    import_starter(some())

    assert shipped()[food.source_id].archived_at is not None


def test_a_broken_row_stores_nothing(app):
    rows = starter_foods()[: FOODS_AT_ONCE + 1]
    rows[-1]["energy_kcal"] = "a lot"

    with pytest.raises(ValueError, match="a lot"):
        import_starter(rows)
    db.session.rollback()

    assert count(Food) == 0
