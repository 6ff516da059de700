"""What people see of their plan: in every state the same calm page, and a day that says little."""

from datetime import timedelta

import pytest
from pages import Page
from plans import DAY, pay, sell, subscribe

from caloria.extensions import db, settings
from caloria.models import Reminders, Subscription
from caloria.models.clock import utc_now

STATES = {
    "trial": ("to try", "There is no card, and nothing is charged", "Choose a year"),
    "granted": ("given to you", "Nothing is charged."),
    "over": ("Free", "Plus ended on", "Choose a month"),
    "active": ("Next payment", "€4.99", "Pay per year: €49.00", "€10.88 less", "Cancel Plus"),
    "ending": ("cancelled", "nothing more is charged", "Go on with Plus"),
    "grace": ("The last payment did not come through.", "Check the card", "You have Plus until"),
    "late": ("The last payments did not come through.", "Check the card", "Free"),
    "unpaid": ("The last payments did not come through.", "Everything you logged is here"),
    "paused": ("Your subscription is paused.", "Add a card"),
    "incomplete": ("Your payment is not finished.", "Finish the payment"),
}
ROWS = {
    "active": ("active", {"paid_until": 12}),
    "ending": ("active", {"paid_until": 12, "cancel_at_period_end": True}),
    "grace": ("past_due", {"past_due_since": -2, "paid_until": 12}),
    "late": ("past_due", {"past_due_since": -9, "paid_until": 12}),
    "unpaid": ("unpaid", {"past_due_since": -30}),
    "paused": ("paused", {}),
    "incomplete": ("incomplete", {}),
    "over": ("canceled", {"paid_until": -1, "canceled_at": -20}),
}


@pytest.fixture
def carol(app, monkeypatch, make_person):
    """Somebody who signed up where Plus is sold, and tries it."""
    sell(monkeypatch)
    return make_person("Carol")


@pytest.fixture
def carols(sign_in, carol):
    return sign_in(carol)


def bring(carol, state: str) -> None:
    """Bring Carol into a state of her plan."""
    Subscription.extend_trial(carol, utc_now() + (9 if state == "trial" else -3) * DAY)
    if state == "granted":
        Subscription.grant(carol, utc_now() + 200 * DAY)
    db.session.commit()
    if state in ROWS:
        status, more = ROWS[state]
        subscribe(carol, status, **more)


def ends_in(person, days: float) -> None:
    Subscription.extend_trial(person, utc_now() + timedelta(days=days))
    db.session.commit()


@pytest.mark.parametrize("state", STATES)
def test_every_state_says_what_one_has_and_what_there_is_to_do(carols, carol, state):
    bring(carol, state)

    words = Page(carols.get("/subscription")).words

    assert [each for each in STATES[state] if each not in words] == []
    # Never twice at once, and nothing to buy for who has it.
    assert ("Choose a month" in words) == (state in ("trial", "over"))
    assert "Export of everything" in words


def test_where_nothing_is_sold_the_page_says_that_everybody_has_everything(sign_in, alice):
    page = Page(sign_in(alice).get("/subscription"))
    assert "Nothing is sold on this Caloria: you have all there is." in page.words
    assert not page.has_form("/checkouts")
    sent = sign_in(alice).post("/subscription/checkouts", data={"interval": "month"})
    assert (sent.status_code, sent.headers["Location"]) == (303, "/subscription")
    waited = sign_in(alice).get("/subscription/checkouts/done")
    assert (waited.status_code, waited.headers["Location"]) == (303, "/subscription")


def test_where_an_admin_gives_plus_the_page_says_so_and_sells_nothing(monkeypatch, app, make_person, sign_in):
    sell(monkeypatch, "manual")
    page = Page(sign_in(make_person("Dora")).get("/subscription"))
    assert "an admin gives Plus, until a date" in page.words
    assert not page.has_form("/checkouts")


def test_what_was_paid_is_listed_with_tax_and_number_and_nobody_elses(carols, carol, bob, sign_in):
    pay(carol, "in_1", invoice_number="CAL-0001")
    pay(carol, "in_1", "refund", tax_minor=None, amount_minor=200)

    page = Page(carols.get("/subscription"))

    assert all(each in page.words for each in ("CAL-0001", "tax €0.87", "Given back", "€2.00"))
    assert "/subscription/invoices/in_1" in page.links
    assert sign_in(bob).get("/subscription/invoices/in_1").status_code == 404


def test_an_invoice_of_a_number_that_cannot_be_is_not_found(carols):
    assert carols.get("/subscription/invoices/in_%00").status_code == 404


def test_coming_back_from_paying_grants_nothing_and_looks_again_by_itself(carols, carol):
    bring(carol, "free")

    answer = carols.get("/subscription/checkouts/done")
    assert "Your payment is being confirmed" in answer.text
    assert answer.headers["Refresh"] == "3; url=/subscription/checkouts/done?looked=1"
    assert "Refresh" not in carols.get("/subscription/checkouts/done?looked=20").headers
    assert "Free" in Page(carols.get("/subscription")).words

    subscribe(carol, "active", paid_until=30)
    assert carols.get("/subscription/checkouts/done?looked=2").headers["Location"] == "/subscription"
    assert "You have Plus now." in carols.get("/subscription").text


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("/subscription/card", {}),
        ("/subscription", {"interval": "year"}),
    ],
)
def test_a_provider_that_is_away_changes_nothing_and_the_page_says_so(carols, carol, address, data):
    bring(carol, "active")

    answer = carols.post(address, data=data)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "Nothing was changed, and nothing was charged." in answer.text
    assert "Next payment" in Page(carols.get("/subscription")).words


def test_where_no_answer_came_nobody_is_told_that_nothing_was_done(carols, carol):
    bring(carol, "active")
    answer = carols.post("/subscription/cancellation")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "If it was done all the same, your plan says so" in answer.text
    assert "Nothing was changed" not in answer.text


def test_forms_lead_to_the_provider_from_the_page_of_the_plan_alone(carols, monkeypatch):
    monkeypatch.setattr(settings(), "stripe_api_url", None)
    policies = [carols.get(page).headers["Content-Security-Policy"] for page in ("/subscription", "/account")]
    assert "form-action 'self' https://checkout.stripe.com https://billing.stripe.com;" in policies[0]
    assert "form-action 'self';" in policies[1]


def test_a_form_that_was_open_for_too_long_leads_to_the_provider_all_the_same(carols, monkeypatch):
    monkeypatch.setattr(settings(), "stripe_api_url", None)
    sent = {"method": "POST", "data": {"interval": "month"}, "csrf": False}
    answer = carols.open("/subscription/checkouts", **sent)
    assert answer.status_code == 422
    assert "form-action 'self' https://checkout.stripe.com" in answer.headers["Content-Security-Policy"]


def test_an_interval_that_there_is_not_is_told_kindly(carols, carol):
    answer = carols.post("/subscription/checkouts", data={"interval": "hour"})
    assert answer.status_code == 422
    assert "Not a valid choice" in answer.text


def test_a_day_speaks_of_the_trial_in_its_last_three_days_and_until_that_is_put_away(carols, carol):
    today = f"/diary/{carol.today()}"
    ends_in(carol, 3.5)
    assert "Your trial of Plus" not in carols.get(today).text

    ends_in(carol, 2.5)
    page = carols.get(today)
    assert "Your trial of Plus ends on" in page.text
    assert "Your trial of Plus" not in carols.get(f"/diary/{carol.today() - DAY}").text

    form = Page(page).form("/subscription/notice/delete")
    assert carols.post(form.action, data=form.data).status_code == 303
    assert "Your trial of Plus" not in carols.get(today).text
    assert "You try Plus until" in carols.get("/account").text


@pytest.mark.parametrize("state", ["granted", "active", "ending"])
def test_who_has_plus_anyway_is_not_told_of_the_trial(carols, carol, state):
    bring(carol, state)
    ends_in(carol, 1)
    said = "Your trial of Plus" in carols.get(f"/diary/{carol.today()}").text
    assert said == (state == "never")


def test_a_day_says_so_when_a_payment_failed_and_takes_no_statement_more(carols, carol, statements):
    today = f"/diary/{carol.today()}"
    bring(carol, "grace")
    statements.clear()

    page = carols.get(today)

    assert len(statements) == 4
    assert "A payment for Plus did not come through." in page.text
    assert "A payment for Plus needs you." in carols.get("/account").text


def test_a_limit_is_a_kind_422_that_leads_to_the_plans_and_nothing_goes_away(carols, carol, monkeypatch):
    monkeypatch.setattr(settings(), "link_root", "https://food.example.org")
    ends_in(carol, -1)
    page = Page(carols.get("/account/reminders"))
    for at in ("08:00", "09:00"):
        form = Page(carols.get("/account/reminders")).form("/reminders", asks="at")
        assert carols.post(form.action, data={**form.data, "at": at, "meal_id": ""}).status_code == 303

    full = Page(carols.get("/account/reminders"))
    assert "With Plus there is room for 10." in full.words
    assert not full.has_form("/account/reminders")

    form = page.form("/reminders", asks="at")
    answer = carols.post(form.action, data={**form.data, "at": "10:00", "meal_id": ""})
    assert answer.status_code == 422
    page = Page(answer)
    assert "There is room for 2 reminders. What you have goes on." in page.words
    assert "/subscription" in page.links
    assert page.form("/reminders", asks="at").data["at"] == "10:00"
    assert len(Reminders(carol).all) == 2
