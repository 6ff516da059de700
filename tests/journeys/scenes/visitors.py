"""A visitor."""

from uuid import uuid4

from itsdangerous import URLSafeSerializer
from live_app import SECRET_KEY

from scenes.stage import press, scene, wait_for_errors


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
