"""How often the database is asked, and whether it reads only what it needs."""

import re
from datetime import date

import histories
import pytest
from pages import Page
from sqlalchemy import event, text

from caloria.extensions import db
from caloria.models import (
    Day,
    DayExtras,
    DayNote,
    Drink,
    FoodSearch,
    FoodWord,
    Meal,
    OpenFood,
    OwnPortion,
    PortionChoices,
    SavedMeal,
    User,
)
from caloria.models.clock import utc_now
from caloria.models.day_note import note_digest
from caloria.models.ids import new_id

TODAY = date(2026, 11, 21)
TEN_YEARS_AGO = date(2016, 11, 22)
TEN_YEARS = 3652  # days


def log_history(person, food, first: date, days: int, a_day: int = 12) -> None:
    meal = Day(person, first).meals[0].meal
    histories.log_history(db.session.connection(), person.id, meal.id, food.id, first, days, a_day)
    db.session.commit()


@pytest.fixture
def counted(sign_in, alice, statements):
    """Say how many statements a request of Alice's takes, and what it answered."""
    browser = sign_in(alice)

    def counted(method, address, **more):
        statements.clear()
        response = browser.open(address, method=method, **more)
        return len(statements), response

    return counted


@pytest.mark.parametrize("entries", [0, 12, 60])
def test_a_day_takes_four_statements_however_much_was_eaten(counted, statements, alice, oats, entries):
    if entries:
        log_history(alice, oats, TODAY, days=1, a_day=entries)

    taken, response = counted("GET", f"/diary/{TODAY}")

    assert taken == 4
    assert response.get_data(as_text=True).count("/edit") == entries
    # Of the many columns of an entry a day reads those that it shows.
    assert not any("iron_mg" in statement for statement in statements)


def test_a_day_after_ten_years_of_history_takes_four_statements(counted, alice, oats):
    log_history(alice, oats, TEN_YEARS_AGO, TEN_YEARS)

    statements, response = counted("GET", f"/diary/{TODAY}")

    assert statements == 4
    assert response.get_data(as_text=True).count("/edit") == 12


@pytest.mark.parametrize(("text", "most"), [("", 4), ("oat", 4), ("nothing like it", 4)])
def test_a_search_takes_four_statements_however_much_it_finds(counted, make_food, text, most):
    for number in range(40):
        make_food(f"Oat biscuit {number}", [("piece", 12)], energy_kcal=450)

    statements, _response = counted("GET", f"/foods/search?q={text}&day={TODAY}")

    assert statements <= most


def test_a_search_with_a_slip_takes_one_statement_more_whatever_comes_of_it(alice, make_food, statements):
    for name in ("Oat biscuit", "Park", "Vein"):
        make_food(name)
    FoodWord.learn(["biscuit", "park", "vein"])
    db.session.commit()

    for typed, most in {"oat bisct": 3, "pork veni": 2, "nothing like it": 1}.items():
        statements.clear()
        FoodSearch(alice, products=True).find(typed)
        assert len(statements) <= most, typed


def test_a_search_among_products_takes_no_more_statements(counted, make_food):
    make_food("Oat biscuit", [("piece", 12)])
    for number in range(5):
        product = OpenFood(gtin=f"{number:014}", code="1", name=f"Oat bar {number}", folded_name="oat bar")
        product.changed_at = utc_now()
        db.session.add(product)
    db.session.commit()

    statements, answer = counted("GET", f"/foods/search?q=oat&day={TODAY}")

    assert (statements, answer.text.count("Oat bar") >= 5) == (4, True)


def test_the_page_of_a_food_takes_five_statements(counted, oats):
    assert counted("GET", f"/foods/{oats.id}?day={TODAY}")[0] == 5


def test_logging_takes_four_statements_whatever_the_portion_and_again_one_more(counted, alice, make_food):
    milk = make_food("Milk", [("glass", 206), ("cup", 244)], energy_kcal=61)
    milk.density_g_per_ml = 1.03
    bowl = OwnPortion.measure(alice, milk, "my bowl", 300, new_id(), "a form")
    db.session.commit()
    millilitres = next(each for each in PortionChoices(milk, alice).all if each.unit == "ml")
    form = {"food_id": milk.id, "amount": "1", "meal_id": Day(alice, TODAY).meals[0].meal.id}

    for portion_id in ("", milk.portions[1].id, bowl.id, millilitres.id):
        sent = {**form, "id": new_id(), "portion_id": portion_id}
        assert [counted("POST", f"/diary/{TODAY}/entries", data=sent)[0] for _ in range(2)] == [4, 5]
    weights = [entry.gram_weight for entry in Day(alice, TODAY).meals[0].entries]
    assert weights == [1, 244, 300, 1.03]


def test_repeating_quick_calories_and_changes_take_four_statements(counted, alice, oats):
    log_history(alice, oats, TODAY, days=1)
    meal = Day(alice, TODAY).meals[0]
    entry = f"/diary/{TODAY}/entries/{meal.entries[0].id}"
    form = {"id": new_id(), "meal_id": meal.meal.id}
    repeat, quick = {**form, "entry_id": meal.entries[0].id}, {**form, "id": new_id(), "energy_kcal": "300"}

    for address, data in (
        (f"/diary/{TODAY}/repeats", repeat),
        (f"/diary/{TODAY}/quick-entries", quick),
        (entry, {"amount": "90"}),
        (f"{entry}/delete", {}),
    ):
        statements, response = counted("POST", address, data=data)
        assert (statements, response.status_code) == (4, 303), address


# How often each page asks, of somebody who has ten years of diary.
PAGES = {
    "/": 1,
    "/account": 1,
    "/account/confirmation": 1,
    "/account/deletion": 3,
    "/account/email": 2,
    "/account/export": 1,
    "/account/reminders": 3,
    "/account/imports": 2,
    "/account/sessions": 2,
    "/diary/{day}": 4,
    "/diary/{day}/picks": 2,
    "/diary/{day}/acts": 2,
    "/diary/{day}/copies/new": 3,
    "/diary/{day}/meals/{meal}/saved-meals/new": 3,
    "/diary/{day}/entries/{entry}/edit": 2,
    "/foods": 3,
    "/foods/search?q=oats": 4,
    "/foods/search?q=2 cups oats and 60 g oats": 8,
    "/foods/{food}": 5,
    "/foods/{food}/corrections/new?since={day}": 5,
    "/foods/new": 2,
    "/foods/new?like={food}": 4,
    "/foods/barcode": 2,
    "/meals": 2,
    "/requests": 2,
    "/requests/new": 1,
    "/requests/new?about={food}": 2,
    "/privacy": 0,
    "/saved-meals": 3,
    "/subscription": 2,
    "/targets": 3,
    "/targets/new": 4,
    "/targets/body": 3,
    "/terms": 0,
    "/trends": 4,
    "/trends?days=all": 4,
    "/trends/summary": 5,
    "/trends/summary?from={ten_years_ago}": 5,
    "/weights": 2,
    "/measurements": 2,
}


def test_every_page_asks_as_often_after_ten_years(counted, alice, oats):
    log_history(alice, oats, TEN_YEARS_AGO, TEN_YEARS)
    meal = Day(alice, TODAY).meals[0]
    said = {"day": TODAY, "meal": meal.meal.id, "entry": meal.entries[0].id, "food": oats.id}
    said["ten_years_ago"] = TEN_YEARS_AGO

    taken = {page: counted("GET", page.format(**said))[0] for page in PAGES}

    assert taken == PAGES


@pytest.fixture
def crowd(alice):
    """Three hundred people more, with meals."""
    people = [
        User(email=email, email_key=email, name="Somebody", password_hash="", time_zone="UTC")
        for email in (f"somebody-{number}@example.org" for number in range(300))
    ]
    db.session.add_all(people)
    db.session.flush()
    db.session.add_all(meal for person in people for meal in Meal.first_of(person.id))
    db.session.commit()
    return people


@pytest.fixture
def plans(app):
    """How the database means to answer each statement about entries that is said from here on."""
    connection = db._app_engines[app][None]
    prefix = {"postgresql": "EXPLAIN", "sqlite": "EXPLAIN QUERY PLAN"}[db.engine.dialect.name]
    found: list[str] = []

    def explain(_connection, _cursor, statement, parameters, *_rest):
        if "FROM entries" in statement or "JOIN entries" in statement:
            rows = connection.connection.driver_connection.cursor()
            rows.execute(f"{prefix} {statement}", parameters)
            found.append("\n".join(str(row[-1]) for row in rows.fetchall()))

    event.listen(connection, "before_cursor_execute", explain)
    yield found
    event.remove(connection, "before_cursor_execute", explain)


def test_a_day_reads_only_its_own_part_of_a_large_table(sign_in, alice, crowd, oats, plans):
    for person in crowd:
        log_history(person, oats, date(2026, 10, 23), days=30)
    log_history(alice, oats, TEN_YEARS_AGO, TEN_YEARS)
    db.session.execute(text("ANALYZE"))
    browser = sign_in(alice)
    plans.clear()

    page = Page(browser.get(f"/diary/{TODAY}"))

    assert len(plans) == 2
    assert len([link for link in page.links if link.endswith("/edit")]) == 12
    for plan in plans:
        assert "ix_entries_user_id_day" in plan, plan
        assert "Seq Scan on entries" not in plan, plan
        assert "SCAN entries" not in plan, plan


def test_a_trend_reads_only_its_own_days_of_a_long_diary(sign_in, alice, oats, plans):
    log_history(alice, oats, TEN_YEARS_AGO, TEN_YEARS)
    db.session.execute(text("ANALYZE"))
    browser = sign_in(alice)
    plans.clear()

    assert "complete" in browser.get("/trends?days=90").text

    assert len(plans) == 2
    for plan in plans:
        searched = plan.partition("ix_entries_user_id_day")[2].splitlines()[:2]
        assert re.search("day ?>", "".join(searched)), plan


@pytest.fixture
def saved_meals(alice, oats) -> list:
    """Three saved meals of Alice's, of twenty foods each."""
    log_history(alice, oats, TODAY, days=1, a_day=20)
    day = Day(alice, TODAY)
    saved = [SavedMeal.keep(day, day.meals[0].meal, f"Meal {n}", new_id(), "a form") for n in range(3)]
    db.session.commit()
    return saved


def test_the_pages_of_saved_meals_and_of_meals_take_three_statements_at_most(counted, saved_meals):
    pages = {"/saved-meals": 3, f"/saved-meals/{saved_meals[0].id}": 3, "/meals": 2}

    assert {page: counted("GET", page)[0] for page in pages} == pages


def test_logging_a_line_asks_once_for_the_portions_of_all_its_foods(counted, alice, make_food):
    def taken(number: int) -> int:
        form = {"id": new_id(), "meal_id": Day(alice, TODAY).meals[0].meal.id, "text": "much"}
        for row in range(number):
            food = make_food(f"Food {row}", [("piece", 50)], energy_kcal=1)
            portion = OwnPortion.measure(alice, food, "my piece", 55, new_id(), "a form")
            chosen = {"taken": "y", "amount": "1", "choice": f"{food.id}:{portion.id}"}
            form |= {f"rows-{row}-{name}": value for name, value in chosen.items()}
        db.session.commit()
        statements, response = counted("POST", f"/diary/{TODAY}/lines/entries", data=form)
        assert response.status_code == 303
        return statements

    assert taken(9) == taken(2)


def test_saving_a_meal_takes_five_statements_and_logging_it_eight_at_most(counted, alice, saved_meals):
    meal = Day(alice, TODAY).meals[0].meal
    form = {"id": new_id(), "name": "Oats"}
    logged = {"id": new_id(), "saved_meal_id": saved_meals[0].id, "meal_id": meal.id}

    assert counted("POST", f"/diary/{TODAY}/meals/{meal.id}/saved-meals", data=form)[0] == 5
    taken = [counted("POST", f"/diary/{TODAY}/logged-meals", data=logged)[0] for _ in range(2)]
    assert taken == [8, 6]


def test_water_the_note_and_what_can_be_logged_again_are_one_statement(statements, alice, saved_meals):
    Drink.log(alice, TODAY, 250, new_id(), "a form")
    DayNote.write(alice, TODAY, "Long walk", note_digest(""))
    db.session.commit()
    statements.clear()

    extras = DayExtras(Day(alice, TODAY))

    assert (extras.water_ml, extras.note, len(extras.saved_meals)) == (250, "Long walk", 3)
    assert len(statements) == 1
