"""Events of the payment provider: heard once, and from nobody else."""

import json
import re
import time

import pytest
from _payments.app import SECRET
from _payments.billing import DAY
from _payments.webhooks import body_of, signature
from provider import send, send_bytes
from sqlalchemy import delete, select

from caloria.extensions import db
from caloria.integrations import payments
from caloria.models import AuditEvent, Job, Payment, PaymentCustomer, PaymentEvent, Subscription

OTHER_SECRET = "whsec_another_one_that_is_exchanged"


def counted(client, result: str) -> float:
    """How many events had this result, by /metrics."""
    found = re.search(
        rf'^caloria_payment_events_total{{result="{result}"}} (\S+)', client.get("/metrics").text, re.M
    )
    return float(found[1])


def rows(model) -> list:
    """As they are stored now, whatever this session read before."""
    asked = select(model).order_by(model.id).execution_options(populate_existing=True)
    return list(db.session.scalars(asked))


def deliver(client, provider) -> None:
    for event in provider.events:
        assert send(client, event).status_code == 200


def ledger() -> list[tuple[str, int]]:
    return [(row.kind, row.amount_minor) for row in rows(Payment)]


def balance() -> dict[str, int]:
    return {currency: int(left) for currency, left in db.session.execute(Payment.balance())}


def newest(provider, kind: str) -> dict:
    return [event for event in provider.events if event["type"] == kind][-1]


def test_what_a_person_paid_is_known_from_its_events(client, alice, provider):
    bought = provider.buy(alice)
    deliver(client, provider)
    (subscription,) = rows(Subscription)
    assert (subscription.user_id, subscription.provider_id) == (alice.id, bought["id"])
    assert (subscription.status, subscription.amount_minor, subscription.currency) == ("active", 499, "EUR")
    assert subscription.billed_per == "month"
    (payment,) = rows(Payment)
    assert (payment.kind, payment.amount_minor, payment.tax_minor) == ("payment", 499, 87)
    assert (payment.subscription_id, payment.period_end) == (bought["id"], subscription.paid_until)
    said = db.session.scalars(select(AuditEvent.act).where(AuditEvent.object.like("subscription%")))
    assert "subscription change" in said.all()


def test_an_event_that_is_sent_twice_is_heard_once(client, alice, provider, statements):
    provider.buy(alice)
    event = newest(provider, "invoice.paid")
    assert send(client, event).text == "processed"
    asked_before = len(statements)
    assert send(client, event).text == "duplicate"
    assert len(statements) - asked_before <= 4
    assert ledger() == [("payment", 499)]


FORGED = {
    "tampered": lambda body: (body.replace(b"499", b"001"), signature(body, SECRET)),
    "too old": lambda body: (body, signature(body, SECRET, int(time.time()) - 301)),
    "from the future": lambda body: (body, signature(body, SECRET, int(time.time()) + 301)),
    "wrong secret": lambda body: (body, signature(body, OTHER_SECRET)),
    "no signature": lambda body: (body, None),
    "written anew": lambda body: (json.dumps(json.loads(body)).encode(), signature(body, SECRET)),
    "no time": lambda body: (body, signature(body, SECRET).partition(",")[2]),
    "no text": lambda body: (b"\xff" + body, signature(body, SECRET)),
    "signed nonsense": lambda _body: (b"[]", signature(b"[]", SECRET)),
}


@pytest.mark.parametrize("forgery", FORGED)
def test_what_the_provider_did_not_sign_is_refused_and_not_stored(client, alice, provider, forgery):
    provider.buy(alice)
    before = counted(client, "refused")
    body, signed = FORGED[forgery](body_of(newest(provider, "invoice.paid")))
    assert send_bytes(client, body, signed).status_code == 400
    assert rows(PaymentEvent) == rows(Payment) == []
    assert counted(client, "refused") == before + 1


def test_the_library_signs_as_we_expect(client, alice, provider):
    import stripe

    provider.buy(alice)
    body = body_of(newest(provider, "invoice.paid"))
    signed = stripe.WebhookSignature.generate_signature_header(body.decode(), SECRET)
    assert send_bytes(client, body, signed).status_code == 200


def test_while_a_secret_is_exchanged_either_will_do(app, client, alice, provider, monkeypatch):
    config = app.extensions["caloria_config"]
    monkeypatch.setattr(config, "stripe_webhook_secrets", [OTHER_SECRET, SECRET])
    provider.buy(alice)
    first, second = provider.events[:2]
    assert [send(client, first, SECRET).status_code, send(client, second, OTHER_SECRET).status_code] == [
        200
    ] * 2


def test_what_is_too_large_is_not_read(client):
    assert send_bytes(client, b"x" * (257 * 1024), "t=1,v1=x").status_code == 413


def test_an_event_of_real_money_has_no_place_among_tests(client, alice, provider):
    provider.buy(alice)
    event = newest(provider, "invoice.paid") | {"livemode": True}
    before = counted(client, "other_mode")
    assert send(client, event).status_code == 400
    assert rows(PaymentEvent) == rows(Payment) == []
    assert counted(client, "other_mode") == before + 1


def test_without_payments_there_is_no_such_address(app, client, provider, monkeypatch):
    monkeypatch.setattr(app.extensions["caloria_config"], "payments", "off")
    assert send_bytes(client, b"{}", "").status_code == 404


def test_an_event_is_heard_once_the_provider_answers_again(client, alice, provider):
    provider.buy(alice)
    event = newest(provider, "invoice.paid")
    provider.trouble.is_away = True
    answer = send(client, event)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    (failed,) = rows(PaymentEvent)
    assert (failed.state, failed.attempts, failed.error) == ("failed", 1, "PaymentsUnavailable")
    assert rows(Subscription) == []
    provider.trouble.is_away = False
    assert send(client, event).status_code == 200
    (heard,) = rows(PaymentEvent)
    assert (heard.state, heard.attempts, heard.error) == ("processed", 2, None)
    assert ledger() == [("payment", 499)]


def test_nothing_of_the_person_or_the_card_is_stored_or_logged(client, alice, provider, caplog):
    provider.buy(alice)
    provider.card(alice, "declined")
    provider.billing.advance(32 * DAY)
    provider.trouble.is_away = True
    send(client, provider.events[0])
    provider.trouble.is_away = False
    deliver(client, provider)
    stored = str([[vars(row) for row in rows(model)] for model in (PaymentEvent, Payment, Subscription)])
    for secret in ("alice@", "sk_test", "whsec_", "declined."):
        assert secret not in stored + caplog.text


def test_an_event_of_nobody_is_kept_and_taken(client, alice, provider):
    provider.buy(alice)
    provider.customer(alice)["metadata"] = {"caloria_user": "0190d5a0-0000-7000-8000-000000000000"}
    assert send(client, newest(provider, "invoice.paid")).text == "unmatched"
    assert [event.state for event in rows(PaymentEvent)] == ["unmatched"]
    assert rows(Payment) == []


def test_money_given_back_after_the_account_is_gone_is_in_the_ledger(client, alice, provider):
    provider.buy(alice)
    deliver(client, provider)
    for model in (Subscription, PaymentCustomer):
        db.session.execute(delete(model))
    provider.customer(alice)["metadata"] = {}
    db.session.commit()
    provider.billing.refund(provider.world.all("charge")[0])
    assert send(client, newest(provider, "charge.refunded")).text == "processed"
    assert ledger() == [("payment", 499), ("refund", 499)]
    assert {row.user_id for row in rows(Payment)} == {alice.id}


def test_a_card_that_fails_and_pays_later(client, alice, provider):
    provider.buy(alice)
    provider.card(alice, "declined")
    provider.billing.advance(32 * DAY)
    deliver(client, provider)
    (late,) = rows(Subscription)
    assert late.status == "past_due"
    assert late.past_due_since is not None
    assert late.paid_until <= late.past_due_since
    assert ledger() == [("payment", 499), ("failed", 499)]
    provider.card(alice, "good")
    provider.billing.pay_open(provider.customer(alice)["id"])
    deliver(client, provider)
    db.session.refresh(late)
    assert (late.status, late.past_due_since) == ("active", None)
    assert sorted(ledger()) == [("failed", 499), ("payment", 499), ("payment", 499)]
    assert balance() == provider.balance() == {"EUR": 998}


def test_the_ledger_follows_refunds_and_disputes(client, alice, provider):
    provider.buy(alice, "year")
    charge = provider.world.all("charge")[0]
    provider.billing.refund(charge, 1000)
    returned = provider.billing.refund(charge, 500)
    deliver(client, provider)
    assert balance() == provider.balance() == {"EUR": 3400}
    provider.billing.fail_refund(returned)
    dispute = provider.billing.dispute(charge)
    deliver(client, provider)
    assert balance() == provider.balance() == {"EUR": -1000}
    provider.billing.close_dispute(dispute, is_won=True)
    deliver(client, provider)
    assert balance() == provider.balance() == {"EUR": 3900}


def test_a_status_that_is_not_known_leaves_the_subscription_as_it_was(client, alice, provider):
    bought = provider.buy(alice)
    deliver(client, provider)
    provider.billing.update(bought, status="hibernating")
    deliver(client, provider)
    assert [row.status for row in rows(Subscription)] == ["active"]


def test_what_else_the_account_sells_is_none_of_ours(client, alice, provider):
    price = provider.world.get("price", "price_month") | {"id": "price_of_a_book"}
    provider.billing.subscribe(provider.customer(alice)["id"], price)
    assert send(client, newest(provider, "invoice.paid")).text == "ignored"
    assert rows(Subscription) == rows(Payment) == []


@pytest.mark.parametrize(
    ("said", "amount", "currency", "status"),
    [
        ("499 JPY", 499, "jpy", 200),
        ("4.990 KWD", 4990, "kwd", 200),
        ("4.99 EUR", 498, "eur", 500),
        ("4.99 EUR", 499, "usd", 500),
        ("4.99 EUR", 0, "eur", 500),
        ("4.99 EUR", -499, "eur", 500),
    ],
)
def test_what_is_charged_equals_what_was_told(
    app, client, alice, provider, monkeypatch, said, amount, currency, status
):
    from settings.money import money

    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(app.extensions["caloria_config"], "plus_per_month", money(said))
    provider.world.get("price", "price_month").update(unit_amount=amount, currency=currency)
    provider.buy(alice)
    answers = [send(client, event).status_code for event in provider.events]
    assert max(answers) == (503 if status == 500 and amount >= 0 else status)
    assert ledger() == ([("payment", amount)] if status == 200 else [])
    assert len(rows(Subscription)) == (1 if status == 200 else 0)


@pytest.mark.parametrize("heard_first", [0, 1])
def test_of_two_subscriptions_the_later_ends_and_is_given_back(app, client, alice, provider, heard_first, do):
    kept = provider.buy(alice)
    provider.world.offset += 60
    second = provider.buy(alice, "year")
    halves = [[e for e in provider.events if each["id"] in str(e)] for each in (kept, second)]
    for event in halves[heard_first] + halves[1 - heard_first]:
        assert send(client, event).status_code == 200
    assert do(app) >= 1
    deliver(client, provider)
    assert (kept["status"], second["status"]) == ("active", "canceled")
    states = {row.provider_id: row.status for row in rows(Subscription)}
    assert states == {kept["id"]: "active", second["id"]: "canceled"}
    assert balance() == provider.balance() == {"EUR": 499}
    acts = set(db.session.scalars(select(AuditEvent.act)))
    assert {"second subscription", "subscription ended at the provider"} <= acts
    assert "end_subscription" in {job.task for job in rows(Job)}


def test_whoever_ended_one_may_buy_another(client, alice, provider):
    first = provider.buy(alice)
    deliver(client, provider)
    provider.billing.end(first)
    provider.buy(alice, "year")
    # The end of the first is heard last, or never.
    for event in provider.events:
        if event["type"] != "customer.subscription.deleted":
            assert send(client, event).status_code == 200
    assert sorted(row.status for row in rows(Subscription)) == ["active", "canceled"]
    assert "end_subscription" not in {job.task for job in rows(Job)}


def test_an_admin_has_an_event_heard_once_more(client, alice, provider):
    provider.buy(alice)
    deliver(client, provider)
    db.session.execute(delete(Payment))
    db.session.commit()
    event = db.session.scalar(select(PaymentEvent).where(PaymentEvent.type == "invoice.paid"))
    assert payments.replay(event) == "processed"
    assert ledger() == [("payment", 499)]
    assert "payment event replay" in set(db.session.scalars(select(AuditEvent.act)))
    db.session.refresh(event)
    assert (event.state, event.attempts) == ("processed", 2)
