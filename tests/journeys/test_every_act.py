"""What one does to a diary beside the first day, in the same words with JavaScript and without."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from acts import (
    arrive_at,
    choose_more,
    eaten_at,
    energy,
    entries,
    entry,
    heading,
    left,
    log_line,
    meal,
    notice,
    press,
    search,
    undo,
)
from playwright.sync_api import Page, expect

BREAKFAST = "2 eggs, 60 g oats"
OATS = "Rolled oats, dry"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def page(request, open_page, cookies_of) -> Page:
    """A browser in which the demo person is signed in."""
    return open_page(java_script_enabled=request.param, storage_state=cookies_of("demo"))


def show(page: Page, day: date) -> None:
    page.goto(f"/diary/{day}")


def later(day: date, days: int = 1) -> date:
    return day + timedelta(days=days)


def water(page: Page):
    return page.locator("#water .water__amount")


def test_a_day_is_logged_in_every_way(page, free_day):
    show(page, free_day)
    log_line(page, BREAKFAST, to="Breakfast")
    expect(eaten_at(page, "Breakfast")).to_have_count(2)
    undo(page)
    expect(entries(page)).to_have_count(0)

    search(page, "milk", to="Snacks")
    for place in range(3):
        page.get_by_label(re.compile("^Choose .*milk", re.I)).nth(place).check(force=True)
    press(page, "Add what is ticked")
    expect(notice(page)).to_contain_text("Logged 3 foods")
    expect(eaten_at(page, "Snacks")).to_have_count(3)

    page.locator("#quick summary").click()
    quick = page.locator("#quick")
    quick.get_by_label("Meal").select_option(label="Lunch")
    quick.get_by_label("Energy (kcal)").fill("300")
    quick.get_by_label("Energy (kcal)").press("Enter")
    expect(notice(page)).to_contain_text("Logged Quick calories, 300 kcal.")
    assert energy(eaten_at(page, "Lunch")) == 300

    drink_and_note(page)


def drink_and_note(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Drank 250")).click()
    expect(water(page)).to_have_text(re.compile("^250"))
    undo(page)
    expect(water(page)).to_have_text(re.compile("^0"))
    page.locator("#day-note summary").click()
    page.get_by_label("What is worth remembering?").fill("A long walk.")
    press(page, "Save the note")
    expect(notice(page)).to_contain_text("The note is saved")
    page.reload()
    expect(page.get_by_label("What is worth remembering?")).to_have_value("A long walk.")


def test_a_usual_food_and_the_breakfast_of_the_day_before_take_one_tap_each(page, free_day):
    show(page, free_day)
    log_line(page, BREAKFAST, to="Breakfast")
    was = [energy(each) for each in eaten_at(page, "Breakfast").all()]
    show(page, later(free_day))
    again = page.get_by_role("button", name="Log breakfast as the day before")
    again.click()
    expect(notice(page)).to_contain_text("Copied")
    undo(page)
    expect(entries(page)).to_have_count(0)
    again.click()
    expect(notice(page)).to_contain_text("Copied")
    assert [energy(each) for each in eaten_at(page, "Breakfast").all()] == was

    show(page, later(free_day))
    meal(page, "Breakfast").get_by_role("link", name="Add to breakfast").click()
    page.wait_for_load_state()
    page.get_by_role("button", name=re.compile(f"^{OATS} 60")).first.click()

    expect(notice(page)).to_contain_text(f"Logged {OATS}")
    expect(eaten_at(page, "Breakfast")).to_have_count(3)


def test_a_meal_is_copied_moved_shared_saved_and_all_of_it_undone(page, free_day):
    show(page, free_day)
    log_line(page, BREAKFAST, to="Breakfast")
    copy_a_meal_and_a_day(page, later(free_day), later(free_day, 2))
    move(page, later(free_day, 2), later(free_day, 3))
    whole = energy(entry(page, OATS))
    share(page, "40")
    assert energy(entry(page, OATS)) == pytest.approx(0.4 * whole, abs=1)
    save_and_log(page, later(free_day, 3))
    undo_and_redo_step_by_step(page, whole)


def copy_a_meal_and_a_day(page: Page, day: date, next_day: date) -> None:
    show(page, day)
    choose_more(page, "Breakfast", "Copy from another day")
    page.get_by_role("button", name=re.compile("^Copy 2 foods")).click()
    expect(eaten_at(page, "Breakfast")).to_have_count(2)
    show(page, next_day)
    page.get_by_role("main").get_by_role("link", name="Copy from another day").last.click()
    page.get_by_label("From").fill(day.isoformat())
    press(page, "Show")
    page.get_by_role("button", name=re.compile("^Copy 2 foods")).click()
    expect(notice(page)).to_contain_text("Copied 2 foods")
    page.wait_for_load_state()


def move(page: Page, day: date, to: date) -> None:
    """Move the breakfast of this day to the dinner of another, and go there."""
    choose_more(page, "Breakfast")
    page.get_by_label("To the day").fill(to.isoformat())
    page.get_by_label("Meal").select_option(label="Dinner")
    press(page, "Move")
    expect(notice(page)).to_contain_text("2 foods")
    expect(entries(page)).to_have_count(0)
    show(page, to)
    expect(eaten_at(page, "Dinner")).to_have_count(2)


def share(page: Page, percent: str) -> None:
    choose_more(page, "Dinner")
    page.get_by_label("My share (%)").fill(percent)
    press(page, "Take my share")
    expect(notice(page)).to_contain_text(f"Your share is {percent} % of 2 foods now.")
    page.wait_for_load_state()


def save_and_log(page: Page, day: date) -> None:
    name = f"Supper {uuid4().hex[:6]}"
    choose_more(page, "Dinner", "Save as a meal")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name=re.compile("^Save 2 foods")).click()
    expect(notice(page)).to_contain_text(f"Saved as “{name}”")
    page.get_by_role("button", name=re.compile(f"^{name} ")).click()
    expect(notice(page)).to_contain_text(f"Logged “{name}”")
    expect(entries(page)).to_have_count(4)


def undo_and_redo_step_by_step(page: Page, whole: float) -> None:
    for undone, there, amount in (("logged", 4 - 2, 0.4), ("took a share of", 2, 1)):
        turn(page, f"Undo: {undone}")
        expect(entries(page)).to_have_count(there)
        assert energy(entry(page, OATS)) == pytest.approx(amount * whole, abs=1)
    turn(page, "Redo: took a share of")
    assert energy(entry(page, OATS)) == pytest.approx(0.4 * whole, abs=1)


def turn(page: Page, what: str) -> None:
    page.get_by_role("link", name="What was done").click()
    arrive_at(page, "What was done")
    page.get_by_role("button", name=re.compile(f"^{what}")).first.click()
    expect(notice(page)).to_contain_text("ndone" if what.startswith("Undo") else "Done again")
    page.wait_for_load_state()


def test_tomorrow_is_planned_and_eaten_when_it_comes(page, today):
    show(page, later(today))
    log_line(page, "1 banana, 1 apple", to="Snacks")
    expect(eaten_at(page, "Snacks").filter(has_text="Planned")).to_have_count(2)
    assert page.get_by_role("button", name="I ate it").count() == 0

    choose_more(page, "Snacks")
    page.get_by_label("To the day").fill(today.isoformat())
    press(page, "Move")
    show(page, today)
    planned = eaten_at(page, "Snacks").filter(has_text="Planned")
    expect(planned).to_have_count(2)
    before, banana = left(page), energy(planned.first)
    planned.first.get_by_role("button", name="I ate it").click()
    expect(planned).to_have_count(1)
    assert left(page) == pytest.approx(before - banana, abs=1)
    page.get_by_role("button", name="I ate all that was planned for snacks").click()

    expect(planned).to_have_count(0)
    assert left(page) < before - banana


def new_barcode() -> str:
    """Thirteen digits that no pack here has, the last of which checks the others."""
    digits = "40" + str(uuid4().int)[:10]
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-weighed % 10)


def test_a_pack_becomes_a_food_that_is_logged_in_any_portion(page, free_day):
    digits = new_barcode()
    find_barcode(page, free_day, digits)
    expect(page.get_by_label("Barcode")).to_have_value(digits)
    make_spread(page)
    page.get_by_role("button", name="Log ½ spoon, 60 kcal").click()
    assert energy(entry(page, "Sesame spread")) == 60

    find_barcode(page, free_day, digits)
    expect(heading(page)).to_contain_text("Sesame spread")
    page.get_by_text("Add a portion").click()
    page.get_by_label("What is it called?").fill("ladle")
    page.get_by_label("One weighs (g)").fill("50")
    press(page, "Add this portion")
    expect(notice(page)).to_contain_text("ladle")
    page.get_by_role("radio", name="ladle").check(force=True)
    page.get_by_label("Amount").fill("1")
    page.get_by_role("button", name=re.compile("^Add to")).click()
    expect(entry(page, "1\u00a0ladle (50\u00a0g)")).to_contain_text("300")

    log_by_volume(page, free_day)


def find_barcode(page: Page, day: date, digits: str) -> None:
    page.goto(f"/foods/barcode?day={day}")
    page.get_by_label("Or its digits").fill(digits)
    press(page, "Find the food")
    expect(heading(page)).not_to_have_text("Scan a barcode")
    page.wait_for_load_state()


def make_spread(page: Page) -> None:
    """Keep a food of which 100 g have 600 kcal and one spoon weighs 20 g."""
    page.get_by_label("Name").fill(f"Sesame spread {uuid4().hex[:6]}")
    page.get_by_label("Energy (kcal)").fill("600")
    page.get_by_label("One serving weighs (g)").fill("20")
    page.get_by_label("What is a serving called?").fill("spoon")
    press(page, "Keep this food")
    expect(heading(page)).to_contain_text("Sesame spread")
    page.wait_for_load_state()


def log_by_volume(page: Page, day: date) -> None:
    page.goto(f"/foods/search?q=whole milk&day={day}")
    page.locator("#found .item__link").first.click()
    page.get_by_role("radio", name=re.compile("^ml ")).check(force=True)
    page.get_by_label("Amount").fill("200")
    page.get_by_role("button", name=re.compile("^Add to")).click()
    expect(entry(page, "200\u00a0ml")).to_have_count(1)


def test_a_corrected_food_corrects_the_past_when_asked_and_a_double_becomes_one(page, free_day):
    page.goto(f"/foods/new?day={free_day}")
    make_spread(page)
    name, address = heading(page).inner_text(), page.url
    page.get_by_role("button", name="Log 1 spoon, 120 kcal").click()
    assert energy(entry(page, name)) == 120

    page.goto(address)
    page.get_by_role("link", name="Change its label").click()
    page.get_by_label("Energy (kcal)").fill("500")
    press(page, "Save")
    notice(page).get_by_role("link", name="Past entries").click()
    expect(page.get_by_role("region", name="What would change")).to_contain_text("1 entry on 1 day")
    assert logged_energy(page, free_day, name) == 120
    press(page, "Correct 1 entry")
    expect(notice(page)).to_contain_text("Corrected 1 past entry.")
    assert logged_energy(page, free_day, name) == 100
    undo(page)
    expect(notice(page)).to_contain_text("Past entries have the figures again")
    assert logged_energy(page, free_day, name) == 120

    merge_with_a_double(page, name)


def logged_energy(page: Page, day: date, name: str) -> float:
    """What an entry of a day says, seen in another window."""
    other = page.context.new_page()
    show(other, day)
    said = energy(entry(other, name))
    other.close()
    return said


def merge_with_a_double(page: Page, name: str) -> None:
    page.get_by_role("link", name="Duplicate").click()
    expect(page.get_by_label("Name")).to_have_value(f"{name} (my own)")
    press(page, "Keep this food")
    arrive_at(page, f"{name} (my own)")
    page.get_by_role("link", name="Merge").click()
    search(page, name)
    page.get_by_role("button", name=f"It is {name}", exact=True).click()
    arrive_at(page, name)
    expect(notice(page)).to_contain_text(f"“{name} (my own)” is “{name}” from now on.")


def test_a_meal_of_ones_own_is_named_renamed_and_put_away(page, today):
    name = f"Tea time {uuid4().hex[:6]}"
    page.goto("/meals")
    page.get_by_text("Add a meal").click()
    page.get_by_label("Name").fill("Tea")
    press(page, "Add")
    expect(notice(page)).to_contain_text("“Tea” is one of your meals now.")
    page.get_by_role("link", name="Tea", exact=True).click()
    page.get_by_label("Name").fill(name)
    press(page, "Save")
    expect(notice(page)).to_contain_text("Saved")
    show(page, today)
    expect(meal(page, name)).to_contain_text("Nothing yet")

    page.goto("/meals")
    page.get_by_role("link", name=name).click()
    press(page, "Put away")
    expect(notice(page)).to_contain_text(f"“{name}” is put away.")

    show(page, today)
    expect(meal(page, name)).to_have_count(0)
