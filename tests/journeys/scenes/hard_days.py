"""Days, foods and lines that are hard to show."""

from playwright.sync_api import Page

from scenes.stage import press, scene, wait_for_errors


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
    lunch.locator(".list .item").first.click()
    page.wait_for_url("**/edit")


@scene("nora")
def day_without_target_full(page, _app):
    page.goto("/diary")


@scene("nora")
def picks(page, _app):
    page.goto("/diary")
    page.get_by_label("More for breakfast").click()
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
    press(page, "Log 4 foods")
    wait_for_errors(page)


def read_line(page: Page, text: str) -> None:
    page.goto("/diary")
    page.get_by_label("Search foods").fill(text)
    page.get_by_label("How much: 2 eggs").wait_for()
