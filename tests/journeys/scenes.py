"""Every page in every state that a person can bring it into, each reached as a person would.

A scene takes a page of the person it is about and leaves it as it is to be looked at. The tests look at all
of them; bin/screenshots takes their pictures. A newcomer gets on from scene to scene: their order matters.
"""

import re
from collections.abc import Callable
from typing import NamedTuple
from uuid import uuid4

from itsdangerous import URLSafeSerializer
from live_app import SECRET_KEY
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
    page.locator(".meal .list summary").first.click()


# A visitor


@scene(None)
def landing(page, _app):
    page.goto("/")


@scene(None)
def signup(page, _app):
    page.goto("/signup")


@scene(None)
def signup_errors(page, _app):
    page.goto("/signup")
    page.get_by_label("E-mail").fill("ann@")
    page.get_by_label("Password").fill("short")
    press(page, "Create my diary")
    wait_for_errors(page)


@scene(None)
def signin(page, _app):
    page.goto("/login")


@scene(None)
def signin_wrong(page, _app):
    page.goto("/login")
    page.get_by_label("E-mail").fill(f"{uuid4().hex[:12]}@caloria.example")
    page.get_by_label("Password").fill("not the one")
    press(page, "Sign in")
    wait_for_errors(page)


@scene(None)
def password_forgotten(page, _app):
    page.goto("/password/forgotten")


@scene(None)
def password_mail_sent(page, _app):
    page.goto("/password/forgotten")
    page.get_by_label("E-mail").fill(f"{uuid4().hex[:12]}@caloria.example")
    press(page, "Mail me the link")
    page.wait_for_url("**/sent")


@scene(None)
def password_link_ended(page, _app):
    page.goto("/password/reset/no-such-link")


@scene(None)
def reminder_to_turn_off(page, _app):
    page.goto(f"/unsubscriptions/{mailed_token()}")


@scene(None)
def reminder_is_off(page, _app):
    page.goto(f"/unsubscriptions/{mailed_token()}")
    press(page, "Turn it off")
    page.get_by_role("heading", name="The reminder is off").wait_for()


def mailed_token() -> str:
    """As it stands in a mail, of a reminder that is off already."""
    return URLSafeSerializer(SECRET_KEY, salt="a reminder is turned off").dumps("0" * 64)


@scene(None)
def too_many_tries(page, _app):
    email = f"{uuid4().hex[:12]}@caloria.example"
    page.goto("/password/forgotten")
    while page.get_by_label("E-mail").count():
        page.get_by_label("E-mail").fill(email)
        with page.expect_navigation():
            press(page, "Mail me the link")
        if page.url.endswith("/sent"):
            page.goto("/password/forgotten")


@scene(None)
def offline(page, _app):
    page.goto("/offline?language=en#still-signed-in")


@scene(None)
def privacy(page, _app):
    page.goto("/privacy")


@scene(None)
def terms(page, _app):
    page.goto("/terms")


@scene(None)
def not_found(page, _app):
    page.goto("/no/such/page")


# A newcomer


@scene("newcomer")
def body(page, _app):
    page.goto("/targets/body")


@scene("newcomer")
def body_errors(page, _app):
    page.goto("/targets/body")
    page.get_by_label("Height in cm").fill("1")
    page.get_by_label("Weight in kg").fill("some")
    page.get_by_label("Year of birth").fill("2025")
    press(page, "Suggest a target")
    wait_for_errors(page)


@scene("newcomer")
def target_without_proposal(page, _app):
    page.goto("/targets/new")


@scene("newcomer")
def targets_none(page, _app):
    page.goto("/targets")


@scene("newcomer")
def day_without_target(page, _app):
    page.goto("/diary")


@scene("newcomer")
def foods_none(page, _app):
    page.goto("/foods")


@scene("newcomer")
def search_nothing_usual(page, _app):
    page.goto("/foods/search")


@scene("newcomer")
def proposal(page, _app):
    page.goto("/targets/body")
    page.get_by_label("Height in cm").fill("168")
    page.get_by_label("Weight in kg").fill("72")
    page.get_by_label("Year of birth").fill("1990")
    page.get_by_text("Lose weight").click()
    press(page, "Suggest a target")
    page.wait_for_url("**/targets/new")


@scene("newcomer")
def proposal_opened(page, app):
    proposal(page, app)
    page.get_by_text("Change a figure").click()
    page.get_by_text("How this is worked out").click()


@scene("newcomer")
def day_empty(page, app):
    proposal(page, app)
    press(page, "Use this target")
    page.wait_for_url("**/diary/*")


# Somebody who has kept a diary for months


@scene("demo")
def day(page, _app):
    page.goto("/diary")


@scene("demo")
def day_before(page, _app):
    page.goto("/diary")
    page.get_by_role("link", name="The day before").click()
    page.wait_for_selector("text=Go to today")


@scene("demo")
def day_entry_opened(page, _app):
    open_entry(page)
    page.locator(".edit").first.scroll_into_view_if_needed()


@scene("demo")
def day_undo(page, _app):
    open_entry(page)
    page.get_by_role("button", name=re.compile("^Delete ")).first.click()
    page.get_by_role("button", name="Undo").wait_for()


@scene("demo")
def day_more_nutrients(page, _app):
    page.goto("/diary")
    page.get_by_text("Fibre, sugars, salt").click()


@scene("demo")
def day_quick(page, _app):
    page.goto("/diary")
    page.locator("#quick summary").click()


@scene("demo")
def day_quick_errors(page, app):
    day_quick(page, app)
    page.get_by_label("Energy (kcal)").fill("many")
    page.locator("#quick").get_by_role("button", name="Add").click()
    wait_for_errors(page)


@scene("demo")
def day_search(page, _app):
    page.goto("/diary")
    page.get_by_label("Search foods").fill("oat")
    page.wait_for_selector("#found li")


@scene("demo")
def day_search_none(page, _app):
    page.goto("/diary")
    page.get_by_label("Search foods").fill("zzz")
    page.wait_for_selector("#found .empty")


@scene("demo")
def search_usual(page, _app):
    page.goto("/foods/search")


@scene("demo")
def search_results(page, _app):
    page.goto("/foods/search?q=milk")


@scene("demo")
def search_ticked(page, app):
    search_results(page, app)
    for tick in page.get_by_label(re.compile("^Choose ")).all()[:2]:
        tick.check(force=True)


@scene("demo")
def search_none(page, _app):
    page.goto("/foods/search?q=zzz")


@scene("demo")
def food(page, _app):
    page.goto("/foods/search?q=rolled oats")
    page.locator("#found .item__link").first.click()
    page.wait_for_selector("[data-portion]")


@scene("demo")
def food_errors(page, app):
    food(page, app)
    page.get_by_label("Amount").fill("some")
    press(page, "Add to today")
    wait_for_errors(page)


@scene("demo")
def food_new(page, _app):
    page.goto("/foods/new?name=Granola")


@scene("demo")
def food_new_errors(page, _app):
    page.goto("/foods/new")
    page.get_by_label("Energy (kcal)").fill("12000")
    page.get_by_label("Fat (g)", exact=True).fill("a lot")
    press(page, "Keep this food")
    wait_for_errors(page)


@scene("demo")
def barcode(page, _app):
    page.goto("/foods/barcode")


@scene("demo")
def barcode_errors(page, app):
    barcode(page, app)
    page.get_by_label("Or its digits").fill("4006381333932")
    press(page, "Find the food")
    wait_for_errors(page)


@scene("demo")
def barcode_unknown(page, _app):
    page.goto("/foods/barcode/4006381333931")


@scene("demo")
def history(page, _app):
    page.goto("/diary")
    open_entry(page)
    page.get_by_role("button", name=re.compile("^Delete ")).first.click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Redo").wait_for()
    page.get_by_role("link", name="What was done").click()
    page.wait_for_url("**/acts")


@scene("demo")
def keys(page, _app):
    page.goto("/diary")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").wait_for()


@scene("demo")
def signed_out_meanwhile(page, _app):
    page.goto("/account")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    press(page, "Save")
    press(page, "Send it again")
    page.wait_for_selector("text=Sign in on a new tab")
    page.context.add_cookies(cookies)


@scene("demo")
def targets(page, _app):
    page.goto("/targets")


@scene("demo")
def trends(page, _app):
    page.goto("/trends")


@scene("demo")
def trends_opened(page, _app):
    page.goto("/trends?days=90")
    for summary in page.locator("main summary").all():
        summary.click()


@scene("newcomer")
def trends_of_nothing(page, _app):
    page.goto("/trends?days=all")


@scene("demo")
def weights(page, _app):
    page.goto("/weights")


@scene("demo")
def weight_errors(page, _app):
    page.goto("/weights")
    page.get_by_label("Weight", exact=True).fill("heavy")
    press(page, "Log this weight")
    wait_for_errors(page)


@scene("demo")
def weight_edit(page, _app):
    page.goto("/weights")
    page.locator(".item__link").first.click()
    page.wait_for_url("**/edit")


@scene("newcomer")
def weights_none(page, _app):
    page.goto("/weights")


@scene("nora")
def measurements(page, _app):
    page.goto("/measurements")
    for waist in ("84", "83.5"):
        if not page.get_by_label("What do you measure?").is_visible():
            page.get_by_text("Measure something else").click()
        page.get_by_label("What do you measure?").fill("Waist")
        page.get_by_label("How much is it?").fill(waist)
        press(page, "Log a new measurement")
        page.get_by_role("button", name="Undo").wait_for()


@scene("nora")
def measurement_errors(page, _app):
    page.goto("/measurements")
    if not page.get_by_label("What do you measure?").is_visible():
        page.get_by_text("Measure something else").click()
    press(page, "Log a new measurement")
    wait_for_errors(page)


@scene("demo")
def account(page, _app):
    page.goto("/account")


@scene("demo")
def password_change(page, _app):
    page.goto("/password/change")


@scene("demo")
def confirmation(page, _app):
    page.goto("/account/confirmation?next=/account")


@scene("demo")
def confirmation_errors(page, app):
    confirmation(page, app)
    press(page, "Go on")
    wait_for_errors(page)


@scene("demo")
def address(page, _app):
    page.goto("/account/email")


@scene("demo")
def address_errors(page, app):
    address(page, app)
    page.get_by_label("New address").fill("ann@")
    press(page, "Mail the link")
    wait_for_errors(page)


@scene(None)
def address_link_ended(page, _app):
    page.goto("/email-confirmations/no-such-link")


@scene("demo")
def export(page, _app):
    page.goto("/account/export")


@scene("demo")
def deletion(page, _app):
    page.goto("/account/deletion")


@scene("demo")
def deletion_errors(page, app):
    deletion(page, app)
    page.get_by_label("Your e-mail address").fill("somebody@example.org")
    press(page, "Delete everything")
    wait_for_errors(page)


@scene("demo")
def devices(page, _app):
    page.goto("/account/sessions")


@scene("demo")
def opened_too_long_ago(page, _app):
    open_entry(page)
    page.locator(".edit [name=csrf_token]").first.evaluate("field => { field.value = 'old'; }")
    page.locator(".edit [name=amount]").first.fill("1.5")
    page.locator(".edit").first.get_by_role("button", name="Save").click()
    page.wait_for_selector("text=open for a long time")


@scene("demo")
def database_away(page, app):
    with app.database_away():
        page.goto("/diary")


# Somebody whose days are hard to show


@scene("hanna")
def hard_day(page, _app):
    page.goto("/diary")


@scene("hanna")
def hard_day_more_nutrients(page, _app):
    page.goto("/diary")
    page.get_by_text("Fibre, sugars, salt").click()


@scene("hanna")
def hard_search(page, _app):
    page.goto("/foods/search?q=a")


@scene("hanna")
def foods_own(page, _app):
    page.goto("/foods")


@scene("hanna")
def food_own(page, _app):
    page.goto("/foods")
    page.get_by_role("link", name="Oats of my own").click()
    page.wait_for_selector("[data-portion]")


@scene("hanna")
def food_with_doubts(page, _app):
    page.goto("/foods")
    page.get_by_role("link", name="Syrup with a strange label").click()
    page.wait_for_selector("text=kcal")


@scene("hanna")
def correction(page, app):
    food_own(page, app)
    page.get_by_role("link", name="Past entries").click()
    page.wait_for_selector("text=Correct 1 entry")


@scene("hanna")
def correction_errors(page, app):
    correction(page, app)
    page.goto(page.url + "?since=1850-01-01")
    wait_for_errors(page)


@scene("hanna")
def merge(page, app):
    food_own(page, app)
    page.get_by_role("link", name="Merge").click()
    page.wait_for_url("**/merges/new")


@scene("hanna")
def food_edit(page, app):
    food_own(page, app)
    page.get_by_role("link", name="Change its label").click()
    page.wait_for_url("**/edit")


@scene("hanna")
def quick_entry_edit(page, _app):
    page.goto("/diary")
    lunch = page.get_by_role("region", name="Lunch")
    lunch.locator(".list summary").first.click()
    lunch.get_by_role("link", name="Change").first.click()
    page.wait_for_url("**/edit")


@scene("nora")
def day_without_target_full(page, _app):
    page.goto("/diary")


@scene("nora")
def picks(page, _app):
    page.goto("/diary")
    page.get_by_label("More for breakfast").click()
    page.get_by_role("region", name="Breakfast").get_by_role("link", name="Move, share, delete").click()
    page.wait_for_url("**/picks?*")


@scene("nora")
def picks_errors(page, app):
    picks(page, app)
    page.get_by_label("My share (%)").fill("0")
    press(page, "Take my share")
    wait_for_errors(page)


# Tomorrow's dinner is planned already.
@scene("nora")
def day_that_could_be_as_before(page, _app):
    page.goto("/diary")
    page.get_by_role("link", name="The day after").click()
    page.get_by_role("button", name="Log breakfast as the day before").wait_for()


@scene("hanna")
def copy(page, _app):
    page.goto("/diary")
    page.get_by_role("link", name="The day after").click()
    page.get_by_role("link", name="Copy from another day").click()
    page.get_by_role("button", name="Copy 20 foods").wait_for()


@scene("hanna")
def copy_of_no_day(page, _app):
    page.goto("/diary")
    day = page.url.rpartition("/")[2]
    page.goto(f"/diary/{day}/copies/new?other_day=&meal_id=")
    wait_for_errors(page)


@scene("hanna")
def text_line(page, _app):
    read_line(page, "2 eggs, 60 g oats, a bowl of frobnicate and a small bunch of grapes with yoghurt")


@scene("hanna")
def text_line_errors(page, app):
    text_line(page, app)
    page.get_by_label("How much: 2 eggs").fill("lots")
    press(page, "Log ")
    wait_for_errors(page)


def read_line(page: Page, text: str) -> None:
    page.goto("/diary")
    page.get_by_label("Search foods").fill(text)
    page.get_by_label("How much: 2 eggs").wait_for()


@scene("hanna")
def admin_overview(page, _app):
    page.goto("/admin")
    page.locator("details.more summary").first.click()


@scene("hanna")
def admin_people(page, _app):
    page.goto("/admin/users")


@scene("hanna")
def admin_people_none(page, _app):
    page.goto("/admin/users?q=nobody+at+all")


@scene("hanna")
def admin_person(page, _app):
    page.goto("/admin/users?q=nora@")
    page.get_by_role("link", name="nora@caloria.example").click()
    page.get_by_role("heading", level=1, name="nora@caloria.example").wait_for()


@scene("hanna")
def admin_person_errors(page, app):
    admin_person(page, app)
    press(page, "Grant Plus")
    wait_for_errors(page)


@scene("hanna")
def admin_erasure(page, app):
    admin_person(page, app)
    page.get_by_role("link", name="Erase").click()
    press(page, "Erase everything")
    wait_for_errors(page)


@scene("hanna")
def admin_subscriptions(page, _app):
    page.goto("/admin/subscriptions")


@scene("hanna")
def admin_payments(page, _app):
    page.goto("/admin/payments")


@scene("hanna")
def admin_payment_events(page, _app):
    page.goto("/admin/payments/events")


@scene("hanna")
def admin_audit(page, _app):
    page.goto("/admin/audit")


@scene("hanna")
def admin_database(page, _app):
    page.goto("/admin/database")


@scene("hanna")
def admin_jobs(page, _app):
    page.goto("/admin/jobs")


@scene("hanna")
def admin_backups(page, _app):
    page.goto("/admin/backups")


@scene("hanna")
def admin_requests(page, _app):
    page.goto("/admin/requests")


@scene("hanna")
def admin_requests_none(page, _app):
    page.goto("/admin/requests?q=nothing+like+it&state=cancelled")


@scene("hanna")
def admin_request(page, _app):
    page.goto("/admin/requests?owner=mine&state=in_progress")
    page.locator(".list a").first.click()
    page.wait_for_selector("text=What is asked for")


@scene("hanna")
def admin_request_errors(page, app):
    admin_request(page, app)
    press(page, "Cancel it")
    wait_for_errors(page)


@scene("hanna")
def admin_request_food(page, app):
    admin_request(page, app)
    page.get_by_role("link", name="Make it for everybody").click()
    page.wait_for_url("**/food/new")


@scene("hanna")
def admin_request_correction(page, app):
    admin_request(page, app)
    page.get_by_role("link", name="Correct “").click()
    page.wait_for_url("**/food/edit")


@scene("hanna")
def admin_foods(page, _app):
    page.goto("/admin/foods")


@scene("hanna")
def admin_food(page, _app):
    page.goto("/admin/foods")
    page.get_by_role("link", name="Syrup with a strange label").click()
    page.wait_for_selector("text=Whose, and from where")


@scene("hanna")
def admin_food_of_everybody(page, app):
    admin_food(page, app)
    page.goto(page.url + "?q=oats")
    page.locator(".list .item__link").first.click()
    page.wait_for_selector("text=Put it away")


@scene("hanna")
def admin_foods_there_twice(page, _app):
    page.goto("/admin/foods/duplicates")


@scene("hanna")
def admin_foods_doubtful(page, _app):
    page.goto("/admin/foods/doubts")


@scene("demo")
def requests(page, _app):
    page.goto("/requests")


@scene("nora")
def requests_none(page, _app):
    page.goto("/requests")


@scene("demo")
def request_done(page, _app):
    page.goto("/requests")
    page.get_by_role("link", name="Oat drink").click()
    page.wait_for_selector("text=The answer")


@scene("demo")
def request_waiting(page, _app):
    page.goto("/requests")
    page.get_by_role("link", name="Rye crispbread").click()
    page.wait_for_selector("text=Cancel this request")


@scene("demo")
def request_new_about(page, _app):
    page.goto("/foods/search?q=oats")
    page.locator("#found .item__link").first.click()
    page.get_by_role("link", name="Something is wrong").click()
    page.wait_for_url("**/requests/new*")


@scene("nora")
def request_errors(page, _app):
    page.goto("/requests/new")
    page.get_by_label("Barcode").fill("123")
    press(page, "Send it")
    wait_for_errors(page)


@scene("demo")
def reminders(page, _app):
    page.goto("/account/reminders")
    if not page.get_by_role("button", name="Turn off").count():
        page.get_by_label("At what time").fill("20:30")
        press(page, "Remind me")


@scene("demo")
def reminder_errors(page, _app):
    page.goto("/account/reminders")
    press(page, "Remind me")
    wait_for_errors(page)


@scene("demo")
def meals(page, _app):
    page.goto("/meals")
    page.get_by_text("Add a meal").click()


@scene("demo")
def meal_errors(page, _app):
    page.goto("/meals")
    page.get_by_role("link", name="Dinner").click()
    page.get_by_label("Name").fill("")
    press(page, "Save")
    wait_for_errors(page)


@scene("nora")
def meal_to_save(page, _app):
    page.goto("/diary")
    meal = page.get_by_role("region", name="Breakfast").get_attribute("id").removeprefix("meal-")
    page.goto(f"{page.url}/meals/{meal}/saved-meals/new")


@scene("nora")
def saved_meal(page, app):
    meal_to_save(page, app)
    page.get_by_label("Name").fill("The first meal of a long day")
    page.get_by_role("button", name=re.compile("^Save 3 foods")).click()
    page.wait_for_url("**/diary/*")
    page.goto("/saved-meals")
    page.get_by_role("link", name="The first meal").first.click()
    page.locator("summary.item").first.click()


@scene("nora")
def saved_meals(page, _app):
    page.goto("/saved-meals")


@scene("hanna")
def food_portion_errors(page, app):
    food_own(page, app)
    page.get_by_text("Add a portion").click()
    page.get_by_label("One weighs (g)").fill("heavy")
    press(page, "Add this portion")
    wait_for_errors(page)


@scene("nora")
def day_note_changed_meanwhile(page, _app):
    page.goto("/diary")
    page.get_by_text("Note of the day").click()
    page.locator("#day-note [name=seen]").evaluate("field => { field.value = 'old'; }")
    page.get_by_label("What is worth remembering?").fill("A long walk.\n" * 4)
    press(page, "Save the note")
    wait_for_errors(page)


@scene("nora")
def day_water_errors(page, _app):
    page.goto("/diary")
    page.get_by_text("Another amount").click()
    page.get_by_label("Amount of water").fill("a glass")
    press(page, "Add water")
    wait_for_errors(page)


@scene("nora")
def import_new(page, _app):
    page.goto("/account/imports")
    page.get_by_text("Where do I find the file?").click()


@scene("nora")
def import_errors(page, _app):
    send_diary(page, b"a,b,c\n1,2,3\n")
    wait_for_errors(page)


@scene("nora")
def import_preview(page, _app):
    send_diary(page, DIARY_OF_ANOTHER_TRACKER)
    page.wait_for_url("**/imports/*-*")


@scene("nora")
def import_done(page, app):
    import_preview(page, app)
    press(page, "Import it")
    page.get_by_role("button", name="Take all of it back").wait_for()


@scene("nora")
def import_taken_back(page, _app):
    page.goto("/account/imports")
    page.locator("a.item").first.click()
    press(page, "Take all of it back")
    page.get_by_role("button", name="Bring it back").wait_for()


# One of its rows cannot be read, its days may be written either way, and it says no unit.
DIARY_OF_ANOTHER_TRACKER = (
    b"Date,Meal,Calories,Saturated Fat,Carbohydrates (g)\n"
    b"1/2/2020,Breakfast,412,2,60\n1/2/2020,Second breakfast,220,1,30\n1/3/2020,Breakfast,=1+1,2,60\n"
)


def send_diary(page: Page, content: bytes) -> None:
    page.goto("/account/imports")
    sent = {"name": "Nutrition-Summary.csv", "mimeType": "text/csv", "buffer": content}
    page.get_by_label("The file", exact=True).set_input_files(sent)
    press(page, "Look at it first")


# Somebody who reads Spanish, and has not eaten yet what was planned


@scene("sofia")
def day_in_spanish(page, _app):
    page.goto("/diary")
    page.locator(".meal .list summary").first.click()


@scene("sofia")
def food_in_spanish(page, _app):
    page.goto("/foods/search?q=leche")
    page.locator("#found .item__link").first.click()
    page.wait_for_selector("[data-portion]")


@scene("demo")
def plan_tried(page, _app):
    page.goto("/subscription")


@scene("hanna")
def plan_paid(page, _app):
    page.goto("/subscription")
    page.get_by_text("Earlier ones").click()


@scene("nora")
def plan_payment_failed(page, _app):
    page.goto("/subscription")


@scene("sofia")
def plan_free(page, _app):
    page.goto("/subscription")


@scene("demo")
def plan_waits_for_payment(page, _app):
    page.goto("/subscription/checkouts/done?looked=20")


@scene("hanna")
def plan_provider_away(page, _app):
    page.goto("/subscription")
    press(page, "Card and address")
    page.wait_for_selector("text=Payments cannot be reached")
