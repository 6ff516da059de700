"""What was done to a day, undone step by step and done again."""

from datetime import date

import pytest
from pages import Page
from sqlalchemy import select

from caloria.extensions import db
from caloria.models import Act, Day, Entry
from caloria.models.ids import new_id

FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)
ACTS = f"/diary/{FRIDAY}/acts"


@pytest.fixture
def entry(alice, oats) -> Entry:
    """Two cups of oats at breakfast."""
    day = Day(alice, FRIDAY)
    entry = day.log(oats, oats.usual_portion, 2, day.meals[0].meal, new_id(), "a form")
    db.session.commit()
    return entry


def stored(entry: Entry) -> tuple:
    columns = (Entry.day, Entry.portion_amount, Entry.energy_kcal, Entry.deleted_at.is_not(None))
    return tuple(db.session.execute(select(*columns).where(Entry.id == entry.id)).one())


def change(browser, entry: Entry) -> None:
    """Eat one and a half, share it, and delete it."""
    browser.post(f"/diary/{FRIDAY}/entries/{entry.id}", data={"amount": "1.5"})
    shared = {"id": new_id(), "entry": entry.id, "percent": "40"}
    browser.post(f"/diary/{FRIDAY}/shares", data=shared)
    browser.post(f"/diary/{FRIDAY}/entries/{entry.id}/delete")


def turn(browser, verb: str) -> None:
    """Undo the newest step that stands, or redo the oldest that was undone."""
    ways = [form for form in Page(browser.get(ACTS)).forms if form.action.endswith(verb)]
    assert browser.post((ways[0] if verb == "undo" else ways[-1]).action).status_code == 303


def test_every_step_of_a_day_is_undone_and_done_again(signed_in, entry):
    change(signed_in, entry)
    states = [stored(entry)]

    for _ in range(4):
        turn(signed_in, "undo")
        states.append(stored(entry))

    assert [state[1] for state in states] == [pytest.approx(0.6), pytest.approx(0.6), 1.5, 2, 2]
    assert [state[3] for state in states] == [True, False, False, False, True]
    for state in states[-2::-1]:
        turn(signed_in, "redo")
        assert stored(entry) == state


def test_history_says_what_was_done(signed_in, entry):
    change(signed_in, entry)

    words = Page(signed_in.get(ACTS)).words

    for said in ("Logged Oats, dry", "Changed Oats, dry", "Took a share of Oats, dry", "Deleted Oats, dry"):
        assert said in words


def test_a_step_is_not_undone_under_a_later_one(signed_in, entry):
    change(signed_in, entry)
    first = db.session.scalars(select(Act).order_by(Act.made_at).offset(1)).first()
    before = stored(entry)

    page = Page(signed_in.post(f"{ACTS}/{first.id}/undo", follow_redirects=True))

    assert "Undo the later change first" in page.words
    assert stored(entry) == before


def test_what_moved_to_another_day_comes_back(signed_in, entry):
    moved = {"id": new_id(), "entry": entry.id, "to_day": SATURDAY, "meal_id": ""}
    page = Page(signed_in.post(f"/diary/{FRIDAY}/moves", data=moved, follow_redirects=True))
    assert stored(entry)[0] == SATURDAY

    signed_in.post(page.form("/undo").action)

    assert stored(entry)[0] == FRIDAY


def test_a_strangers_act_is_a_404(sign_in, bob, alice, entry):
    act = db.session.scalars(select(Act)).one()

    assert sign_in(bob).post(f"{ACTS}/{act.id}/undo").status_code == 404
    assert sign_in(alice).post(f"/diary/{SATURDAY}/acts/{act.id}/undo").status_code == 404


def test_an_amount_changed_on_two_pages_asks_before_the_second_wins(signed_in, entry):
    form = Page(signed_in.get(f"/diary/{FRIDAY}/entries/{entry.id}/edit")).form(f"/entries/{entry.id}")
    signed_in.post(form.action, data={**form.data, "amount": "3"})

    page = Page(asked := signed_in.post(form.action, data={**form.data, "amount": "1"}))

    assert asked.status_code == 422
    assert "changed to 3 on another page" in page.words
    again = page.form(f"/entries/{entry.id}")
    assert again.data["amount"] == "1"
    assert stored(entry)[1] == 3
    assert signed_in.post(again.action, data=again.data).status_code == 303
    assert stored(entry)[1] == 1


def test_the_amount_of_a_share_can_be_changed(signed_in, alice, milk):
    day = Day(alice, FRIDAY)
    entry = day.log(milk, milk.usual_portion, 3, day.meals[0].meal, new_id(), "a form")
    db.session.commit()
    signed_in.post(f"/diary/{FRIDAY}/shares", data={"id": new_id(), "entry": entry.id, "percent": "40"})

    form = Page(signed_in.get(f"/diary/{FRIDAY}/entries/{entry.id}/edit")).form(f"/entries/{entry.id}")
    assert signed_in.post(form.action, data={**form.data, "amount": "2"}).status_code == 303


def test_what_was_moved_away_is_not_deleted_from_the_day_it_left(signed_in, entry):
    moved = {"id": new_id(), "entry": entry.id, "to_day": SATURDAY, "meal_id": ""}
    signed_in.post(f"/diary/{FRIDAY}/moves", data=moved)

    page = Page(signed_in.post(f"{ACTS}/{entry.id}/undo", follow_redirects=True))

    assert "Undo the later change first" in page.words
    assert stored(entry)[3] is False


def test_a_share_is_not_undone_under_figures_that_became_known(signed_in, entry, oats):
    oats.sodium_mg = 5
    db.session.commit()
    signed_in.post(f"/diary/{FRIDAY}/shares", data={"id": new_id(), "entry": entry.id, "percent": "50"})
    share = db.session.scalars(select(Act).where(Act.kind == "shared")).one()
    form = Page(signed_in.get(f"/foods/{oats.id}/corrections/new")).form("/corrections")
    signed_in.post(form.action, data=form.data)
    db.session.expire_all()
    before = dict(db.session.scalars(select(Entry)).one().amounts)

    signed_in.post(f"{ACTS}/{share.id}/undo")

    db.session.expire_all()
    assert db.session.scalars(select(Entry)).one().amounts == before


def test_quick_calories_changed_on_two_pages_ask_before_the_second_wins(signed_in, alice):
    day = Day(alice, FRIDAY)
    quick = day.log_quick("Cake", {"energy_kcal": 300}, day.meals[0].meal, new_id(), "a form")
    db.session.commit()
    form = Page(signed_in.get(f"/diary/{FRIDAY}/entries/{quick.id}/edit")).form(f"/entries/{quick.id}")
    signed_in.post(form.action, data={**form.data, "energy_kcal": "500"})

    page = Page(asked := signed_in.post(form.action, data={**form.data, "energy_kcal": "100"}))

    assert (asked.status_code, "changed to 500 on another page" in page.words) == (422, True)
    again = page.form(f"/entries/{quick.id}")
    assert signed_in.post(again.action, data=again.data).status_code == 303
    assert stored(quick)[2] == 100
