"""How a scene is noted, and what many of them begin with."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import uuid4

from playwright.sync_api import Page

PASSWORD = "four-meals-a-day"


class Scene(NamedTuple):
    name: str
    person: str | None
    show: Callable


SCENES: list[Scene] = []


def scene(person: str | None):
    """Note a scene of a person: one of the cast, "newcomer" for who just signed up, None for a visitor."""

    def note(show):
        SCENES.append(Scene(show.__name__.replace("_", "-"), person, show))
        return show

    return note


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).click()


def wait_for_errors(page: Page) -> None:
    page.wait_for_selector("[data-errors]")


def come_in(page: Page, person: str) -> None:
    """Sign in as one of the cast, or sign up."""
    if person == "newcomer":
        sign_up(page)
    else:
        sign_in(page, person)


def sign_in(page: Page, person: str) -> None:
    page.goto("/login")
    page.get_by_label("E-mail").fill(f"{person}@caloria.example")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    page.wait_for_url("**/diary/*")


def sign_up(page: Page) -> None:
    page.goto("/signup")
    page.get_by_label("Your name").fill("Maya")
    page.get_by_label("E-mail").fill(f"maya-{uuid4().hex[:12]}@caloria.example")
    page.get_by_label("Password").fill("blue bicycle 42")
    press(page, "Create my diary")
    page.wait_for_url("**/targets/body")


def open_entry(page: Page) -> None:
    page.goto("/diary")
    page.locator(".meal .list .item").first.click()
    page.wait_for_selector("#edit")
