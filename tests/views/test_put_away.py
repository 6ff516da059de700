"""Logging at a meal, or with a portion, that was put away in another tab meanwhile."""

from datetime import date

import pytest
from pages import Page
from sqlalchemy import func, select

from caloria.extensions import db
from caloria.models import Day, Entry, Meals, OwnPortion, SavedMeal
from caloria.models.ids import new_id
from caloria.models.meal import Meal

FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)
MEAL_GONE = "That meal was put away meanwhile. Please choose another."
PORTION_GONE = "That portion was put away meanwhile. Please choose another."


@pytest.fixture
def lunch(alice) -> Meal:
    """Alice's lunch, put away."""
    meal = Meals(alice).in_use[1]
    Meals(alice).archive(meal)
    db.session.commit()
    return meal


@pytest.fixture
def eaten(alice, oats) -> Entry:
    """What Alice had for breakfast."""
    day = Day(alice, SATURDAY)
    entry = day.log(oats, oats.portions[0], 1, day.meals[0].meal, new_id(), "a form")
    db.session.commit()
    return entry


@pytest.fixture
def sent(alice, oats, eaten) -> dict:
    """What each form sends but for the meal."""
    saved = SavedMeal.keep(Day(alice, SATURDAY), eaten.meal, "Porridge", new_id(), "a form")
    db.session.commit()
    row = {"rows-0-taken": "y", "rows-0-amount": "60", "rows-0-choice": f"{oats.id}:"}
    return {
        "quick-entries": {"energy_kcal": "300", "name": "Cake"},
        "entries": {"food_id": oats.id, "portion_id": "", "amount": "61.5"},
        "several-entries": {"food": oats.id},
        "repeats": {"entry_id": eaten.id},
        "lines/entries": {"text": "60 g oats", **row},
        "logged-meals": {"saved_meal_id": saved.id, "share": "45"},
        "moves": {"entry": eaten.id, "to_day": FRIDAY.isoformat(), "percent": "30"},
        "copies": {"other_day": FRIDAY.isoformat()},
    }


NOUNS = (
    "quick-entries",
    "entries",
    "several-entries",
    "repeats",
    "lines/entries",
    "logged-meals",
    "moves",
    "copies",
)
TYPED = ("energy_kcal", "name", "amount", "rows-0-amount", "share", "to_day", "percent")


def entries() -> int:
    return db.session.scalar(select(func.count()).select_from(Entry))


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("day", [SATURDAY, FRIDAY])
def test_a_meal_that_was_put_away_is_told_and_what_was_typed_stays(
    signed_in, alice, oats, sent, lunch, noun, day
):
    # On Friday something is at that meal, so that the day still shows it.
    Day(alice, FRIDAY).log(oats, oats.portions[0], 1, lunch, new_id(), "a form")
    db.session.commit()
    before, form = entries(), {"id": new_id(), "meal_id": lunch.id, **sent[noun]}

    answer = signed_in.post(f"/diary/{day}/{noun}", data=form)

    page = Page(answer)
    assert (answer.status_code, MEAL_GONE in page.words, entries()) == (422, True, before)
    assert f'value="{lunch.id}"' not in answer.get_data(as_text=True)
    typed = {name: text for name, text in sent[noun].items() if name in TYPED}
    if typed:
        kept = next(each.data for each in page.forms if each.data.keys() >= typed.keys())
        assert {name: kept[name] for name in typed} == typed


@pytest.mark.parametrize("noun", NOUNS)
def test_a_strangers_meal_that_was_put_away_is_a_404(sign_in, signed_in, bob, sent, noun):
    meal = Meals(bob).in_use[1]
    Meals(bob).archive(meal)
    db.session.commit()

    form = {"id": new_id(), "meal_id": meal.id, **sent[noun]}
    assert signed_in.post(f"/diary/{SATURDAY}/{noun}", data=form).status_code == 404


def test_the_meal_of_this_time_is_never_one_that_was_put_away(signed_in, alice, oats):
    now = Day(alice, SATURDAY).meal_now
    Day(alice, SATURDAY).log(oats, oats.portions[0], 1, now, new_id(), "a form")
    meals = Meals(alice)
    meals.archive(meals.find(now.id))
    db.session.commit()

    day = Day(alice, SATURDAY)
    assert now.id in [of_day.meal.id for of_day in day.meals]
    assert day.meal_now.id != now.id
    page = Page(signed_in.get(f"/diary/{SATURDAY}"))
    assert not [link for link in page.links if str(now.id) in link and "/foods/search" in link]


@pytest.fixture
def bowl(alice, oats) -> OwnPortion:
    """Alice's bowl of oats, put away."""
    bowl = OwnPortion.measure(alice, oats, "my bowl", 55, new_id(), "a form")
    bowl.archive()
    db.session.commit()
    return bowl


def test_a_portion_that_was_put_away_is_told_and_the_amount_stays(sign_in, signed_in, bob, oats, bowl, eaten):
    form = {"id": new_id(), "food_id": oats.id, "portion_id": bowl.id, "meal_id": eaten.meal_id}
    said = {**form, "amount": "1.25"}

    answer = signed_in.post(f"/diary/{SATURDAY}/entries", data=said)

    page = Page(answer)
    # Not the forms above it, which log at once.
    kept = page.form("/entries", "amount").data
    assert (answer.status_code, PORTION_GONE in page.words) == (422, True)
    assert (kept["amount"], kept["portion_id"]) == ("1.25", str(oats.portions[0].id))
    assert entries() == 1
    assert sign_in(bob).post(f"/diary/{SATURDAY}/entries", data=said).status_code == 404


def test_a_row_with_a_portion_that_was_put_away_says_so(signed_in, oats, bowl, eaten):
    row = {"rows-0-taken": "y", "rows-0-amount": "1.25", "rows-0-choice": f"{oats.id}:{bowl.id}"}
    form = {"id": new_id(), "meal_id": eaten.meal_id, "text": "1 cup oats", **row}

    answer = signed_in.post(f"/diary/{SATURDAY}/lines/entries", data=form)

    kept = Page(answer).form("/lines/entries").data
    assert (answer.status_code, PORTION_GONE in Page(answer).words) == (422, True)
    assert (kept["rows-0-amount"], kept["rows-0-choice"]) == ("1.25", f"{oats.id}:{oats.portions[0].id}")
    assert entries() == 1
