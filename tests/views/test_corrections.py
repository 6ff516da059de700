"""Correcting past entries of a food, and merging a food of one's own into another."""

from datetime import date

import pytest
from pages import Page
from sqlalchemy import select

from caloria.extensions import db
from caloria.models import AuditEvent, Day, Entry, Food
from caloria.models.ids import new_id

FIRST, SECOND, THIRD = date(2026, 11, 1), date(2026, 11, 10), date(2026, 11, 20)


@pytest.fixture
def bread(alice, make_food) -> Food:
    """Alice's bread, of which she ate two slices on each of three days."""
    food = make_food("Bread", [("slice", 30)], owner=alice, energy_kcal=250, fiber_g=7)
    for on in (FIRST, SECOND, THIRD):
        day = Day(alice, on)
        day.log(food, food.usual_portion, 2, day.meals[0].meal, new_id(), "a form")
    food.energy_kcal, food.fiber_g = 300, None
    db.session.commit()
    return food


def eaten() -> list[tuple]:
    rows = select(Entry.name, Entry.energy_kcal, Entry.fiber_g, Entry.portion_unit).order_by(Entry.day)
    return [tuple(row) for row in db.session.execute(rows)]


BEFORE, AFTER = ("Bread", 150, pytest.approx(4.2), "slice"), ("Bread", 180, None, "slice")


def correct(browser, food: Food, **more):
    page = Page(browser.get(f"/foods/{food.id}/corrections/new", query_string=more))
    return page, page.form("/corrections")


def test_past_entries_are_corrected_from_a_day_on_and_only_when_asked(signed_in, bread):
    assert eaten() == [BEFORE] * 3

    page, form = correct(signed_in, bread, since=SECOND)
    assert "2 entries on 2 days" in page.words
    assert "300 kcal 360 kcal" in page.words
    assert eaten() == [BEFORE] * 3

    signed_in.post(form.action, data=form.data)
    assert eaten() == [BEFORE, AFTER, AFTER]


def test_a_correction_is_undone_as_a_whole_and_noted_in_the_audit(signed_in, bread, alice):
    _page, form = correct(signed_in, bread)
    page = Page(signed_in.post(form.action, data=form.data, follow_redirects=True))
    assert eaten() == [AFTER] * 3
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "diary correction")).one()
    assert (event.object, event.after["entries"]) == (f"user {alice.id}", 3)

    signed_in.post(page.form("/undo").action)

    assert eaten() == [BEFORE] * 3


def test_a_correction_sent_twice_is_done_once(signed_in, bread):
    _page, form = correct(signed_in, bread)

    answers = [signed_in.post(form.action, data=form.data).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert len(db.session.scalars(select(AuditEvent).where(AuditEvent.act == "diary correction")).all()) == 1


def test_an_entry_changed_since_keeps_the_whole_correction(signed_in, bread):
    _page, form = correct(signed_in, bread)
    page = Page(signed_in.post(form.action, data=form.data, follow_redirects=True))
    entry = db.session.scalars(select(Entry).order_by(Entry.day)).first()
    signed_in.post(f"/diary/{FIRST}/entries/{entry.id}", data={"amount": "1"})
    before = eaten()

    signed_in.post(page.form("/undo").action)

    assert eaten() == before


def test_editing_a_food_offers_to_correct_the_past(signed_in, bread):
    form = Page(signed_in.get(f"/foods/{bread.id}/edit")).form(f"/foods/{bread.id}")

    page = Page(signed_in.post(form.action, data=form.data, follow_redirects=True))

    assert f"/foods/{bread.id}/corrections/new" in page.links
    assert eaten() == [BEFORE] * 3


def test_a_merged_food_is_put_away_for_another_and_its_past_may_follow(signed_in, bread, make_food):
    rye = make_food("Bread, rye", [("slice", 32)], energy_kcal=210)
    form = Page(signed_in.get(f"/foods/{bread.id}/merges/new")).form("/merges")

    preview = Page(signed_in.post(form.action, data=form.data, follow_redirects=True))
    assert "can become “Bread, rye”" in preview.words
    assert "This is Bread, rye now." in Page(signed_in.get(f"/foods/{bread.id}")).words
    assert eaten() == [BEFORE] * 3

    signed_in.post(preview.form("/corrections").action, data=preview.form("/corrections").data)
    assert {name for name, *_ in eaten()} == {"Bread, rye"}
    assert eaten()[0][1] == pytest.approx(126)
    assert rye.id in db.session.scalars(select(Entry.food_id)).all()


def test_a_merge_is_undone_by_bringing_the_food_back(signed_in, bread, make_food):
    make_food("Bread, rye", energy_kcal=210)
    form = Page(signed_in.get(f"/foods/{bread.id}/merges/new")).form("/merges")
    page = Page(signed_in.post(form.action, data=form.data, follow_redirects=True))

    signed_in.post(page.form("/restoration").action)

    db.session.expire_all()
    assert bread.archived_at is None
    assert "now." not in Page(signed_in.get(f"/foods/{bread.id}")).words


def test_a_strangers_food_is_neither_corrected_nor_merged(sign_in, bob, bread, oats):
    browser = sign_in(bob)
    merge = {"id": new_id(), "into_id": oats.id}

    assert browser.get(f"/foods/{bread.id}/corrections/new").status_code == 404
    assert browser.post(f"/foods/{bread.id}/corrections", data={"since": FIRST}).status_code == 404
    assert browser.post(f"/foods/{bread.id}/merges", data=merge).status_code == 404
    assert browser.post(f"/foods/{oats.id}/merges", data={**merge, "into_id": bread.id}).status_code == 404


def test_a_correction_can_be_undone_later_too(signed_in, bread):
    _page, form = correct(signed_in, bread)
    signed_in.post(form.action, data=form.data)
    signed_in.get("/diary")

    page = Page(signed_in.get(f"/foods/{bread.id}/corrections/new"))
    signed_in.post(page.form("/undo").action)

    assert eaten() == [BEFORE] * 3


def test_the_form_of_a_merge_sent_again_does_not_merge_what_was_brought_back(signed_in, bread, make_food):
    make_food("Bread, rye", energy_kcal=210)
    form = Page(signed_in.get(f"/foods/{bread.id}/merges/new")).form("/merges")
    signed_in.post(form.action, data=form.data)
    signed_in.post(f"/foods/{bread.id}/restoration")

    signed_in.post(form.action, data=form.data)

    db.session.expire_all()
    assert bread.archived_at is None
