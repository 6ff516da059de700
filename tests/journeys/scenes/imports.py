"""A diary that comes along from another tracker."""

from playwright.sync_api import Page

from scenes.stage import press, scene, wait_for_errors


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
