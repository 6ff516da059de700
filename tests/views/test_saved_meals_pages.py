"""Foods that are had together, kept to be logged at once."""

from datetime import date

import pytest
from pages import Page
from sqlalchemy import select

from caloria.extensions import db
from caloria.models import Act, Day, DayExtras, Entry, SavedMeal
from caloria.models.ids import new_id

FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)
LOGGED = f"/diary/{SATURDAY}/logged-meals"


@pytest.fixture
def breakfast(alice, oats, milk):
    """The meal at which Alice had oats and milk on Friday, and quick calories."""
    day = Day(alice, FRIDAY)
    meal = day.meals[0].meal
    day.log(oats, oats.portions[0], 1, meal, new_id(), "one")
    day.log(milk, milk.portions[0], 0.5, meal, new_id(), "two")
    day.log_quick("Syrup", {"energy_kcal": 50.0}, meal, new_id(), "three")
    db.session.commit()
    return meal


@pytest.fixture
def keep(signed_in, breakfast):
    """Save Friday's breakfast."""

    def keep(name="Oats and milk", form_id=None):
        said = {"id": form_id or new_id(), "name": name}
        return signed_in.post(f"/diary/{FRIDAY}/meals/{breakfast.id}/saved-meals", data=said)

    return keep


@pytest.fixture
def saved(alice, keep) -> SavedMeal:
    keep()
    return db.session.scalars(SavedMeal.of(alice)).unique().one()


def form(saved, meal, **more) -> dict:
    return {"id": new_id(), "saved_meal_id": saved.id, "meal_id": meal.id, **more}


def eaten(person, day=SATURDAY) -> list[tuple]:
    meals = Day(person, day).meals
    return [(of.meal.name, each.name, each.portion_amount) for of in meals for each in of.entries]


def names(person) -> list[list[str]]:
    """The foods of every saved meal."""
    every = db.session.scalars(SavedMeal.of(person).execution_options(populate_existing=True)).unique()
    return [[item.name for item in saved.items] for saved in every]


def test_a_meal_is_shown_before_it_is_saved_under_its_own_name(signed_in, breakfast):
    page = Page(signed_in.get(f"/diary/{FRIDAY}/meals/{breakfast.id}/saved-meals/new"))

    assert page.form("/saved-meals").data["name"] == "Breakfast"
    assert "Oats, dry" in page.words
    assert "Save 3 foods · 427 kcal" in page.words


def test_a_meal_is_saved_with_the_figures_it_had(alice, saved, oats):
    oats.energy_kcal = 1
    db.session.commit()

    assert saved.total("energy_kcal").amount == pytest.approx(427.2)
    assert [item.name for item in saved.items] == ["Oats, dry", "Milk, whole", "Syrup"]


def test_the_same_form_saves_once_also_after_a_food_was_taken_out(signed_in, alice, keep):
    form_id = new_id()
    keep(form_id=form_id)
    items = db.session.get(SavedMeal, (alice.id, form_id)).items
    signed_in.post(f"/saved-meals/{form_id}/items/{items[0].id}/delete")

    assert keep(form_id=form_id).status_code == 303
    assert keep("Another name", form_id).status_code == 422
    assert names(alice) == [["Milk, whole", "Syrup"]]


def test_nothing_is_not_saved(signed_in, alice):
    lunch = Day(alice, SATURDAY).meals[1].meal
    said = {"id": new_id(), "name": "Air"}

    answer = signed_in.post(f"/diary/{SATURDAY}/meals/{lunch.id}/saved-meals", data=said)

    assert answer.status_code == 422
    assert "There is nothing at this meal to save yet." in Page(answer).words
    assert names(alice) == []


def test_a_saved_meal_is_logged_whole_once_for_each_form_and_undone(signed_in, alice, saved):
    lunch = Day(alice, SATURDAY).meals[1].meal
    said = form(saved, lunch)

    assert [signed_in.post(LOGGED, data=said).status_code for _ in range(2)] == [303, 303]

    assert sorted(eaten(alice)) == [
        ("Lunch", "Milk, whole", 0.5),
        ("Lunch", "Oats, dry", 1),
        ("Lunch", "Syrup", None),
    ]
    assert Day(alice, SATURDAY).totals["energy_kcal"].amount == pytest.approx(427.2)
    assert db.session.scalars(select(Act).where(Act.id == said["id"])).one().entry_count == 3
    undo = Page(signed_in.get(f"/diary/{SATURDAY}")).form(f"/acts/{said['id']}/undo")
    signed_in.post(undo.action, data=undo.data)
    assert eaten(alice) == []
    signed_in.post(LOGGED, data=said)
    assert eaten(alice) == []


def test_a_form_that_logged_something_else_before_is_refused(signed_in, alice, saved):
    breakfast, lunch = (of_day.meal for of_day in Day(alice, SATURDAY).meals[:2])
    said = form(saved, lunch)
    signed_in.post(LOGGED, data=said)

    answer = signed_in.post(LOGGED, data={**said, "meal_id": breakfast.id})

    assert answer.status_code == 422
    assert Page(answer).form("/logged-meals").data["id"] != str(said["id"])
    assert len(eaten(alice)) == 3


def test_half_of_a_saved_meal_is_half_of_everything(signed_in, alice, saved, breakfast):
    signed_in.post(LOGGED, data=form(saved, breakfast, share="50"))

    assert Day(alice, SATURDAY).totals["energy_kcal"].amount == pytest.approx(213.6)
    oats = db.session.scalars(select(Entry).where(Entry.day == SATURDAY, Entry.name == "Oats, dry")).one()
    assert (oats.portion_amount, oats.gram_weight) == (0.5, pytest.approx(40))


def test_a_share_that_no_entry_can_hold_is_refused_with_what_was_typed(signed_in, alice, saved, breakfast):
    address = f"/saved-meals/{saved.id}/items/{saved.items[0].id}"
    assert signed_in.post(address, data={"amount": "1000"}).status_code == 303

    answer = signed_in.post(LOGGED, data=form(saved, breakfast, share="901"))

    assert answer.status_code == 422
    assert Page(answer).form("/logged-meals").data["share"] == "901"
    assert eaten(alice) == []


def test_an_item_is_changed_or_taken_out_and_quick_calories_have_no_amount(signed_in, alice, saved):
    oats, milk, syrup = saved.items
    address = f"/saved-meals/{saved.id}/items"

    assert signed_in.post(f"{address}/{oats.id}", data={"amount": "2"}).status_code == 303
    assert signed_in.post(f"{address}/{milk.id}/delete").status_code == 303
    assert signed_in.post(f"{address}/{syrup.id}", data={"amount": "2"}).status_code == 404
    refused = signed_in.post(f"{address}/{oats.id}", data={"amount": "a lot"})

    assert refused.status_code == 422
    assert 'value="a lot"' in refused.text
    assert names(alice) == [["Oats, dry", "Syrup"]]
    page = Page(signed_in.get(f"/saved-meals/{saved.id}"))
    assert "2 foods · 658 kcal" in page.words


def test_a_saved_meal_is_renamed_put_away_and_brought_back(signed_in, alice, saved, breakfast):
    address = f"/saved-meals/{saved.id}"
    signed_in.post(address, data={"id": saved.id, "name": "Porridge"})
    assert [each.name for each in DayExtras(Day(alice, SATURDAY)).saved_meals] == ["Porridge"]

    signed_in.post(f"{address}/delete")
    assert DayExtras(Day(alice, SATURDAY)).saved_meals == []
    assert signed_in.post(LOGGED, data=form(saved, breakfast)).status_code == 404
    assert "Put away (1)" in Page(signed_in.get("/saved-meals")).words

    signed_in.post(f"{address}/restoration")
    (offered,) = DayExtras(Day(alice, SATURDAY)).saved_meals
    assert (offered.of, offered.known, offered.amount) == (3, 3, pytest.approx(427.2))
    page = Page(signed_in.get(f"/saved-meals?day={SATURDAY}"))
    assert "Oats, dry, Milk, whole, Syrup" in page.words
    sent = page.form("/logged-meals")
    assert signed_in.post(sent.action, data=sent.data).status_code == 303
    assert len(eaten(alice)) == 3


def test_a_strangers_saved_meal_is_a_404(sign_in, bob, saved, breakfast):
    browser = sign_in(bob)
    bobs = Day(bob, SATURDAY).meals[0].meal
    item = f"/saved-meals/{saved.id}/items/{saved.items[0].id}"

    for address in (f"/saved-meals/{saved.id}", f"/diary/{FRIDAY}/meals/{breakfast.id}/saved-meals/new"):
        assert browser.get(address).status_code == 404, address
    assert browser.post(LOGGED, data=form(saved, bobs)).status_code == 404
    for address in (item, f"{item}/delete", f"/saved-meals/{saved.id}", f"/saved-meals/{saved.id}/delete"):
        said = {"id": new_id(), "name": "Mine", "amount": "1"}
        assert browser.post(address, data=said).status_code == 404, address
    assert "Oats and milk" not in Page(browser.get("/saved-meals")).words


def test_a_saved_meal_is_not_logged_at_a_strangers_meal(signed_in, bob, saved):
    assert signed_in.post(LOGGED, data=form(saved, Day(bob, SATURDAY).meals[0].meal)).status_code == 404


def test_an_amount_that_another_window_changed_meanwhile_is_told(signed_in, saved):
    address = f"/saved-meals/{saved.id}/items/{saved.items[0].id}"
    sent = Page(signed_in.get(f"/saved-meals/{saved.id}")).form(address).data
    signed_in.post(address, data={**sent, "amount": "2"})

    answer = signed_in.post(address, data={**sent, "amount": "3"})

    assert answer.status_code == 422
    kept = Page(answer).form(address).data
    assert kept["amount"] == "3"
    assert signed_in.post(address, data=kept).status_code == 303
