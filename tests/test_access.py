from datetime import date
from uuid import uuid4

import pytest

from caloria.extensions import db
from caloria.models import Day
from caloria.models.ids import new_id

OPEN_TO_VISITORS = {
    "form_token.show",
    "email_confirmations.create",
    "email_confirmations.new",
    "health.database",
    "health.show",
    "manifest.show",
    "metrics.show",
    "offline.show",
    "pages.index",
    "privacy.show",
    "terms.show",
    "passwords.create",
    "passwords.edit",
    "passwords.new",
    "passwords.sent",
    "passwords.update",
    "service_worker.show",
    "sessions.create",
    "sessions.new",
    "signup.create",
    "signup.new",
    "static",
    "styleguide.show",
    "unsubscriptions.create",
    "unsubscriptions.new",
    "webhooks.create",
}
# A mail program posts there (RFC 8058): it has no token of ours but the signed one in the address.
WITHOUT_TOKEN = {"unsubscriptions.create", "webhooks.create"}
FILLED_IN = {
    "day": date(2026, 11, 21),
    **{name: uuid4() for name in ("id", "food_id", "meal_id", "saved_meal_id", "user_id")},
    "digits": "4006381333931",
    "invoice_id": "in_1",
    "token": "a-token",
    "filename": "css/all.css",
}


def rules(app, method: str):
    """Every address of the app that a method goes to, filled in."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        return [
            (rule.endpoint, adapter.build(rule.endpoint, {name: FILLED_IN[name] for name in rule.arguments}))
            for rule in app.url_map.iter_rules()
            if method in rule.methods
        ]


def test_exactly_the_pages_that_say_so_are_open_to_visitors(app):
    open_views = {name for name, view in app.view_functions.items() if getattr(view, "is_public", False)}

    assert open_views == OPEN_TO_VISITORS


def test_a_visitor_gets_the_styles(client):
    assert client.get("/static/css/all.css").status_code == 200


def test_every_other_page_sends_a_visitor_to_sign_in(app, client):
    for endpoint, address in rules(app, "GET"):
        if endpoint not in OPEN_TO_VISITORS:
            response = client.get(address)
            assert response.status_code == 303, address
            assert response.location.startswith("/login?next="), address


def test_every_other_form_is_given_back_to_a_visitor(app, client):
    for endpoint, address in rules(app, "POST"):
        if endpoint not in OPEN_TO_VISITORS:
            response = client.post(address, data={"note": "what I typed"})
            assert response.status_code == 401, address
            assert b"what I typed" in response.data


def test_no_form_is_taken_without_its_token(app, client, sign_in, alice):
    signed_in = sign_in(alice)
    addresses = [address for endpoint, address in rules(app, "POST") if endpoint not in WITHOUT_TOKEN]
    for address in addresses:
        response = signed_in.post(address, data={"name": "what I typed"}, csrf=False)
        assert response.status_code == 422, address
        assert b"what I typed" in response.data


def test_a_form_from_another_site_is_not_offered_to_be_sent_again(sign_in, alice):
    response = sign_in(alice).post(
        "/account", data={"name": "Mallory"}, csrf=False, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert response.status_code == 403
    assert b"Mallory" not in response.data


def test_a_wrong_method_is_a_405_with_the_right_ones(sign_in, alice):
    response = sign_in(alice).get("/logout")

    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


@pytest.fixture
def bobs(bob, make_food):
    """A food, an entry and a meal of a stranger's."""
    food = make_food("Bob's bread", owner=bob, energy_kcal=250)
    day = Day(bob, FILLED_IN["day"])
    entry = day.log(food, food.usual_portion, 1, day.meals[0].meal, new_id(), "a form")
    db.session.commit()
    return {"food": food, "entry": entry, "meal": day.meals[0].meal}


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/foods/{food}"),
        ("GET", "/foods/{food}/edit"),
        ("POST", "/foods/{food}"),
        ("POST", "/foods/{food}/delete"),
        ("POST", "/foods/{food}/restoration"),
        ("GET", "/diary/2026-11-21/entries/{entry}/edit"),
        ("POST", "/diary/2026-11-21/entries/{entry}"),
        ("POST", "/diary/2026-11-21/entries/{entry}/delete"),
    ],
)
def test_what_is_a_strangers_is_a_404(sign_in, alice, bobs, method, address):
    filled_in = address.format(food=bobs["food"].id, entry=bobs["entry"].id)

    response = sign_in(alice).open(
        filled_in, method=method, data={"amount": "2", "name": "Mine", "energy_kcal": "1"}
    )

    assert response.status_code == 404
    assert bobs["entry"].deleted_at is None


def test_a_strangers_food_entry_or_meal_cannot_be_logged(sign_in, alice, oats, bobs):
    browser = sign_in(alice)
    mine = Day(alice, FILLED_IN["day"]).meals[0].meal
    own = {
        "id": new_id(),
        "amount": "1",
        "food_id": oats.id,
        "meal_id": mine.id,
        "entry_id": bobs["entry"].id,
    }

    for address, stolen in (
        ("entries", {"food_id": bobs["food"].id}),
        ("entries", {"meal_id": bobs["meal"].id}),
        ("quick-entries", {"meal_id": bobs["meal"].id, "energy_kcal": "100"}),
        ("repeats", {}),
    ):
        response = browser.post(f"/diary/2026-11-21/{address}", data={**own, **stolen})
        assert response.status_code == 404, (address, stolen)
    assert Day(alice, FILLED_IN["day"]).totals["energy_kcal"].of == 0


def test_a_strangers_food_is_not_found_by_searching(sign_in, alice, bobs):
    assert b"Bob&#39;s bread" not in sign_in(alice).get("/foods/search?q=bread").data


def test_nobody_can_be_led_away_by_a_link_to_the_sign_in_page(client, alice):
    from surroundings import PASSWORD

    for elsewhere in (
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "/\t/evil.example",
        "https://evil.example",
    ):
        response = client.post(
            "/login", query_string={"next": elsewhere}, data={"email": alice.email, "password": PASSWORD}
        )
        assert response.location == "/diary", elsewhere
        client.post("/logout")


def test_every_answer_forbids_what_our_pages_never_do(client):
    for address in ("/", "/no-such-page", "/static/css/all.css", "/diary", "/health"):
        headers = client.get(address).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_personal_pages_are_kept_by_no_cache(sign_in, alice):
    assert sign_in(alice).get("/account").headers["Cache-Control"] == "no-store"
