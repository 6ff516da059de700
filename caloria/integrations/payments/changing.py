"""What a person, or an operator, does with a subscription that exists.

The answer to a change is old once it is here: the subscription is fetched anew under the lock and kept so.
"""

from typing import Any

from caloria.extensions import db
from caloria.integrations.payments import fetching
from caloria.integrations.payments.buying import current_price, require_told_price
from caloria.integrations.payments.calls import made, require_ready
from caloria.integrations.payments.client import asked, found
from caloria.integrations.payments.failure import PaymentsUnavailable
from caloria.integrations.payments.keeping import under_lock
from caloria.integrations.payments.reading import intents, one_item
from caloria.models import PaymentCustomer, Subscription, User
from caloria.models.billing import STRIPE


def cancel(subscription: Subscription) -> None:
    """Charge no more; it goes on until the end of what is paid. Raises PaymentsUnavailable."""
    update(subscription, "cancel", {"cancel_at_period_end": True})


def resume(subscription: Subscription) -> None:
    """Go on after all. Raises PaymentsUnavailable."""
    now = fetching.fetch_subscription(subscription.provider_id) or {}
    at_a_date = now.get("cancel_at") and not now.get("cancel_at_period_end")
    update(subscription, "resume", {"cancel_at": ""} if at_a_date else {"cancel_at_period_end": False})


def switch(subscription: Subscription, interval: str) -> None:
    """Pay by the month or by the year from now on; what was paid and not used is taken off.

    Raises PaymentDeclined where the card does not pay the difference, or PaymentsUnavailable.
    """
    price = current_price(interval)
    require_told_price(price, interval)
    now = fetching.fetch_subscription(subscription.provider_id)
    if now is None:
        raise PaymentsUnavailable("there is no such subscription any more")
    asks = {
        "items": [{"id": one_item(now)["id"], "price": price}],
        "proration_behavior": "always_invoice",
        "payment_behavior": "error_if_incomplete",
    }
    update(subscription, f"switch to {interval}", asks)


def update(subscription: Subscription, intent: str, asks: dict[str, Any]) -> None:
    user_id, number = subscription.user_id, subscription.provider_id
    made(user_id, f"{intent} {number}", lambda v1, key: v1.subscriptions.update(number, asks, key))
    under_lock(user_id, lambda keeper: keeper.subscription(number))


def refresh(user: User) -> None:
    """Ask how the person's subscriptions stand, as on coming back from paying. Raises PaymentsUnavailable."""
    require_ready()
    number = PaymentCustomer.number_of(user.id, STRIPE)
    db.session.commit()
    if number:
        under_lock(user.id, lambda keeper: keep_all(keeper, number))


def keep_all(keeper: Any, customer: str) -> None:
    for said in fetching.subscriptions_of(customer):
        keeper.said_of_subscription(said)


def end(provider_id: str, with_refund: bool = False) -> None:
    """End a subscription at once, and give back what was paid for it where that is said.

    Done twice it is done once: what has ended stays so, and the keys are made of its number.
    Raises PaymentsUnavailable.
    """
    require_ready()
    now = fetching.fetch_subscription(provider_id)
    if now is None:
        return
    if now["status"] not in ("canceled", "incomplete_expired"):
        keys = {"idempotency_key": f"caloria end {provider_id}"}
        found(lambda v1: v1.subscriptions.cancel(provider_id, {}, keys))
    if with_refund:
        for invoice in fetching.all_invoices(subscription=provider_id):
            give_back(invoice)


def give_back(invoice: dict[str, Any]) -> None:
    for intent in intents(invoice) if invoice["status"] == "paid" else []:
        charges = fetching.charges_of(intent)
        left = sum(each["amount"] - each["amount_refunded"] for each in charges if each["paid"])
        if left > 0:
            keys = {"idempotency_key": f"caloria give back {intent}"}
            asks = {"payment_intent": intent, "reason": "duplicate"}
            asked(lambda v1, asks=asks, keys=keys: v1.refunds.create(asks, keys))
