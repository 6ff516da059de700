"""What people do in Caloria, in their words; the same with JavaScript and without."""

import re
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

PASSWORD = "blue bicycle 42"


def new_email(name: str = "alice") -> str:
    return f"{name}-{uuid4().hex[:12]}@caloria.example"


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def sign_up(page: Page, zone: str, email: str | None = None) -> str:
    """Sign up as Alice, who lives in this time zone."""
    email = email or new_email()
    page.goto("/")
    page.get_by_role("link", name="Start a diary").click()
    page.get_by_label("Your name").fill("Alice")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Time zone").select_option(zone)
    press(page, "Create my diary")
    expect(page.get_by_role("heading", name="A little about you")).to_be_visible()
    return email


def skip_body(page: Page) -> None:
    page.get_by_role("link", name="Skip this").click()
    arrive_at(page, "Today")


def tell_body(page: Page) -> None:
    page.get_by_label("Height in cm").fill("168")
    page.get_by_label("Weight in kg").fill("72,5")
    page.get_by_label("Year of birth").fill("1990")
    page.get_by_text("Female", exact=True).click()
    page.get_by_label("How active are your days?").select_option(label="On my feet, or sport now and then")
    page.get_by_text("Lose weight").click()
    press(page, "Suggest a target")


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/login")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    press(page, "Sign in")


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def arrive_at(page: Page, title: str) -> None:
    """Wait for the page with this heading, and for its scripts too."""
    expect(heading(page)).to_have_text(title)
    page.wait_for_load_state()


def meal(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def entries(page: Page) -> Locator:
    return page.locator(".meal .list > li")


def eaten_at(page: Page, name: str) -> Locator:
    return meal(page, name).locator(".list > li")


def entry(page: Page, name: str) -> Locator:
    return entries(page).filter(has_text=name)


def notice(page: Page) -> Locator:
    return page.locator("#flash .notice")


def number(text: str) -> float:
    return float(re.search(r"\d[\d,]*(\.\d+)?", text).group().replace(",", ""))


def left(page: Page) -> float:
    """What the ring says is left, in kcal; below zero once it says how much more than that was eaten."""
    words = page.locator(".ring__text").inner_text()
    assert re.search("kcal (left|over)", words)
    return -number(words) if "over" in words else number(words)


def energy(logged: Locator) -> float:
    return number(logged.locator(".item__number").inner_text())


def search(page: Page, words: str, to: str | None = None) -> None:
    """Search on the page of a day, or write there what was eaten, and wait for the answer."""
    if to:
        page.get_by_label("Add to", exact=True).select_option(label=to)
    page.get_by_label("Search foods").fill(words)
    page.get_by_label("Search foods").press("Enter")


def log_line(page: Page, text: str, to: str) -> None:
    """Log what a line of text says, all of which is known."""
    search(page, text, to)
    page.get_by_role("button", name=re.compile(r"^Log \d+ foods?$")).click()
    expect(notice(page)).to_contain_text("Logged")
    page.wait_for_load_state()


def choose_more(page: Page, of_meal: str, what: str | None = None) -> None:
    """Go to what else can be done with a meal, and on from there."""
    meal(page, of_meal).get_by_label(f"More for {of_meal.lower()}").click()
    arrive_at(page, of_meal)
    if what:
        page.get_by_role("link", name=what).click()
        page.wait_for_load_state()


def undo(page: Page) -> None:
    notice(page).get_by_role("button", name="Undo").click()


def add_found(page: Page, words: str, name: str, to: str) -> None:
    """Search on the page of a day and log the usual portion of what was found."""
    search(page, words, to)
    found = page.locator("#found li").filter(has_text=name)
    found.get_by_role("button").click()
    expect(meal(page, to)).to_contain_text(name)
    page.wait_for_load_state()


def add_quick(page: Page, kcal: str, to: str) -> None:
    page.locator("#quick summary").click()
    quick = page.locator("#quick")
    quick.get_by_label("Energy (kcal)").fill(kcal)
    quick.get_by_label("Meal").select_option(label=to)
    quick.get_by_role("button", name="Add").click()
    expect(meal(page, to)).to_contain_text("Quick calories")


def change_amount(page: Page, name: str, amount: str) -> None:
    entry(page, name).locator("a.item").click()
    # In place, or without JavaScript on a page of its own.
    page.locator("#edit").get_by_label("Amount").fill(amount)
    page.locator("#edit").get_by_role("button", name="Save").click()
    expect(notice(page)).to_contain_text("Changed")


def delete(page: Page, name: str) -> None:
    entry(page, name).locator("a.item").click()
    page.get_by_role("button", name=f"Delete {name}").click()
    expect(notice(page)).to_contain_text("Deleted")
