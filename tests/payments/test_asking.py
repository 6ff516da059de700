"""Asking the payment provider for something: it is made once, and known afterwards as they say it."""

import pytest
from _payments.app import KEY
from _payments.billing import DAY, DECLINED
from provider import InProcess, send
from sqlalchemy import select

from caloria.extensions import db
from caloria.integrations import payments
from caloria.integrations.payments import PaymentDeclined, PaymentsUnavailable, PriceDiffers, Urls
from caloria.models import Payment, PaymentCall, Subscription

BACK = Urls("http://localhost/subscription?paid", "http://localhost/subscription")


@pytest.fixture
def bought(client, alice, provider) -> Subscription:
    provider.complete(payments.checkout(alice, "month", BACK))
    return heard(client, provider)


def heard(client, provider) -> Subscription:
    for event in provider.events:
        assert send(client, event).status_code == 200
    fresh = {"populate_existing": True}
    return db.session.scalars(select(Subscription), execution_options=fresh).one()


def test_a_person_pays_and_coming_back_proves_nothing(client, alice, provider):
    url = payments.checkout(alice, "month", BACK)
    assert url.startswith(f"{provider.world.url}/checkout/cs_test_")
    assert db.session.scalar(select(Subscription)) is None
    bought = provider.complete(url)
    payments.refresh(alice)
    subscription = db.session.scalars(select(Subscription)).one()
    assert (subscription.provider_id, subscription.status) == (bought["id"], "active")


def test_a_page_that_waits_is_opened_again(alice, provider):
    first = payments.checkout(alice, "month", BACK)
    assert payments.checkout(alice, "month", BACK) == first
    assert payments.checkout(alice, "year", BACK) != first
    pages = {page["id"]: page["status"] for page in provider.world.all("checkout.session")}
    assert sorted(pages.values()) == ["expired", "open"]


def test_whoever_has_a_subscription_is_led_to_it(alice, provider, bought):
    assert f"{provider.world.url}/portal/" in payments.checkout(alice, "year", BACK)
    assert len(provider.world.all("checkout.session")) == 1


def test_a_lost_answer_is_got_by_asking_again(alice, provider):
    provider.trouble.answers_lost = 1
    with pytest.raises(PaymentsUnavailable):
        payments.checkout(alice, "month", BACK)
    (call,) = db.session.scalars(select(PaymentCall))
    assert (call.intent, call.answered_at) == ("customer", None)
    provider.trouble.answers_lost = 0
    payments.checkout(alice, "month", BACK)
    assert len(provider.world.all("customer")) == 1
    provider.world.all("checkout.session")[0]["status"] = "expired"
    asked = provider.trouble
    asked.after = lambda request: setattr(asked, "answers_lost", int("checkout" in request.path))
    with pytest.raises(PaymentsUnavailable):
        payments.checkout(alice, "month", BACK)
    asked.after = lambda _request: None
    payments.checkout(alice, "month", BACK)
    assert len(provider.world.all("checkout.session")) == 2


def test_the_same_key_with_other_words_is_refused_as_by_stripe(quick_client):
    options = {"idempotency_key": "a key"}
    first = quick_client.v1.customers.create({"email": "a@example.org"}, options)
    assert quick_client.v1.customers.create({"email": "a@example.org"}, options).id == first.id
    with pytest.raises(Exception, match="idempotent"):
        quick_client.v1.customers.create({"email": "b@example.org"}, options)


@pytest.fixture
def quick_client(provider, provider_app):
    import stripe

    return stripe.StripeClient(KEY, max_network_retries=0, http_client=InProcess(provider_app))


def test_nobody_is_charged_anything_else_than_they_were_told(alice, provider):
    provider.world.get("price", "price_month")["unit_amount"] = 599
    with pytest.raises(PriceDiffers):
        payments.checkout(alice, "month", BACK)
    assert provider.world.all("checkout.session") == []


def test_a_subscription_is_canceled_and_goes_on_after_all(client, provider, bought):
    payments.cancel(bought)
    assert (bought.status, bought.cancel_at_period_end) == ("active", True)
    payments.resume(bought)
    assert (bought.status, bought.cancel_at_period_end) == ("active", False)
    payments.cancel(bought)
    provider.billing.advance(32 * DAY)
    ended = heard(client, provider)
    assert (ended.status, ended.paid_until) == ("canceled", ended.canceled_at)


def test_a_cancellation_whose_answer_was_lost_is_not_replayed_after_a_resumption(provider, bought):
    provider.trouble.answers_lost = 1
    with pytest.raises(PaymentsUnavailable):
        payments.cancel(bought)
    payments.resume(bought)
    payments.cancel(bought)
    assert provider.world.all("subscription")[0]["cancel_at_period_end"] is True
    assert bought.cancel_at_period_end is True


def test_switching_to_the_year_takes_off_what_was_not_used(client, provider, bought):
    payments.switch(bought, "year")
    assert (bought.billed_per, bought.amount_minor) == ("year", 4900)
    heard(client, provider)
    paid = sorted(row.amount_minor for row in db.session.scalars(select(Payment)))
    assert paid[0] == 499
    assert 4900 - 499 <= paid[1] < 4900


def test_a_switch_that_the_card_does_not_pay_changes_nothing(alice, provider, bought):
    provider.card(alice, DECLINED)
    with pytest.raises(PaymentDeclined):
        payments.switch(bought, "year")
    assert bought.billed_per == "month"
    provider.card(alice, "good")
    payments.switch(bought, "year")
    assert bought.billed_per == "year"


def test_while_the_provider_is_away_nothing_changes(provider, bought):
    provider.trouble.is_away = True
    for act in (payments.cancel, payments.resume):
        with pytest.raises(PaymentsUnavailable):
            act(bought)
    provider.trouble.is_away = False
    assert provider.world.all("subscription")[0]["cancel_at_period_end"] is False


def test_invoices_and_the_card_are_seen_to_at_the_provider(alice, provider, bought):
    invoice = provider.world.all("invoice")[0]
    assert payments.invoice_url(invoice["id"]) == f"{provider.world.url}/invoices/{invoice['id']}"
    assert payments.portal(alice, BACK.cancel).startswith(f"{provider.world.url}/portal/")
