"""Importing foods of other sources: what comes of it, again and again, and what stays as it was."""

from datetime import date

import pytest
from food_files import amounts, open_csv, spread, usda_files, zipped
from sqlalchemy import func, select

from caloria.extensions import db
from caloria.models import AuditEvent, Day, Entry, Food, FoodWord, OpenFood, Signup, shared_food
from caloria.models.food import Label
from caloria.models.ids import new_id
from caloria.operations.bulk_import import run
from caloria.operations.bulk_import.turn import alone

DAY = date(2026, 11, 20)
APPLE, PEAR = ("1", "sr_legacy_food", "Apple, raw", "9", ""), ("2", "sr_legacy_food", "Pear, raw", "9", "")
CURLS = ("11", "branded_food", "CHEESE CURLS", "", "2019-04-01")
LABEL = ("11", "MARIN'S", "", "33049105252", "28.0", "g", "1 ONZ", "Other Snacks", "2019-04-01")


@pytest.fixture
def app(make_app):
    """With a database of its own: an import commits as it goes."""
    app = make_app()
    with app.app_context():
        yield app


@pytest.fixture
def usda(app, tmp_path):
    """Import a download with these foods, and say what the command says and how it ended."""

    def usda(*foods: tuple, energy: float = 52, branded=(), cups: float = 109):
        given = [(food[0], 1008, energy) for food in foods]
        cup = {"fdc_id": 1, "amount": 1, "measure_unit_id": 1000, "gram_weight": cups}
        tables = {"food": foods, "food_nutrient": amounts(*given), "food_portion": [cup]}
        tables |= {"measure_unit": [("1000", "cup")], "branded_food": branded}
        path = zipped(tmp_path / "usda.zip", usda_files(**tables))
        db.session.rollback()
        return app.test_cli_runner().invoke(args=("foods", "import", "usda", str(path), *report_in(tmp_path)))

    return usda


def report_in(tmp_path) -> tuple[str, str]:
    return "--report", str(tmp_path / "report.csv")


@pytest.fixture
def openly(app, tmp_path):
    """Import an export with these products."""

    def openly(*products: dict):
        path = open_csv(tmp_path / "products.csv.gz", *products)
        db.session.rollback()
        words = ("foods", "import", "openfoodfacts", str(path), *report_in(tmp_path))
        return app.test_cli_runner().invoke(args=words)

    return openly


def said(result) -> str:
    return result.output.partition("\n")[0]


def food(key: str) -> Food:
    db.session.expire_all()
    return db.session.scalars(select(Food).where(Food.source == "usda", Food.source_id == key)).one()


def test_foods_come_in_once_and_again_only_what_changed(usda, tmp_path):
    wrong = ("3", "sr_legacy_food", "", "9", "")

    assert said(usda(APPLE, PEAR, wrong)) == "3 read = 2 added + 0 updated + 0 unchanged + 1 rejected"
    apple, at = food("1").id, food("2").updated_at
    assert (tmp_path / "report.csv").read_text().splitlines()[1:] == ["rejected,food.csv,4,3,it has no name"]

    assert said(usda(APPLE, PEAR)) == "2 read = 0 added + 0 updated + 2 unchanged + 0 rejected"
    assert food("2").updated_at == at
    assert said(usda(APPLE, PEAR, energy=60)) == "2 read = 0 added + 2 updated + 0 unchanged + 0 rejected"
    assert said(usda(APPLE, PEAR, energy=60, cups=110)).startswith("2 read = 0 added + 1 updated + 1 unch")
    assert (food("1").id, food("1").energy_kcal, food("1").portions[0].gram_weight) == (apple, 60, 110)
    noted = db.session.scalars(select(AuditEvent.after).where(AuditEvent.act == "foods import")).all()
    assert noted[0] == {"read": 3, "added": 2, "updated": 0, "unchanged": 0, "rejected": 1}
    assert FoodWord.meant_by(["aple"])[0][0] == "apple"


def test_no_day_changes_and_what_people_did_to_foods_stays(usda):
    usda(APPLE, PEAR)
    alice = Signup("Alice", "alice@example.org", "correct horse battery staple", "UTC").complete()
    day = Day(alice, DAY)
    day.log(food("1"), food("1").usual_portion, 1, day.meals[0].meal, new_id(), "a form")
    shared_food.correct(food("1"), Label("Apple", None, {"energy_kcal": 55.0}, None, None))
    db.session.commit()
    shared_food.archive(food("2"))
    db.session.commit()

    usda(APPLE, PEAR, energy=70)

    entry = db.session.scalars(select(Entry)).one()
    assert (entry.energy_kcal, entry.food_id) == (pytest.approx(52 * 1.09), food("1").id)
    assert (food("1").name, food("1").energy_kcal) == ("Apple", 55)
    assert (food("2").energy_kcal, food("2").archived_at is None) == (70, False)


def test_a_newer_record_of_a_barcode_is_the_same_food_and_an_older_one_does_not_come_back(usda, tmp_path):
    usda(CURLS, branded=[LABEL])
    before = food("11").id
    newer, its_label = ("12", *CURLS[1:]), ("12", *LABEL[1:])

    assert " 1 updated" in said(usda(newer, branded=[its_label], energy=500))
    assert (food("12").id, food("12").energy_kcal) == (before, 500)

    assert said(usda(CURLS, branded=[LABEL])) == "1 read = 0 added + 0 updated + 0 unchanged + 1 rejected"
    assert "a newer record of the barcode 00033049105252 is stored" in (tmp_path / "report.csv").read_text()
    assert db.session.scalar(select(func.count()).select_from(Food)) == 1


def test_what_was_put_away_does_not_come_back_under_another_id(usda):
    usda(CURLS, branded=[LABEL])
    shared_food.archive(food("11"))
    db.session.commit()

    for key in ("12", "10"):
        assert " 0 added" in said(usda((key, *CURLS[1:]), branded=[(key, *LABEL[1:])], energy=500))
        assert food(key).archived_at is not None

    assert db.session.scalar(select(func.count()).select_from(Food)) == 1


def test_products_stay_apart_and_an_older_file_brings_nothing_back(openly):
    assert said(openly(spread())) == "1 read = 1 added + 0 updated + 0 unchanged + 0 rejected"
    changed = spread(last_modified_t="1700000100", product_name="Better spread")
    assert said(openly(changed)) == "1 read = 0 added + 1 updated + 0 unchanged + 0 rejected"
    assert said(openly(spread())) == "1 read = 0 added + 0 updated + 1 unchanged + 0 rejected"

    assert db.session.scalars(select(OpenFood.name)).all() == ["Better spread"]
    assert db.session.scalar(select(func.count()).select_from(Food)) == 0


def test_a_broken_file_is_one_sentence_and_changes_nothing(app, usda, tmp_path):
    path = tmp_path / "cut.zip"
    path.write_bytes(zipped(path, usda_files(food=[APPLE])).read_bytes()[:200])

    result = app.test_cli_runner().invoke(args=("foods", "import", "usda", str(path)))

    assert (result.exit_code, result.output.endswith("Nothing was changed.\n")) == (1, True)
    assert db.session.scalar(select(func.count()).select_from(Food)) == 0


def test_where_the_report_cannot_be_written_nothing_is_imported(app, tmp_path):
    path = zipped(tmp_path / "usda.zip", usda_files(food=[APPLE], food_nutrient=amounts(("1", 1008, 52))))

    words = ("foods", "import", "usda", str(path), "--report", str(tmp_path))
    result = app.test_cli_runner().invoke(args=words)

    assert (result.exit_code, "report cannot be written" in result.output) == (1, True)
    assert db.session.scalar(select(func.count()).select_from(Food)) == 0


def test_where_every_row_is_rejected_the_command_fails(usda):
    assert usda(("x", *APPLE[1:])).exit_code == 1


def test_a_second_import_at_the_same_time_says_so(usda):
    with alone():
        result = usda(APPLE)

    assert (result.exit_code, "Another import" in result.output) == (75, True)


def test_an_import_that_was_ended_in_the_middle_is_continued_by_the_next(usda, monkeypatch):
    """Each batch is whole: of two the first stays, and the next run finds it as it is."""
    stored, batches = run.Import._store, []

    def store(self, batch):
        if batches:
            raise KeyboardInterrupt
        batches.append(stored(self, batch))

    monkeypatch.setattr(run, "ROWS_AT_ONCE", 1)
    monkeypatch.setattr(run.Import, "_store", store)
    assert usda(APPLE, PEAR).exit_code == 1
    db.session.rollback()
    assert db.session.scalars(select(Food.source_id)).all() == ["1"]
    monkeypatch.undo()

    assert said(usda(APPLE, PEAR)) == "2 read = 1 added + 0 updated + 1 unchanged + 0 rejected"
