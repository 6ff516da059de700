"""An account and what guards it."""

from scenes.stage import open_entry, press, scene, wait_for_errors


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
def typed_by_another(page, _app):
    open_entry(page)
    page.locator(".edit [name=csrf_token]").first.evaluate("field => { field.after(field.cloneNode()); }")
    page.locator(".edit [name=csrf_token]").nth(1).evaluate(
        "field => { field.name = 'person'; field.value = '0'; }"
    )
    page.locator(".edit").first.get_by_role("button", name="Save").click()
    page.wait_for_selector("text=Somebody else is signed in here now")


@scene("demo")
def database_away(page, app):
    with app.database_away():
        page.goto("/diary")
