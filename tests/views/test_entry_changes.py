"""Changing how much was eaten, deleting and undoing."""

from datetime import date

import pytest
from pages import Page
from sqlalchemy import select

from caloria.extensions import db
from caloria.models import Day, Entry
from caloria.models.ids import new_id

DAY = date(2026, 11, 20)
ENTRIES = f"/diary/{DAY}/entries"


@pytest.fixture
def entry(alice, oats) -> Entry:
    """Two cups of oats at breakfast."""
    day = Day(alice, DAY)
    entry = day.log(oats, oats.usual_portion, 2, day.meals[0].meal, new_id(), "a form")
    db.session.commit()
    return entry


def fresh(entry: Entry) -> Entry:
    return db.session.scalar(
        select(Entry).where(Entry.id == entry.id).execution_options(populate_existing=True)
    )


def way_to(browser) -> str | None:
    """Where the first row of the day leads, if it has any."""
    return next((link for link in Page(browser.get(f"/diary/{DAY}")).links if link.endswith("/edit")), None)


def test_a_changed_amount_scales_every_figure(signed_in, entry):
    shown = Page(signed_in.get(way_to(signed_in))).form(f"/entries/{entry.id}")
    assert shown.data["amount"] == "2"

    response = signed_in.post(shown.action, data={**shown.data, "amount": "1,5"})

    assert response.status_code == 303
    changed = fresh(entry)
    assert (changed.portion_amount, changed.gram_weight) == (1.5, pytest.approx(120))
    assert changed.fiber_g == pytest.approx(12)
    assert changed.sodium_mg is None


def test_an_entry_has_a_page_of_its_own_to_be_changed_on(signed_in, entry):
    page = Page(signed_in.get(f"{ENTRIES}/{entry.id}/edit"))

    form = page.form(f"/entries/{entry.id}")

    assert form.data["amount"] == "2"
    assert "Oats, dry" in page.words


@pytest.mark.parametrize("amount", ["", "0", "lots", "1e9", "99999"])
def test_an_amount_that_cannot_be_is_told_and_changes_nothing(signed_in, entry, amount):
    response = signed_in.post(f"{ENTRIES}/{entry.id}", data={"amount": amount})

    assert response.status_code == 422
    assert Page(response).form(f"/{entry.id}").data["amount"] == amount
    assert fresh(entry).portion_amount == 2


def test_the_heaviest_amount_of_pure_fat_can_be_changed_to(signed_in, alice, make_food):
    oil = make_food("Oil", [("cup", 80)], energy_kcal=900, fat_g=100)
    day = Day(alice, DAY)
    entry = day.log(oil, oil.usual_portion, 0.7, day.meals[0].meal, new_id(), "a form")
    db.session.commit()

    assert signed_in.post(f"{ENTRIES}/{entry.id}", data={"amount": "1250"}).status_code == 303
    assert fresh(entry).fat_g == 100_000


def test_the_food_is_not_asked_again_when_an_amount_changes(signed_in, alice, entry, oats):
    oats.energy_kcal = 1
    db.session.commit()

    signed_in.post(f"{ENTRIES}/{entry.id}", data={"amount": "1"})

    assert fresh(entry).energy_kcal == pytest.approx(304)


def test_a_deleted_entry_is_gone_and_comes_back_with_undo_as_it_was(signed_in, entry):
    before = dict(entry.amounts)

    deleting = Page(signed_in.get(way_to(signed_in))).form("/delete")
    page = Page(signed_in.post(deleting.action, data=deleting.data, follow_redirects=True))
    assert "Deleted Oats, dry." in page.words
    assert way_to(signed_in) is None

    undo = page.form("/undo")
    signed_in.post(undo.action, data=undo.data)
    assert way_to(signed_in) == f"{ENTRIES}/{entry.id}/edit"
    assert fresh(entry).amounts == before


def test_deleting_and_undoing_twice_are_as_once(signed_in, entry):
    for _ in range(2):
        page = Page(signed_in.post(f"{ENTRIES}/{entry.id}/delete", follow_redirects=True))
        assert fresh(entry).is_deleted
    for _ in range(2):
        assert signed_in.post(page.form("/undo").action).status_code == 303
        assert not fresh(entry).is_deleted


def test_a_deleted_entry_is_not_changed_but_offered_back(signed_in, entry):
    signed_in.post(f"{ENTRIES}/{entry.id}/delete")

    for response in (
        signed_in.post(f"{ENTRIES}/{entry.id}", data={"amount": "3"}, follow_redirects=True),
        signed_in.get(f"{ENTRIES}/{entry.id}/edit", follow_redirects=True),
    ):
        page = Page(response)
        assert "Oats, dry is deleted." in page.words
        assert page.has_form("/undo")
    assert fresh(entry).portion_amount == 2


def test_an_entry_is_found_only_on_its_own_day(signed_in, entry):
    elsewhere = f"/diary/2026-11-19/entries/{entry.id}"

    assert signed_in.get(f"{elsewhere}/edit").status_code == 404
    for verb in ("", "/delete"):
        assert signed_in.post(f"{elsewhere}{verb}", data={"amount": "1"}).status_code == 404
