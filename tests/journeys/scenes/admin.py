"""What admins see."""

from scenes.stage import press, scene, wait_for_errors


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
