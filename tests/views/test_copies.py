"""A meal or a day once more."""

from datetime import date

import pytest
from pages import Page
from sqlalchemy import func, select

from caloria.extensions import db
from caloria.models import Day, Entry
from caloria.models.ids import new_id

FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)
COPIES = f"/diary/{SATURDAY}/copies"


@pytest.fixture
def friday(alice, oats, milk):
    """What Alice ate on Friday: oats and milk for breakfast, oats for lunch."""
    day = Day(alice, FRIDAY)
    breakfast, lunch = (of_day.meal for of_day in day.meals[:2])
    for food, meal, amount in ((oats, breakfast, 1), (milk, breakfast, 0.5), (oats, lunch, 2)):
        day.log(food, food.portions[0], amount, meal, new_id(), "form")
    db.session.commit()
    return day


def first_of(day: Day) -> Entry:
    """The first that was eaten on a day."""
    found = select(Entry).where(Entry.user_id == day.person.id, Entry.day == day.date)
    return db.session.scalars(found.order_by(Entry.created_at)).first()


def form(meal=None, **other) -> dict:
    return {"id": new_id(), "other_day": FRIDAY, "meal_id": meal.id if meal else "", **other}


def eaten(person, day=SATURDAY) -> list[tuple]:
    """What is logged on a day: the meal, the food and how much."""
    meals = Day(person, day).meals
    return [(of.meal.name, entry.name, entry.portion_amount) for of in meals for entry in of.entries]


def test_a_day_is_copied_with_its_grouping_and_figures(signed_in, alice, friday):
    response = signed_in.post(COPIES, data=form())

    assert (response.status_code, response.location) == (303, f"/diary/{SATURDAY}")
    assert eaten(alice) == eaten(alice, FRIDAY)
    before, after = (Day(alice, day).totals["energy_kcal"].amount for day in (FRIDAY, SATURDAY))
    assert before == after > 0


def test_a_meal_is_copied_alone(signed_in, alice, friday):
    signed_in.post(COPIES, data=form(friday.meals[0].meal))

    assert {meal for meal, *_ in eaten(alice)} == {"Breakfast"}
    assert len(eaten(alice)) == 2


def test_the_figures_are_those_of_the_entry_and_not_of_the_food_today(signed_in, alice, friday, oats):
    oats.energy_kcal = 1
    db.session.commit()

    signed_in.post(COPIES, data=form(friday.meals[1].meal))

    (entry,) = Day(alice, SATURDAY).meals[1].entries
    assert entry.energy_kcal == pytest.approx(608)


def test_the_same_form_again_copies_nothing_more(signed_in, alice, friday, oats):
    sent = form()
    signed_in.post(COPIES, data=sent)
    friday.log(oats, oats.portions[0], 9, friday.meals[0].meal, new_id(), "later")
    db.session.commit()

    assert signed_in.post(COPIES, data=sent).status_code == 303
    assert len(eaten(alice)) == 3


def test_a_form_used_for_another_copy_before_is_refused(signed_in, alice, friday):
    sent = form(friday.meals[0].meal)
    signed_in.post(COPIES, data=sent)

    response = signed_in.post(COPIES, data={**sent, "meal_id": friday.meals[1].meal.id})

    assert response.status_code == 422
    assert len(eaten(alice)) == 2
    fresh = Page(response).form("/copies").data["id"]
    assert fresh != str(sent["id"])


def test_a_copy_is_taken_back_at_once_and_stays_so(signed_in, alice, friday):
    sent = form()
    signed_in.post(COPIES, data=sent)
    undo = Page(signed_in.get(f"/diary/{SATURDAY}")).form(f"/acts/{sent['id']}/undo")

    assert signed_in.post(undo.action, data=undo.data).status_code == 303
    assert eaten(alice) == []
    assert len(eaten(alice, FRIDAY)) == 3
    signed_in.post(COPIES, data=sent)
    assert eaten(alice) == []


def test_what_was_deleted_is_not_copied(signed_in, alice, friday):
    first_of(friday).delete()
    db.session.commit()

    signed_in.post(COPIES, data=form())

    assert len(eaten(alice)) == 2


def test_a_day_of_nothing_says_so(signed_in, alice):
    assert signed_in.post(COPIES, data=form()).status_code == 303
    assert "nothing on that day" in Page(signed_in.get(f"/diary/{SATURDAY}")).words


def test_the_page_shows_what_would_be_copied(signed_in, alice, friday):
    page = Page(signed_in.get(f"{COPIES}/new?other_day={FRIDAY}&meal_id={friday.meals[0].meal.id}"))

    assert "Oats, dry" in page.words
    assert "Copy 2 foods" in page.words
    sent = page.form("/copies")
    assert signed_in.post(sent.action, data=sent.data).status_code == 303
    assert len(eaten(alice)) == 2


def test_an_empty_meal_offers_what_it_was_the_day_before(signed_in, alice, friday):
    page = Page(signed_in.get(f"/diary/{SATURDAY}"))
    offered = [each for each in page.forms if each.action.endswith("/copies")]
    assert len(offered) == 2

    signed_in.post(offered[0].action, data=offered[0].data)

    assert eaten(alice) == eaten(alice, FRIDAY)[:2]
    page = Page(signed_in.get(f"/diary/{SATURDAY}"))
    assert len([each for each in page.forms if each.action.endswith("/copies")]) == 1


@pytest.mark.parametrize("other_day", ["", "yesterday", "2026-02-30", "1899-12-31", "2201-01-01", "\x00"])
def test_a_day_that_is_none_is_told_and_kept(signed_in, alice, friday, other_day):
    response = signed_in.post(COPIES, data=form(other_day=other_day))

    assert response.status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 3
    assert signed_in.get(
        f"{COPIES}/new", query_string={"other_day": other_day, "meal_id": ""}
    ).status_code in (
        200,
        422,
    )


def test_a_strangers_day_is_not_copied(sign_in, alice, bob, friday):
    browser = sign_in(bob)

    assert browser.post(COPIES, data=form(friday.meals[0].meal)).status_code == 404
    assert browser.post(COPIES, data=form()).status_code == 303
    assert eaten(bob) == []


def test_a_strangers_copy_is_not_taken_back(sign_in, signed_in, alice, bob, friday):
    sent = form()
    signed_in.post(COPIES, data=sent)

    assert sign_in(bob).post(f"/diary/{SATURDAY}/acts/{sent['id']}/undo").status_code == 404
    assert len(eaten(alice)) == 3


def test_what_was_planned_and_not_eaten_is_not_copied(signed_in, alice, friday):
    first_of(friday).planned = True
    db.session.commit()

    signed_in.post(COPIES, data=form())

    assert len(eaten(alice)) == 2


def test_a_copy_that_was_moved_away_is_not_made_again(signed_in, alice, friday):
    sent = form()
    signed_in.post(COPIES, data=sent)
    ids = [entry.id for of_day in Day(alice, SATURDAY).meals for entry in of_day.entries]
    moved = {"id": new_id(), "entry": ids, "to_day": "2026-11-22", "meal_id": ""}
    signed_in.post(f"/diary/{SATURDAY}/moves", data=moved)

    assert signed_in.post(COPIES, data=sent).status_code == 303

    assert eaten(alice) == []
