"""The same form sent several times at once, on connections of their own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import func, select, text, update

from caloria.extensions import db
from caloria.models import Day, DayNote, Entry, Food, Meal, SavedMeal, SavedMealItem, Session, Signup, User
from caloria.models.day_note import note_digest
from caloria.models.ids import new_id

DAY = date(2026, 11, 20)
AT_ONCE = 4


@pytest.fixture
def site(make_app):
    """An app in which what is committed stays, with Alice signed in on several devices, and oats."""
    app = make_app()
    with app.app_context():
        alice = Signup("Alice", "alice@example.org", "four-meals-a-day", "UTC").complete()
        oats = Food(source="usda", source_id="1", carbohydrate_basis="by_difference", energy_kcal=380)
        oats.rename("Oats")
        db.session.add(oats)
        tokens = [Session.start(alice).token for _ in range(AT_ONCE)]
        db.session.commit()
        app.meal_id, app.food_id = Day(alice, DAY).meals[0].meal.id, oats.id
        db.session.remove()
    app.browsers = [signed_in(app, token) for token in tokens]
    return app


def signed_in(app, token: str):
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = token
    return browser


def send_at_once(site, address: str, forms: list[dict]) -> list[int]:
    """Send a form from each device, all at the same moment; return what they were answered, sorted."""
    together = Barrier(AT_ONCE)

    def send(browser, form):
        together.wait(30)
        return browser.post(address, data=form).status_code

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return sorted(threads.map(send, site.browsers, forms))


def count(site, kind) -> int:
    with site.app_context():
        return db.session.scalar(select(func.count()).select_from(kind))


@pytest.mark.parametrize("round", range(3))
def test_an_entry_is_made_once_and_every_answer_is_the_same(site, round):
    form = {"id": new_id(), "food_id": site.food_id, "meal_id": site.meal_id, "amount": "60"}

    assert send_at_once(site, f"/diary/{DAY}/entries", [form] * AT_ONCE) == [303] * AT_ONCE
    assert count(site, Entry) == 1


@pytest.mark.parametrize("round", range(3))
def test_a_food_of_ones_own_is_made_once_with_its_serving(site, round):
    form = {"id": new_id(), "name": "Bread", "energy_kcal": "250", "serving_grams": "30"}

    assert send_at_once(site, "/foods", [form] * AT_ONCE) == [303] * AT_ONCE
    assert count(site, Food) == 2  # and oats
    with site.app_context():
        assert len(db.session.get(Food, form["id"]).portions) == 1


def test_of_several_contents_under_one_id_one_is_kept_and_the_others_are_told(site):
    id = new_id()
    forms = [{"id": id, "meal_id": site.meal_id, "energy_kcal": str(kcal)} for kcal in (100, 200, 300, 400)]

    assert send_at_once(site, f"/diary/{DAY}/quick-entries", forms) == [303, 422, 422, 422]
    assert count(site, Entry) == 1


def test_forms_with_ids_of_their_own_are_all_kept(site):
    form = {"food_id": site.food_id, "meal_id": site.meal_id, "amount": "60"}
    forms = [{"id": new_id(), **form} for _ in range(AT_ONCE)]

    assert send_at_once(site, f"/diary/{DAY}/entries", forms) == [303] * AT_ONCE
    assert count(site, Entry) == AT_ONCE


def test_a_label_that_is_saved_several_times_at_once_keeps_one_serving(site):
    form = {"id": new_id(), "name": "Bread", "energy_kcal": "250"}
    site.browsers[0].post("/foods", data=form)

    for serving in ({"serving_grams": "30"}, {"serving_grams": "35"}, {}):
        forms = [{**form, **serving}] * AT_ONCE
        assert send_at_once(site, f"/foods/{form['id']}", forms) == [303] * AT_ONCE
        with site.app_context():
            weights = [portion.gram_weight for portion in db.session.get(Food, form["id"]).portions]
        assert weights == [float(grams) for grams in serving.values()]


def test_a_meal_is_saved_once_with_its_foods_and_logged_once(site):
    with site.app_context():
        day = Day(db.session.scalar(select(User)), DAY)
        for form_id in (new_id(), new_id()):
            day.log_quick("Soup", {"energy_kcal": 100.0}, day.meals[0].meal, form_id, "a form")
        db.session.commit()
    form = {"id": new_id(), "name": "Soups"}
    saving = f"/diary/{DAY}/meals/{site.meal_id}/saved-meals"
    assert send_at_once(site, saving, [form] * AT_ONCE) == [303] * AT_ONCE
    assert (count(site, SavedMeal), count(site, SavedMealItem)) == (1, 2)

    logged = {"id": new_id(), "saved_meal_id": form["id"], "meal_id": site.meal_id}
    assert send_at_once(site, f"/diary/{DAY}/logged-meals", [logged] * AT_ONCE) == [303] * AT_ONCE
    assert count(site, Entry) == 4


WAITING = """
    SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
"""


def test_a_note_that_somebody_is_writing_just_now_is_waited_for_and_not_overwritten(site, engine_name):
    if engine_name != "postgresql":
        pytest.skip("SQLite lets one write at a time")
    address, browser = f"/diary/{DAY}/note", site.browsers[0]
    browser.post(address, data={"text": "A note", "seen": note_digest("")})
    with site.app_context():
        engine = db.engine
    with engine.connect() as other, engine.connect() as watching, ThreadPoolExecutor(1) as threads:
        other.execute(select(DayNote.text).with_for_update())
        form = {"text": "From here", "seen": note_digest("A note")}
        answer = threads.submit(browser.post, address, data=form)
        while not watching.scalar(text(WAITING)):
            watching.rollback()
            assert not answer.done(), "it did not wait"
        other.execute(update(DayNote).values(text="From another window"))
        other.commit()
        assert answer.result().status_code == 422
        assert other.scalar(select(DayNote.text)) == "From another window"


@pytest.mark.parametrize("round", range(3))
def test_of_meals_that_are_all_put_away_at_once_one_stays(site, round):
    with site.app_context():
        meals = [meal.id for meal in db.session.scalars(select(Meal))]
    together = Barrier(AT_ONCE)

    def put_away(browser, meal_id):
        together.wait(30)
        return browser.post(f"/meals/{meal_id}/delete").status_code

    with ThreadPoolExecutor(AT_ONCE) as threads:
        assert list(threads.map(put_away, site.browsers, meals)) == [303] * AT_ONCE
    with site.app_context():
        assert len(db.session.scalars(select(Meal).where(Meal.archived_at.is_(None))).all()) == 1


def test_a_password_that_is_given_twice_at_once_counts_once(site):
    address = "/account/confirmation"
    with site.browsers[0].session_transaction() as session:
        site.browsers = [signed_in(site, session["_user_id"]) for _ in range(AT_ONCE)]

    answers = send_at_once(site, address, [{"confirmation_password": "four-meals-a-day"}] * AT_ONCE)

    assert (answers.count(303), set(answers) <= {303, 401, 422}) == (1, True)
