"""What is kept of an event: numbers alone. What it says of the person and the card is not read."""

import json
from typing import Any

from caloria.integrations.payments.reading import id_of, moment
from caloria.models.billing import STRIPE

SUBSCRIPTION, INVOICE, MONEY, CHECKOUT = "subscription", "invoice", "money", "checkout"
# By how their types begin. What else is sent says the same once more, or is none of our business.
KINDS = {
    "customer.subscription.": SUBSCRIPTION,
    "checkout.session.": CHECKOUT,
    "invoice.paid": INVOICE,
    "invoice.payment_failed": INVOICE,
    "invoice.voided": INVOICE,
    "invoice.marked_uncollectible": INVOICE,
    "charge.refund": MONEY,
    "charge.dispute.": MONEY,
    "refund.": MONEY,
}


class NoEvent(ValueError):
    """What came is signed, and still no event."""


def facts_of(body: bytes) -> dict[str, Any]:
    """Raises NoEvent."""
    try:
        return facts(json.loads(body))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError) as error:
        raise NoEvent from error


def facts(said: dict[str, Any]) -> dict[str, Any]:
    """The columns of an event as the provider sends and lists it."""
    about = said["data"]["object"]
    named = id_of(about["customer"]) if about.get("customer") else None
    told = {
        "provider": STRIPE,
        "event_id": text(said["id"]),
        "type": text(said["type"]),
        "object_id": text(about.get("id") or "") or None,
        "customer_id": named or (text(about["id"]) if about.get("object") == "customer" else None),
        "livemode": said["livemode"],
        "occurred_at": moment(said["created"]),
    }
    if said.get("object") != "event" or not isinstance(told["livemode"], bool) or not told["event_id"]:
        raise NoEvent
    return told


def text(said: Any) -> str:
    if not isinstance(said, str) or len(said) > 255 or not said.isprintable():
        raise NoEvent
    return said


def kind_of(event_type: str) -> str | None:
    """What an event is about; None where nothing is to be done about it."""
    return next((kind for begins, kind in KINDS.items() if event_type.startswith(begins)), None)
