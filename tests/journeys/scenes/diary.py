"""A day, what is logged on it and from what."""

import re

from scenes.stage import open_entry, press, scene, wait_for_errors


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


@scene("nora")
def entry_edit_errors(page, _app):
    page.goto("/diary")
    address = page.locator(".meal .list .item").first.get_attribute("href")
    page.goto(address)
    page.get_by_label("Amount").fill("some")
    press(page, "Save")
    wait_for_errors(page)


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
