"""Hearing an event: it is a hint; what it is about is fetched and kept, in one transaction with its row."""

import logging
from typing import Any

from caloria.extensions import db, settings
from caloria.integrations.payments import fetching, reading
from caloria.integrations.payments.calls import require_ready
from caloria.integrations.payments.client import client
from caloria.integrations.payments.event_facts import CHECKOUT, INVOICE, MONEY, SUBSCRIPTION, kind_of
from caloria.integrations.payments.failure import PaymentsUnavailable
from caloria.integrations.payments.keeping import Keeper, keep_money, locked
from caloria.models import Payment, PaymentEvent
from settings.log_lines import described

PROCESSED, IGNORED, UNMATCHED, DUPLICATE = "processed", "ignored", "unmatched", "duplicate"
log = logging.getLogger(__name__)


def hear(said: dict[str, Any], is_compared: bool = False) -> str:
    """Do what an event asks for, once; what became of it. Commits.

    Raises whatever goes wrong, after noting that: the provider sends it again. Where this data went back in
    time, only who compares it with the provider hears events.
    """
    client() if is_compared else require_ready()
    try:
        event = PaymentEvent.take(said)
        if event is None:
            db.session.rollback()
            return DUPLICATE
        became = act_on(said)
        event.end(became)
        db.session.commit()
        return became
    except Exception as error:
        note_failure(said, error)
        raise


def note_failure(said: dict[str, Any], error: Exception) -> None:
    """In a transaction of its own, since that of the event is gone with all it did."""
    db.session.rollback()
    facts = {"event": said["event_id"], "type": said["type"]}
    words = (said["type"], type(error).__name__)
    log.error("A payment event (%s) failed: %s", *words, extra={"facts": facts, "errors": described(error)})
    PaymentEvent.note_failure(said, type(error).__name__)
    db.session.commit()


def act_on(said: dict[str, Any]) -> str:
    kind = kind_of(said["type"])
    if kind is None or not said["object_id"]:
        return IGNORED
    return {SUBSCRIPTION: of_subscription, CHECKOUT: of_checkout, INVOICE: of_invoice, MONEY: of_money}[kind](
        said
    )


def of_subscription(said: dict[str, Any]) -> str:
    keeper = keeper_of(said["customer_id"])
    return became(keeper, keeper and keeper.subscription(said["object_id"]))


def of_checkout(said: dict[str, Any]) -> str:
    """A page of payment ended: what was bought there is a subscription, or nothing."""
    keeper = keeper_of(said["customer_id"])
    session = fetching.fetch_session(said["object_id"]) if keeper else None
    bought = reading.id_of((session or {}).get("subscription"))
    return became(keeper, keeper and bought and keeper.subscription(bought))


def of_invoice(said: dict[str, Any]) -> str:
    keeper = keeper_of(said["customer_id"])
    if keeper is None:
        return of_somebody_gone(said["object_id"])
    return became(keeper, keeper.invoice(said["object_id"]))


def of_money(said: dict[str, Any]) -> str:
    """A charge, a refund or a dispute: all that there is of its invoice is looked through."""
    invoice_id = invoice_of(said["object_id"])
    invoice = fetching.fetch_invoice(invoice_id) if invoice_id else None
    if invoice is None:
        return IGNORED
    keeper = keeper_of(reading.id_of(invoice["customer"]))
    if keeper is None:
        return of_somebody_gone(invoice["id"])
    return became(keeper, keeper.invoice(invoice["id"], about_a_refund="refund" in said["type"]))


def of_somebody_gone(invoice_id: str) -> str:
    """The account was erased: by law, what is paid or given back still goes into the ledger."""
    payer = Payment.payer_of(invoice_id)
    invoice = fetching.fetch_invoice(invoice_id) if payer else None
    if payer is None or invoice is None:
        return UNMATCHED
    keep_money(payer, invoice, about_a_refund=True)
    return PROCESSED


def invoice_of(object_id: str) -> str | None:
    intent = reading.id_of(fetching.fetch_movement(object_id).get("payment_intent"))
    return fetching.invoice_of(intent) if intent else None


def keeper_of(customer_id: str | None) -> Keeper | None:
    billing = locked(customer_id) if customer_id else None
    return Keeper(billing) if billing else None


def became(keeper: Keeper | None, is_ours: Any) -> str:
    if keeper is None:
        return UNMATCHED
    return PROCESSED if is_ours else IGNORED


def replay(event: PaymentEvent) -> str:
    """Hear a stored event once more, noting who asked for that. Raises PaymentsUnavailable and others."""
    if event.livemode != (settings().environment == "production"):
        raise PaymentsUnavailable("an event of the other mode")
    said = event.begin_again()
    db.session.commit()
    return hear(said)
