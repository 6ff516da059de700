"""Comparing what is known here of payments with what their provider knows, and mending what differs.

What differs is mended as an event would: what it is about is fetched and kept under the person's lock, and
noted in the audit. An event that was never heard is heard.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from caloria.extensions import db, settings
from caloria.integrations.payments import PaymentsUnavailable, fetching, reading
from caloria.integrations.payments.buying import INTERVALS, current_price, require_told_price
from caloria.integrations.payments.event_facts import KINDS, facts, kind_of
from caloria.integrations.payments.hearing import hear
from caloria.integrations.payments.keeping import Keeper, keep_money, person_behind, under_lock
from caloria.models import AuditEvent, Payment, PaymentEvent, Subscription
from caloria.models.billing import STRIPE, Billing, SubscriptionSaid
from caloria.models.clock import utc_now

# A little more than the provider keeps its events for: money that moved before was compared on other nights.
LOOKS_BACK = timedelta(days=35)
AT_ONCE = 100


class Difference(NamedTuple):
    """What differs, in words that name nobody, and whether it was mended."""

    words: str
    is_mended: bool = False


class Reconciliation:
    """One comparison. Raises PaymentsUnavailable where the provider goes away meanwhile."""

    def __init__(self, mends: bool):
        self.mends = mends
        self.found: list[Difference] = []
        self.seen: set[str] = set()
        self.since = None if PaymentEvent.waits_for_comparison() else utc_now() - LOOKS_BACK

    @property
    def is_agreed(self) -> bool:
        return all(each.is_mended for each in self.found)

    def run(self) -> Iterator[Difference]:
        """Everything that differs. Once all of it was gone through and mended, payments wait no more."""
        for part in (self.prices, self.events, self.subscriptions, self.ours, self.invoices, self.ledger):
            for difference in part():
                self.found.append(difference)
                yield difference
        self.note()

    def note(self) -> None:
        if self.mends:
            PaymentEvent.note_comparison(settings().environment == "production")
        if self.found:
            mended = sum(each.is_mended for each in self.found)
            AuditEvent.note("payments compared", STRIPE, after={"differ": len(self.found), "mended": mended})
        db.session.commit()

    def mend(self, words: str, act: Callable[[], Any]) -> Difference:
        """Mend a difference where that is wanted; one that cannot be is told as it is."""
        if not self.mends:
            return Difference(words)
        try:
            is_mended = bool(act())
        except PaymentsUnavailable:
            raise
        except Exception as error:
            db.session.rollback()
            return Difference(f"{words}: {type(error).__name__}")
        return Difference(words, is_mended)

    def prices(self) -> Iterator[Difference]:
        """Whether people are charged what they are told."""
        for interval in INTERVALS:
            try:
                require_told_price(current_price(interval), interval)
            except reading.PriceDiffers as differs:
                yield Difference(str(differs))

    def events(self) -> Iterator[Difference]:
        """What was never heard, or could not be."""
        for begins in KINDS:
            listed = (facts(each) for each in fetching.all_events(type=f"{begins}*"))
            for some in in_batches(each for each in listed if kind_of(each["type"])):
                yield from self.unheard(some)
        for said in [event.said for event in db.session.scalars(PaymentEvent.undone())]:
            if said["provider"] == STRIPE and said["event_id"] not in self.seen:
                yield self.heard(said)

    def unheard(self, some: list[dict[str, Any]]) -> Iterator[Difference]:
        """The oldest first, as they would have come."""
        heard = PaymentEvent.heard(STRIPE, [each["event_id"] for each in some])
        for said in reversed([each for each in some if each["event_id"] not in heard]):
            self.seen.add(said["event_id"])
            yield self.heard(said)

    def heard(self, said: dict[str, Any]) -> Difference:
        words = f"event {said['event_id']} ({said['type']}) was not heard"
        return self.mend(words, lambda: hear(said, is_compared=True))

    def subscriptions(self) -> Iterator[Difference]:
        """Each that the provider knows, against the row here."""
        for said in fetching.all_subscriptions():
            self.seen.add(said["id"])
            told = reading.subscription_said(said)
            if reading.is_sold_here(told, settings()) and (differs := self.difference(told)):
                yield differs

    def difference(self, told: SubscriptionSaid) -> Difference | None:
        user_id = person_behind(told.customer_id)
        billing = Billing.of(user_id) if user_id else None
        row = billing.subscription(told.provider_id) if billing else None
        columns = differing(row, told)
        db.session.commit()
        if billing is None:
            words = f"subscription {told.provider_id} is paid for by nobody who is here"
            return Difference(words) if told.is_open else None
        if not columns:
            return None
        words = f"subscription {told.provider_id} differs in {', '.join(columns)}"
        return self.mend(words, lambda: kept(billing.user_id, told.provider_id))

    def ours(self) -> Iterator[Difference]:
        """What goes on here, and is not known there."""
        mine = (Subscription.provider == STRIPE, Subscription.status != "canceled")
        rows = db.session.execute(select(Subscription.user_id, Subscription.provider_id).where(*mine)).all()
        db.session.commit()
        for user_id, number in rows:
            if number not in self.seen:
                words = f"subscription {number} is not known to the provider"
                yield self.mend(words, lambda u=user_id, n=number: kept(u, n))

    def invoices(self) -> Iterator[Difference]:
        """Each that was paid, against the ledger."""
        which = {"created": {"gte": int(self.since.timestamp())}} if self.since else {}
        for invoice in fetching.all_invoices(status="paid", **which):
            self.seen.add(invoice["id"])
            if invoice["amount_paid"] and not is_in_ledger(invoice["id"]):
                yield from self.missing(invoice)

    def missing(self, invoice: dict[str, Any]) -> Iterator[Difference]:
        number = reading.subscription_of(invoice)
        told = fetching.fetch_subscription(number) if number else None
        if told and reading.is_sold_here(reading.subscription_said(told), settings()):
            words = f"invoice {invoice['id']} was paid, and is not in the ledger"
            yield self.mend(words, lambda: self.add(invoice))

    @staticmethod
    def add(invoice: dict[str, Any]) -> int:
        payer = Payment.payer_of(invoice["id"]) or person_behind(reading.id_of(invoice["customer"]) or "")
        added = keep_money(payer, invoice) if payer else 0
        if payer:
            AuditEvent.note("payment added", f"user {payer}", after={"invoice": invoice["id"]})
        db.session.commit()
        return added

    def ledger(self) -> Iterator[Difference]:
        """What is in the ledger, and not at the provider; nothing is ever taken out of it."""
        paid = [Payment.provider == STRIPE, Payment.kind == "payment", Payment.tax_minor.is_not(None)]
        if self.since:
            # An invoice may be paid some time after it was made.
            paid.append(Payment.at >= self.since + timedelta(days=30))
        for number in db.session.scalars(select(Payment.provider_id).where(*paid)).all():
            if number not in self.seen and fetching.fetch_invoice(number) is None:
                yield Difference(f"invoice {number} is in the ledger, and not known to the provider")


def in_batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        yield some


def differing(row: Subscription | None, told: SubscriptionSaid) -> list[str]:
    """The columns in which a row is not what is said."""
    if row is None:
        return ["everything"]
    return [name for name, value in Billing.columns(told, row).items() if getattr(row, name) != value]


def kept(user_id: UUID, provider_id: str) -> bool:
    def keep(keeper: Keeper) -> bool:
        return keeper.subscription(provider_id)

    return bool(under_lock(user_id, keep))


def is_in_ledger(invoice_id: str) -> bool:
    this = (Payment.provider == STRIPE, Payment.provider_id == invoice_id)
    return db.session.scalar(select(Payment.id).where(*this)) is not None
