"""What the provider says now, kept under the lock of the person it is about: whatever came first."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from caloria.extensions import db, settings
from caloria.integrations.payments import fetching, reading
from caloria.models import Payment, PaymentCustomer, Subscription
from caloria.models.billing import STRIPE, Billing, SubscriptionSaid


class Keeper:
    """Keeps what is said of one person, whose row it has locked."""

    def __init__(self, billing: Billing):
        self.billing = billing

    def subscription(self, provider_id: str) -> bool:
        """Fetch a subscription and keep it; False where it is none of ours. Raises PriceDiffers."""
        said = fetching.fetch_subscription(provider_id)
        if said is None:
            return self.lost(provider_id)
        return self.said_of_subscription(said)

    def said_of_subscription(self, said: dict[str, Any]) -> bool:
        """Keep what was fetched under this lock."""
        told = reading.subscription_said(said)
        known = self.billing.subscription(told.provider_id)
        if not (known or reading.is_sold_here(told, settings())):
            return False
        if not (known and known.price_id == told.price_id):
            reading.require_told_price(told, settings())
        self.one_of_two(told, known)
        return True

    def one_of_two(self, told: SubscriptionSaid, known: Subscription | None) -> None:
        """Keep it beside no other open one: of two, the later ends and is given back."""
        other = self.billing.open_beside(told.provider_id) if told.is_open else None
        rival = self.now(other.provider_id) if other else None
        if rival is None or not rival.is_open:
            return self.billing.take(told, known)
        if told.rank < rival.rank:
            self.billing.put_aside(rival)
            return self.billing.take(told, known)
        return self.billing.put_aside(told)

    def now(self, provider_id: str) -> SubscriptionSaid | None:
        """The other one as it is at this moment: its end may not have been heard of yet."""
        said = fetching.fetch_subscription(provider_id)
        if said is None:
            self.lost(provider_id)
            return None
        told = reading.subscription_said(said)
        if not told.is_open:
            self.billing.take(told, self.billing.subscription(provider_id))
        return told

    def lost(self, provider_id: str) -> bool:
        row = self.billing.subscription(provider_id)
        if row is not None and row.status != "canceled":
            self.billing.lose(row)
        return row is not None

    def invoice(self, provider_id: str, about_a_refund: bool = False) -> bool:
        """Fetch an invoice; keep its money and its subscription. False where it is none of ours."""
        said = fetching.fetch_invoice(provider_id)
        subscription_id = reading.subscription_of(said) if said else None
        if said is None or subscription_id is None or not self.subscription(subscription_id):
            return False
        keep_money(self.billing.user_id, said, about_a_refund)
        return True


def keep_money(user_id: UUID, invoice: dict[str, Any], about_a_refund: bool = False) -> int:
    """Add to the ledger what is not in it yet; how much that was."""
    return sum(Payment.note(user_id, row) for row in reading.payments_said(invoice, about_a_refund))


def person_behind(customer_id: str) -> UUID | None:
    """Whose number this is: as it is stored here, or as the customer itself says it."""
    return PaymentCustomer.behind(STRIPE, customer_id) or person_named_by(customer_id)


def person_named_by(customer_id: str) -> UUID | None:
    customer = fetching.fetch_customer(customer_id)
    named = (customer or {}).get("metadata", {}).get(reading.PERSON, "")
    return UUID(named) if is_uuid(named) else None


def locked(customer_id: str) -> Billing | None:
    """The billing of whoever has this number, locked; None where that is nobody here."""
    known = PaymentCustomer.behind(STRIPE, customer_id)
    user_id = known or person_named_by(customer_id)
    billing = Billing.of(user_id) if user_id else None
    if billing and not known:
        PaymentCustomer.note(billing.user_id, STRIPE, customer_id)
    return billing


def is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def under_lock(user_id: UUID, act: Callable[[Keeper], Any]) -> Any:
    """Do something with the person's billing and commit it; None where the person is gone."""
    billing = Billing.of(user_id)
    done = act(Keeper(billing)) if billing else None
    db.session.commit()
    return done
