"""Searching among millions: everybody's foods lie in tiers, and the indexes are always in step."""

from datetime import timedelta

import pytest
from sqlalchemy import event, insert, select, text
from working import do_jobs

from caloria.extensions import db
from caloria.models import Day, Food, FoodSearch, FoodTier, FoodWord, Job, OpenFood, shared_food
from caloria.models.clock import utc_now
from caloria.models.food_word import remains
from caloria.models.ids import new_id


def found(person, text: str) -> list[str]:
    return [food.name for food in FoodSearch(person).find(text)]


@pytest.fixture
def bring(app):
    """Bring foods in as an import does: set-based, past the models, with no word about tiers."""

    def bring(*names: str, **said):
        rows = [
            {
                "name": name,
                "folded_name": f"{name} {said.get('brand') or ''}".strip().lower(),
                "source_id": name,
            }
            for name in names
        ]
        kind = {"source": "usda", "carbohydrate_basis": "by_difference", "tier": 3, **said}
        db.session.execute(insert(Food), [{**kind, **row} for row in rows])
        db.session.commit()

    return bring


@pytest.fixture
def statements_with_values(app):
    """What was said to the database, and the values that came with it."""
    said = []

    def note(_connection, _cursor, statement, values, *_rest):
        said.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    yield said
    event.remove(db.engine, "before_cursor_execute", note)


def test_what_was_imported_is_found_at_once_and_put_away_at_once(alice, bring):
    bring("Almond nougat", "Nougat", brand="Turrones Ruiz")
    assert found(alice, "nougat almo") == ["Almond nougat"]
    assert found(alice, "ruiz noug") == ["Nougat", "Almond nougat"]

    food = db.session.scalars(select(Food).where(Food.name == "Nougat")).one()
    shared_food.archive(food)
    db.session.commit()
    assert found(alice, "nougat") == ["Almond nougat"]

    shared_food.restore(food)
    food.rename("Marzipan")
    db.session.commit()
    assert found(alice, "nougat") == ["Almond nougat"]
    assert found(alice, "marzipan") == ["Marzipan"]


def test_own_and_recent_then_everyday_then_generic_then_branded_by_how_popular(alice, make_food, bring):
    bring("Muesli", brand="Kolln", popularity=5)
    bring("Muesli", brand="Seitenbacher", popularity=900, source="bench")
    bring("Muesli", source="other")
    make_food("Muesli, everyday").everyday = 5
    make_food("Nutty muesli", owner=alice)
    db.session.commit()

    foods = FoodSearch(alice).find("muesli")
    assert [food.name for food in foods[:2]] == ["Nutty muesli", "Muesli, everyday"]
    assert [food.brand for food in foods[2:]] == [None, "Seitenbacher", "Kolln"]

    last = foods[-1]
    day = Day(alice, alice.today() - timedelta(days=3))
    day.log(last, last.usual_portion, 1, day.meals[0].meal, new_id(), "a form")
    assert FoodSearch(alice).find("muesli")[1].brand == "Kolln"


def test_of_many_foods_only_the_first_tier_is_found_by_the_middle_of_a_word(engine_name, alice, bring):
    if engine_name != "postgresql":
        pytest.skip("SQLite has no tiers")
    bring("Strawberry", tier=0)
    bring("Blueberry")

    assert found(alice, "berry") == ["Strawberry"]
    assert found(alice, "blueb") == ["Blueberry"]


def test_of_two_words_the_beginning_of_the_last_is_found_however_usual_the_first_is(alice, bring):
    bring("Cheese curls", "Cheese sticks", "Curly kale")

    def all_found():
        return [found(alice, text) for text in ("cheese curl", "cheese cu", "cheese stick", "kale che")]

    rarely = all_found()
    assert rarely[:3] == [["Cheese curls"], ["Cheese curls"], ["Cheese sticks"]]
    for usual in (["cheese"], ["cheese", "curls", "sticks", "cheddar"]):
        FoodWord.replace_all(usual * 10_000)
        assert all_found() == rarely


def test_sorting_brings_forward_what_is_used_most(engine_name, alice, bring, monkeypatch):
    if engine_name != "postgresql":
        pytest.skip("SQLite has no tiers")
    monkeypatch.setattr("caloria.models.food_tier.MOST", (2, 1, 1))
    bring("Everyday", everyday=4)
    bring("Generic")
    bring("Scanned", brand="One", popularity=7)
    bring("Logged", brand="Two")
    bring("Unknown", brand="Three", tier=0)
    bring("Put away", archived_at=utc_now())
    food = FoodSearch(alice).find("logged")[0]
    day = Day(alice, alice.today())
    day.log(food, food.usual_portion, 1, day.meals[0].meal, new_id(), "a form")
    db.session.flush()

    assert FoodTier.sort() == 5
    tiers = dict(db.session.execute(select(Food.name, Food.tier)).all())
    assert tiers == {"Everyday": 0, "Generic": 0, "Scanned": 1, "Logged": 2, "Unknown": 3, "Put away": 3}
    assert FoodTier.sort() == 0


def test_of_what_nobody_knows_to_be_popular_comes_first_of_what_most_is_known(
    engine_name, alice, bring, monkeypatch
):
    if engine_name != "postgresql":
        pytest.skip("SQLite has no tiers")
    monkeypatch.setattr("caloria.models.food_tier.MOST", (1, 1, 0))
    bring("Nothing said", brand="One")
    bring("All said", brand="Two", energy_kcal=1, protein_g=1, fat_g=1, carbohydrate_g=1)
    bring("Energy said", brand="Three", energy_kcal=1)

    FoodTier.sort()
    assert found(alice, "said") == ["All said", "Energy said", "Nothing said"]


def test_sorting_very_many_takes_several_jobs_each_of_which_is_kept(app, engine_name, bring, monkeypatch):
    if engine_name != "postgresql":
        pytest.skip("SQLite has no tiers")
    monkeypatch.setattr("caloria.jobs.foods.AT_ONCE", 2)
    bring("Apple", "Banana", "Cherry", "Date", "Elderberry")
    Job.put("sort_foods")
    db.session.commit()

    assert do_jobs(app) == 3
    assert set(db.session.scalars(select(Food.tier))) == {0}


@pytest.mark.parametrize("is_counted", [False, True], ids=["not counted", "counted"])
def test_every_tier_is_read_by_its_index_however_few_foods_there_are(
    alice, engine_name, bring, statements_with_values, is_counted
):
    if engine_name != "postgresql":
        pytest.skip("SQLite has no tiers")
    bring(*(f"Oat biscuit {number}" for number in range(300)))
    products = [
        {"gtin": f"{number:014}", "code": "1", "name": "Oat", "folded_name": "oat", "changed_at": utc_now()}
        for number in range(300)
    ]
    db.session.execute(insert(OpenFood), products)
    db.session.commit()
    db.session.execute(text("ANALYZE")) if is_counted else None

    FoodSearch(alice, products=True).find("oat biscuit")
    statement, told = next(each for each in statements_with_values if "search_words" in each[0])
    explained = db.session.connection().exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", told)
    plan = "\n".join(explained.scalars())
    indexes = [f"search_foods_{tier}" for tier in range(4)] + [f"search_open_foods_{at}" for at in range(3)]
    assert [index for index in indexes if f"Bitmap Index Scan on {index} " not in plan] == [], plan


def test_words_are_learnt_alike_in_the_database_and_outside_it(alice, bring):
    names = [
        "Jalapeno guindilla",
        "Zanahoria chucrut",
        "Queso philadelphia",
        "Llave vaca carro",
        "Quiche gigante",
    ]
    bring(*names, tier=0)
    FoodWord.know_shared()

    words = {word for name in names for word in name.lower().split() if len(word) > 3}
    stored = db.session.execute(select(FoodWord.word, FoodWord.remains)).all()
    assert {word for word, _ in stored} == words
    assert all({left for each, left in stored if each == word} == remains(word) for word in words)
    assert found(alice, "keso filadelfia") == ["Queso philadelphia"]


def test_of_two_words_as_near_the_more_usual_one_is_meant(alice, bring):
    bring("Marten")
    bring(*(f"Barten {number}" for number in range(3)))
    bring(*(f"Carten {number}" for number in range(4)))
    FoodWord.replace_all(["marten", *["barten"] * 3, *["carten"] * 4])

    assert FoodWord.meant_by(["xarten"]) == [["carten", "barten", "marten"]]


@pytest.mark.parametrize(
    "text",
    [
        "a & b | !c:* <-> 'd' \\ (e",
        "'; DROP TABLE foods --",
        "((((",
        "a" * 100,
        "a b c d e f g h i j k l m n o p q r s t u v w x y z 1 2 3",
        "the of de la con",
        "🍎🍏",
        "تفاح",
        "\u202eelppa",
        "תפוח עץ",
        "寿司 🍣",
        "%_%",
        "[[:alpha:]]+ .*",
    ],
)
def test_whatever_is_typed_is_only_looked_for(alice, bring, text):
    bring("Apple")

    assert set(found(alice, text)) <= {"Apple"}


@pytest.mark.parametrize(
    ("name", "text"), [("تفاح أحمر", "تفاح"), ("7up zero", "7up"), ("Leche 3,5%", "leche 3,5%")]
)
def test_any_script_and_any_figure_is_found(alice, bring, name, text):
    bring(name)

    assert found(alice, text) == [name]
