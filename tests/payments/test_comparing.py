"""Comparing with the payment provider: what was missed is found, told and mended."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from _payments.billing import DAY
from provider import send
from sqlalchemy import select, update
from working import do_jobs

from caloria.extensions import db
from caloria.integrations import payments
from caloria.integrations.payments import PaymentsUnavailable, Urls
from caloria.models import AuditEvent, Identity, Job, Payment, Subscription

BACK = Urls("http://localhost/subscription", "http://localhost/subscription")


def reconcile(runner, *words: str):
    result = runner.invoke(args=["subscriptions", "reconcile", *words])
    db.session.expire_all()
    return result.exit_code, result.output


def test_what_agrees_is_said_to(runner, client, alice, provider):
    provider.buy(alice)
    for event in provider.events:
        send(client, event)
    assert reconcile(runner) == (0, "Everything agrees with the provider.\n")


def test_events_that_never_came_are_found_and_heard(runner, alice, provider):
    provider.buy(alice)
    provider.billing.refund(provider.world.all("charge")[0], 100)
    status, words = reconcile(runner)
    assert status == 1
    assert "was not heard" in words
    assert db.session.scalar(select(Subscription)) is None
    status, words = reconcile(runner, "--repair")
    assert (status, words.count("differs ")) == (0, 0)
    assert {kind for (kind,) in db.session.execute(select(Payment.kind))} == {"payment", "refund"}
    assert reconcile(runner)[0] == 0
    assert "payments compared" in set(db.session.scalars(select(AuditEvent.act)))


def test_what_is_older_than_the_events_is_compared_itself(runner, alice, provider):
    bought = provider.buy(alice)
    provider.world.things["event"].clear()
    status, words = reconcile(runner)
    assert f"subscription {bought['id']} differs" in words
    assert "is not in the ledger" in words
    assert status == 1
    assert reconcile(runner, "--repair")[0] == 0
    assert reconcile(runner)[0] == 0
    db.session.execute(update(Subscription).values(paid_until=None))
    db.session.commit()
    assert "differs in paid_until" in reconcile(runner)[1]


def test_what_cannot_be_mended_is_told_each_time(runner, provider):
    bought = provider.buy(SimpleNamespace(id=uuid4(), email="gone@example.org"))
    reconcile(runner, "--repair")
    status, words = reconcile(runner, "--repair")
    assert status == 1
    assert f"differs subscription {bought['id']} is paid for by nobody who is here" in words


def test_a_subscription_that_the_provider_does_not_know_has_ended(runner, client, alice, provider):
    provider.buy(alice)
    for event in provider.events:
        send(client, event)
    for kind in ("subscription", "event"):
        provider.world.things[kind].clear()
    assert reconcile(runner)[0] == 1
    reconcile(runner, "--repair")
    assert [row.status for row in db.session.scalars(select(Subscription))] == ["canceled"]


def test_where_nobody_pays_there_is_nothing_to_compare(app, runner, provider, monkeypatch):
    for way, words in (("off", "Payments are off"), ("manual", "Payments are by hand")):
        monkeypatch.setattr(app.extensions["caloria_config"], "payments", way)
        status, said = reconcile(runner)
        assert (status, said.startswith(words)) == (0, True)


def test_a_provider_that_is_away_is_no_agreement(runner, provider):
    provider.trouble.is_away = True
    status, words = reconcile(runner, "--repair")
    assert status == 1
    assert "did not answer" in words


def test_the_night_finds_what_no_event_told(app, alice, provider):
    provider.buy(alice)
    Job.put("reconcile")
    db.session.commit()
    assert do_jobs(app) == 1
    assert [row.status for row in db.session.scalars(select(Subscription))] == ["active"]


def test_after_a_restore_payments_wait_until_they_are_compared(app, runner, client, alice, provider):
    provider.buy(alice)
    provider.billing.advance(2 * DAY)
    # As `flask database promote` leaves it.
    db.session.execute(update(Identity).values(epoch=1))
    db.session.commit()
    event = provider.events[-1]
    assert send(client, event).status_code == 503
    with pytest.raises(PaymentsUnavailable):
        payments.checkout(alice, "month", BACK)
    assert reconcile(runner)[0] == 1
    assert send(client, event).status_code == 503
    assert reconcile(runner, "--repair")[0] == 0
    assert send(client, event).text == "duplicate"
    assert payments.checkout(alice, "month", BACK)
