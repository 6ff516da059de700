"""However events come, the end is the same: every order of some, and hundreds of random histories."""

from itertools import permutations

import hypothesis.strategies as st
import pytest
from _payments.billing import DAY, DECLINED, GOOD
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import delete, select

from caloria.extensions import db
from caloria.integrations.payments.event_facts import facts
from caloria.integrations.payments.hearing import hear
from caloria.models import Payment, PaymentCustomer, PaymentEvent, Subscription

KEPT = (Payment, PaymentEvent, Subscription, PaymentCustomer)
TYPES = ["customer.subscription.created", "customer.subscription.updated", "invoice.paid"]
# What the endpoint at the provider is set up to send.
SENT = ("customer.subscription.updated", "customer.subscription.deleted")
SENT += ("invoice.paid", "invoice.payment_failed", "charge.refunded", "charge.dispute.closed")


def forget() -> None:
    for model in KEPT:
        db.session.execute(delete(model))
    db.session.commit()


def standing() -> tuple:
    """Everything that is known, but for when it was heard."""
    names = ("provider_id", "status", "paid_until", "canceled_at", "past_due_since", "cancel_at_period_end")
    fresh = {"populate_existing": True}
    subscriptions = db.session.scalars(select(Subscription), execution_options=fresh)
    payments = db.session.scalars(select(Payment), execution_options=fresh)
    said = {tuple(getattr(row, name) for name in names) for row in subscriptions}
    return said, {(row.kind, row.provider_id, row.amount_minor, row.at) for row in payments}


def balance() -> dict[str, int]:
    return {currency: int(left) for currency, left in db.session.execute(Payment.balance())}


@pytest.fixture
def five(quick, alice, provider) -> list[dict]:
    """Five events of a subscription that was paid, became overdue, and ended."""
    provider.buy(alice)
    first = [event for event in provider.events if event["type"] in TYPES]
    provider.card(alice, DECLINED)
    provider.billing.advance(40 * DAY)
    provider.billing.end(provider.world.all("subscription")[0])
    overdue = [e for e in provider.events if e["data"]["object"].get("status") == "past_due"]
    ended = [e for e in provider.events if e["type"] == "customer.subscription.deleted"]
    return [*first, overdue[0], ended[0]]


def test_all_120_orders_of_five_events_end_alike(five):
    assert len(five) == 5
    ends = []
    for order in permutations(five):
        for event in order:
            assert hear(facts(event)) == "processed"
        ends.append(standing())
        forget()
    assert len(ends) == 120
    assert all(end == ends[0] for end in ends)
    ((_, status, *_),), payments = ends[0]
    assert (status, sorted(kind for kind, *_ in payments)) == ("canceled", ["payment"])


class Histories(RuleBasedStateMachine):
    """What people and banks do, and a post that loses, repeats and mixes up what it carries."""

    def __init__(self, alice, provider):
        super().__init__()
        self.alice, self.provider = alice, provider
        self.heard: list[dict] = []
        self.waiting: list[dict] = []
        self.seen = 0

    def happened(self) -> None:
        """What happened since is on its way."""
        new = self.provider.events[self.seen :]
        self.seen += len(new)
        self.waiting += [event for event in new if event["type"].startswith(SENT)]

    def deliver(self, event: dict) -> None:
        hear(facts(event))
        self.heard.append(event)

    @initialize(interval=st.sampled_from(["month", "year"]))
    def buy(self, interval):
        self.provider.buy(self.alice, interval)
        self.happened()

    @rule(days=st.sampled_from([3, 31]), card=st.sampled_from([GOOD, DECLINED]))
    def time_passes(self, days, card):
        self.provider.card(self.alice, card)
        self.provider.billing.advance(days * DAY)
        self.happened()

    @rule(part=st.integers(1, 499))
    def give_back(self, part):
        charges = self.provider.world.all("charge", status="succeeded", refunded=False)
        if charges and charges[0]["amount"] - charges[0]["amount_refunded"] >= part:
            self.provider.billing.refund(charges[0], part)
        self.happened()

    @rule(is_won=st.booleans())
    def bank_takes_it(self, is_won):
        charges = self.provider.world.all("charge", status="succeeded", disputed=False)
        if charges:
            self.provider.billing.close_dispute(self.provider.billing.dispute(charges[0]), is_won)
        self.happened()

    @rule()
    def end_it(self):
        self.provider.billing.end(self.provider.world.all("subscription")[0])
        self.happened()

    @rule(which=st.integers(0, 99))
    def one_arrives(self, which):
        if self.waiting:
            self.deliver(self.waiting.pop(which % len(self.waiting)))

    @rule(which=st.integers(0, 99))
    def one_arrives_again(self, which):
        if self.heard:
            assert hear(facts(self.heard[which % len(self.heard)])) == "duplicate"

    @rule(which=st.integers(0, 99))
    def one_is_lost_and_sent_later(self, which):
        if self.waiting:
            self.waiting.append(self.waiting.pop(which % len(self.waiting)))

    def teardown(self):
        """In the end the newest of each was sent: what is known is what the provider knows."""
        newest = {event["data"]["object"]["id"]: event for event in self.waiting}
        for event in reversed(newest.values()):
            self.deliver(event)
        try:
            assert balance() == self.provider.balance()
            (row,) = db.session.scalars(select(Subscription), execution_options={"populate_existing": True})
            assert row.status == self.provider.world.all("subscription")[0]["status"]
        finally:
            forget()


def test_the_ledger_balances_after_500_histories(quick, alice, provider, provider_app):
    def begin():
        return Histories(alice, type(provider).begin(provider_app))

    # The same histories each time: a run of CI proves what the one before did.
    few = settings(
        max_examples=500,
        stateful_step_count=4,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(begin, settings=few)
