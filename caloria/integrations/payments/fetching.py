"""What the provider says now, as plain values. All of these raise PaymentsUnavailable."""

from collections.abc import Iterator
from typing import Any

from caloria.integrations.payments.client import asked, found, listed

AT_ONCE = 100
WITH_INVOICE = {"expand": ["latest_invoice"]}
WITH_PAYMENTS = {"expand": ["payments"]}


def fetch_subscription(provider_id: str) -> dict[str, Any] | None:
    return found(lambda v1: v1.subscriptions.retrieve(provider_id, WITH_INVOICE))


def fetch_invoice(provider_id: str) -> dict[str, Any] | None:
    return found(lambda v1: v1.invoices.retrieve(provider_id, WITH_PAYMENTS))


def fetch_session(provider_id: str) -> dict[str, Any] | None:
    return found(lambda v1: v1.checkout.sessions.retrieve(provider_id))


def fetch_customer(provider_id: str) -> dict[str, Any] | None:
    return found(lambda v1: v1.customers.retrieve(provider_id))


def fetch_price(provider_id: str) -> dict[str, Any] | None:
    return found(lambda v1: v1.prices.retrieve(provider_id))


def fetch_movement(provider_id: str) -> dict[str, Any]:
    """A charge, a refund or a dispute, by its number; nothing where there is none."""
    begins = provider_id.partition("_")[0]
    if begins in ("du", "dp"):
        return found(lambda v1: v1.disputes.retrieve(provider_id)) or {}
    if begins in ("re", "pyr"):
        return found(lambda v1: v1.refunds.retrieve(provider_id)) or {}
    return found(lambda v1: v1.charges.retrieve(provider_id)) or {}


def invoice_url(invoice_id: str) -> str | None:
    """Where the person sees an invoice; made anew each time, since such addresses end."""
    invoice = fetch_invoice(invoice_id)
    return invoice["hosted_invoice_url"] if invoice else None


def invoice_of(payment_intent: str) -> str | None:
    """For which invoice a payment was; None where it was for none."""
    asks = {"payment": {"type": "payment_intent", "payment_intent": payment_intent}, "limit": 1}
    rows = asked(lambda v1: v1.invoice_payments.list(asks))["data"]
    return rows[0]["invoice"] if rows else None


def subscriptions_of(customer_id: str) -> Iterator[dict[str, Any]]:
    return all_subscriptions(customer=customer_id)


def all_subscriptions(**which: Any) -> Iterator[dict[str, Any]]:
    """Those that have ended too."""
    asks = {"status": "all", "limit": AT_ONCE, "expand": ["data.latest_invoice"], **which}
    return listed(lambda v1: v1.subscriptions.list(asks))


def all_invoices(**which: Any) -> Iterator[dict[str, Any]]:
    asks = {"limit": AT_ONCE, "expand": ["data.payments"], **which}
    return listed(lambda v1: v1.invoices.list(asks))


def all_events(**which: Any) -> Iterator[dict[str, Any]]:
    """Of the last 30 days; Stripe keeps no more."""
    return listed(lambda v1: v1.events.list({"limit": AT_ONCE, **which}))


def charges_of(payment_intent: str) -> list[dict[str, Any]]:
    return list(listed(lambda v1: v1.charges.list({"payment_intent": payment_intent, "limit": AT_ONCE})))


def refunds_of(payment_intent: str) -> list[dict[str, Any]]:
    return list(listed(lambda v1: v1.refunds.list({"payment_intent": payment_intent, "limit": AT_ONCE})))


def disputes_of(payment_intent: str) -> list[dict[str, Any]]:
    return list(listed(lambda v1: v1.disputes.list({"payment_intent": payment_intent, "limit": AT_ONCE})))
