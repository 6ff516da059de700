"""What people ask for."""

from scenes.stage import press, scene, wait_for_errors


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
