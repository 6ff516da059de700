"""The database is away: nothing breaks, nothing is lost, and it comes back by itself."""

import re
from datetime import date
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from surroundings import PASSWORD

from caloria.extensions import db
from caloria.models import Entry, Meal, Session, Signup, User
from caloria.models.ids import new_id

NO_DATABASE_NEEDED = {
    "health.show",
    "manifest.show",
    "metrics.show",
    "offline.show",
    "pages.index",
    "privacy.show",
    "terms.show",
    "passwords.new",
    "passwords.sent",
    "service_worker.show",
    "sessions.new",
    "signup.new",
}
NO_DATABASE_NEEDED |= {"static", "passwords.create"}
# One answers machines in its own way, one is there in development alone; the last ask for a signature.
APART = {"health.database", "styleguide.show", "unsubscriptions.new", "unsubscriptions.create"}
APART |= {"webhooks.create"}
CAROL = {"name": "Carol", "email": "carol@example.org", "password": PASSWORD, "time_zone": "UTC"}
FILLED_IN = {
    "day": date(2026, 11, 21),
    "token": "a-token",
    "filename": "css/all.css",
    "digits": "4006381333931",
    "invoice_id": "in_1",
    **dict.fromkeys(("id", "meal_id", "food_id", "saved_meal_id", "user_id"), uuid4()),
}


@pytest.fixture
def app(proxy, make_app):
    return make_app(proxy.url)


@pytest.fixture
def alices(app):
    """Alice's browser, and one of her meals."""
    with app.app_context():
        alice = Signup("Alice", "alice@example.org", PASSWORD, "UTC").complete()
        token = Session.start(alice).token
        db.session.commit()
        meal = db.session.scalar(select(Meal.id))
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = token
    assert browser.get("/account").status_code == 200
    return browser, meal


def soup(meal) -> dict:
    return {"id": new_id(), "meal_id": meal, "name": "Soup <b>", "energy_kcal": "155"}


def entries(app) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Entry))


def sent_again(page: str) -> dict[str, str]:
    """What the page's own form would send."""
    fields = re.findall(r'<input[^>]*\bname="([^"]+)"[^>]*\bvalue="([^"]*)"', page)
    return {name: unescape(value) for name, value in fields if name != "csrf_token"}


def addresses(app, method: str):
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if method in rule.methods:
                said = {name: FILLED_IN[name] for name in rule.arguments}
                yield rule.endpoint, adapter.build(rule.endpoint, said)


def test_every_page_of_a_signed_in_person_says_so_and_when_to_come_back(app, alices, proxy):
    browser, _ = alices
    proxy.cut()

    for endpoint, address in addresses(app, "GET"):
        answer = browser.get(address)
        if endpoint not in NO_DATABASE_NEEDED | APART:
            assert answer.status_code == 503, address
            assert answer.headers["Retry-After"] == "5"
            assert "catching its breath" in answer.text


def test_every_form_is_given_back_as_it_was_filled_in(app, alices, proxy):
    browser, _ = alices
    proxy.cut()

    for endpoint, address in addresses(app, "POST"):
        if endpoint in APART:
            continue
        answer = browser.post(address, data={"name": 'Soup "of <the> day', "password": "typed in secret"})
        assert answer.status_code in (503, 422), address
        assert 'value="Soup &#34;of &lt;the&gt; day"' in answer.text or answer.status_code == 422
        assert "typed in secret" not in answer.text


def test_a_visitor_reads_what_needs_no_database(app, proxy):
    proxy.cut()

    for endpoint, address in addresses(app, "GET"):
        if endpoint in NO_DATABASE_NEEDED:
            assert app.test_client().get(address).status_code == 200, address


def test_signing_in_and_up_says_so_and_asks_for_the_password_again(app, proxy):
    proxy.cut()

    for address in ("/login", "/signup", "/password/forgotten"):
        answer = app.test_client().post(address, data={"id": new_id(), **CAROL})
        assert answer.status_code == 503
        assert "carol@example.org" in answer.text
        assert PASSWORD not in answer.text


def test_the_process_is_well_while_the_database_is_not(alices, proxy):
    browser, _ = alices
    proxy.cut()

    assert browser.get("/health").status_code == 200
    answer = browser.get("/health/database")
    assert (answer.status_code, answer.json["reasons"]) == (503, ["unreachable"])


def test_what_was_typed_is_saved_by_sending_it_again(app, alices, proxy):
    browser, meal = alices
    proxy.cut()
    refused = browser.post("/diary/2026-11-21/quick-entries", data=soup(meal))
    proxy.mend()

    assert entries(app) == 0
    assert sent_again(refused.text)["name"] == "Soup <b>"
    answers = [
        browser.post("/diary/2026-11-21/quick-entries", data=sent_again(refused.text)) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert entries(app) == 1


def test_the_first_page_after_its_return_is_a_page(alices, proxy):
    browser, _ = alices
    for _ in range(3):
        proxy.cut()
        assert browser.get("/account").status_code == 503
        proxy.mend()
        assert browser.get("/account").status_code == 200


def test_connections_that_ended_unseen_are_not_used(alices, proxy):
    browser, _ = alices
    proxy.cut()
    proxy.mend()

    assert browser.get("/diary/2026-11-21").status_code == 200


def test_an_entry_whose_commit_was_not_answered_is_there_once(app, alices, proxy):
    browser, meal = alices
    form = soup(meal)
    proxy.loses_the_answer_to_commit = True

    unsure = browser.post("/diary/2026-11-21/quick-entries", data=form)
    assert unsure.status_code == 503
    assert entries(app) == 1

    again = browser.post("/diary/2026-11-21/quick-entries", data=sent_again(unsure.text))
    assert again.status_code == 303
    assert entries(app) == 1


def test_a_sign_up_whose_commit_was_not_answered_is_one_person(app, proxy):
    sent = {
        "id": new_id(),
        "name": "Carol",
        "email": "carol@example.org",
        "password": PASSWORD,
        "time_zone": "UTC",
    }
    browser = app.test_client()
    answers = []
    for _ in range(4):
        proxy.loses_the_answer_to_commit = not answers
        answers.append(browser.post("/signup", data=sent).status_code)

    assert answers == [503, 303, 303, 303]
    with app.app_context():
        assert db.session.scalars(select(User.name)).all() == ["Carol"]
        assert db.session.scalar(select(func.count()).select_from(Meal)) == 4
