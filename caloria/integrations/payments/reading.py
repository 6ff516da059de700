"""What Stripe says of subscriptions and invoices, in the words and columns of ours."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from caloria.integrations.payments import fetching
from caloria.integrations.payments.failure import NothingToTake, PriceDiffers
from caloria.models.billing import STRIPE, SubscriptionSaid
from config import Config
from settings.money import MOST_MINOR, Money

# Their word, and ours. A status that is not here yet leaves the subscription as it was.
STATUSES = {each: each for each in ("trialing", "incomplete", "active", "past_due", "unpaid", "paused")}
STATUSES |= {"canceled": "canceled", "incomplete_expired": "canceled"}
# The provider counts the period that was not paid yet.
NOT_PAID = ("past_due", "unpaid", "paused")
PERSON = "caloria_user"
log = logging.getLogger(__name__)


def subscription_said(said: dict[str, Any]) -> SubscriptionSaid:
    """What they say of a subscription. Raises NothingToTake."""
    item = one_item(said)
    price = item["price"]
    status = STATUSES.get(said["status"])
    if status is None:
        log.error("The payment provider calls a subscription by a status that is not known here")
    return SubscriptionSaid(
        provider_id=said["id"],
        status=status,
        customer_id=id_of(said["customer"]) or "",
        price_id=price["id"],
        amount_minor=amount((price["unit_amount"] or 0) * (item.get("quantity") or 1)),
        currency=currency(price["currency"]),
        billed_per=(price.get("recurring") or {}).get("interval", ""),
        started_at=moment(said["start_date"]),
        paid_until=paid_until(said, item),
        canceled_at=moment_or_none(said.get("ended_at") or said.get("canceled_at"))
        if status == "canceled"
        else None,
        cancel_at_period_end=bool(said.get("cancel_at_period_end") or said.get("cancel_at")),
        past_due_since=past_due_since(said),
    )


def one_item(said: dict[str, Any]) -> dict[str, Any]:
    items = said["items"]["data"]
    if len(items) != 1:
        raise NothingToTake("a subscription is of one price")
    return items[0]


def paid_until(said: dict[str, Any], item: dict[str, Any]) -> datetime | None:
    status, end = said["status"], item["current_period_end"]
    if status in ("incomplete", "incomplete_expired"):
        return None
    if status in NOT_PAID:
        return moment(item["current_period_start"])
    if status == "canceled" and said.get("ended_at"):
        end = min(end, said["ended_at"])
    return moment(end)


def past_due_since(said: dict[str, Any]) -> datetime | None:
    """Since when the newest invoice could not be taken: the same, whichever event is heard first."""
    if said["status"] != "past_due":
        return None
    invoice = said.get("latest_invoice")
    if not isinstance(invoice, dict):
        return moment(one_item(said)["current_period_start"])
    return moment(invoice["status_transitions"].get("finalized_at") or invoice["created"])


def is_sold_here(said: SubscriptionSaid, config: Config) -> bool:
    """Whether it is of a price of ours: an account may sell other things too."""
    return said.price_id in (*config.stripe_prices_month, *config.stripe_prices_year)


def require_told_price(said: SubscriptionSaid, config: Config) -> None:
    """Raises PriceDiffers where what is sold now costs something else than people are told."""
    for prices, told, interval in sold(config):
        if prices and said.price_id == prices[0] and told is not None:
            asked_for = (Money(said.amount_minor, said.currency), said.billed_per)
            if asked_for != (told, interval):
                raise PriceDiffers("the provider charges something else than PLUS_PER_MONTH or _YEAR says")


def sold(config: Config) -> Iterator[tuple[list[str], Money | None, str]]:
    yield config.stripe_prices_month, config.plus_per_month, "month"
    yield config.stripe_prices_year, config.plus_per_year, "year"


def payments_said(invoice: dict[str, Any], about_a_refund: bool = False) -> Iterator[dict[str, Any]]:
    """Every movement of money for an invoice, as the columns of the ledger. Raises NothingToTake.

    One that failed leaves no trace on the charge: `about_a_refund` has them asked for in any case.
    """
    common = of_invoice(invoice)
    if invoice["status"] == "paid" and amount(invoice["amount_paid"]):
        taxes = sum(each["amount"] for each in invoice.get("total_taxes") or [])
        paid_at = invoice["status_transitions"].get("paid_at") or invoice["created"]
        yield common | row("payment", invoice["id"], invoice["amount_paid"], paid_at, tax_minor=amount(taxes))
    for intent in intents(invoice):
        yield from (common | each for each in movements(intent, about_a_refund))


def movements(intent: str, about_a_refund: bool) -> Iterator[dict[str, Any]]:
    """What could not be taken, was given back, or was taken away by a bank."""
    charges = fetching.charges_of(intent)
    for each in charges:
        if each["status"] == "failed":
            yield row("failed", each["id"], each["amount"], each["created"])
    if about_a_refund or any(each["amount_refunded"] for each in charges):
        for each in fetching.refunds_of(intent):
            yield from refund(each)
    if any(each["disputed"] for each in charges):
        for each in fetching.disputes_of(intent):
            yield from dispute(each)


def refund(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One that failed came back: nothing that stands in the ledger is changed."""
    if said["status"] in ("succeeded", "failed"):
        yield row("refund", said["id"], said["amount"], said["created"])
    if said["status"] == "failed":
        yield row("payment", f"{said['id']} failed", said["amount"], said["created"])


def dispute(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A warning takes no money away yet; what is won comes back whole."""
    if said["status"].startswith("warning") or said["status"] == "prevented":
        return
    yield row("dispute", said["id"], said["amount"], said["created"])
    if said["status"] == "won":
        back = [each["created"] for each in said["balance_transactions"] if each["amount"] > 0]
        yield row("dispute_won", f"{said['id']} won", said["amount"], max(back, default=said["created"]))


def row(kind: str, provider_id: str, minor: int, at: int, **more: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "provider_id": provider_id,
        "amount_minor": amount(minor),
        "at": moment(at),
        "tax_minor": None,
        **more,
    }


def of_invoice(invoice: dict[str, Any]) -> dict[str, Any]:
    ends = [each["period"] for each in invoice["lines"]["data"]]
    period = max(ends, key=lambda each: each["end"], default=None)
    return {
        "provider": STRIPE,
        "currency": currency(invoice["currency"]),
        "invoice_id": invoice["id"],
        "invoice_number": invoice.get("number"),
        "subscription_id": subscription_of(invoice),
        "period_start": moment_or_none(period and period["start"]),
        "period_end": moment_or_none(period and period["end"]),
    }


def subscription_of(invoice: dict[str, Any]) -> str | None:
    """Of which subscription an invoice is; None where it is for something else."""
    details = (invoice.get("parent") or {}).get("subscription_details") or {}
    return id_of(details.get("subscription"))


def intents(invoice: dict[str, Any]) -> list[str]:
    rows = (invoice.get("payments") or {}).get("data", [])
    paid_by = [id_of(each["payment"].get("payment_intent")) for each in rows]
    return [each for each in paid_by if each]


def id_of(named: Any) -> str | None:
    """The number of what stands there, whole or as its number alone."""
    return named.get("id") if isinstance(named, dict) else named


def amount(minor: Any) -> int:
    """An amount in the smallest unit, as it may stand in the ledger. Raises NothingToTake."""
    if not isinstance(minor, int) or not 0 <= minor <= MOST_MINOR:
        raise NothingToTake("an amount that cannot be")
    return minor


def currency(text: str) -> str:
    if len(text) != 3 or not text.isascii() or not text.isalpha():
        raise NothingToTake("a currency that cannot be")
    return text.upper()


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def moment_or_none(seconds: int | None) -> datetime | None:
    return None if seconds is None else moment(seconds)
