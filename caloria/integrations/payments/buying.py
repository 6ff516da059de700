"""The provider's pages on which a person pays, and sees to their card and invoices."""

from typing import Any, NamedTuple

from caloria.extensions import db, settings
from caloria.integrations.payments.calls import made, require_ready
from caloria.integrations.payments.client import asked, found, is_on
from caloria.integrations.payments.failure import PaymentsUnavailable, PriceDiffers
from caloria.integrations.payments.fetching import fetch_price, fetch_session
from caloria.integrations.payments.reading import PERSON, sold
from caloria.models import PaymentCall, PaymentCustomer, User
from caloria.models.billing import STRIPE, Billing
from settings.money import Money

INTERVALS = ("month", "year")


class Urls(NamedTuple):
    """Where the person comes back to: once it is paid, and where they left the page instead."""

    success: str
    cancel: str


def checkout(user: User, interval: str, urls: Urls) -> str:
    """The address of a page on which the person pays. Coming back from it proves nothing.

    Whoever has a subscription that has not ended is led to where they see to that one.
    Raises PaymentsUnavailable.
    """
    require_ready()
    if Billing(user.id).open_beside(""):
        return portal(user, urls.cancel)
    price = current_price(interval)
    require_told_price(price, interval)
    customer = customer_of(user)
    leave_other_pages(user, interval)
    asks = session_of(user, customer, price, urls)
    page = made(
        user.id,
        f"checkout {interval}",
        lambda v1, key: v1.checkout.sessions.create(asks, key),
        unless=lambda: open_session(user, interval),
    )
    return page["url"]


def session_of(user: User, customer: str, price: str, urls: Urls) -> dict[str, Any]:
    named = {PERSON: str(user.id)}
    tax = {"automatic_tax": {"enabled": True}, "customer_update": {"address": "auto"}}
    return {
        "mode": "subscription",
        "customer": customer,
        "client_reference_id": str(user.id),
        "line_items": [{"price": price, "quantity": 1}],
        "success_url": urls.success,
        "cancel_url": urls.cancel,
        "locale": user.language,
        "subscription_data": {"metadata": named, **days_that_stay(user)},
        **(tax if settings().stripe_tax else {}),
    }


def days_that_stay(user: User) -> dict[str, int]:
    """What is left of a trial stays free: the first payment is at its end."""
    first = user.plan_standing.first_payment_at
    return {"trial_end": int(first.timestamp())} if first else {}


def portal(user: User, return_url: str) -> str:
    """The address of a page for the card and the invoices; it ends soon. Raises PaymentsUnavailable."""
    require_ready()
    customer = PaymentCustomer.number_of(user.id, STRIPE)
    if customer is None:
        raise PaymentsUnavailable("nothing was ever paid")
    asks = {"customer": customer, "return_url": return_url, "locale": user.language}
    db.session.commit()
    return asked(lambda v1: v1.billing_portal.sessions.create(asks))["url"]


def current_price(interval: str) -> str:
    """The number of the price that is sold."""
    if not is_on() or interval not in INTERVALS:
        raise PaymentsUnavailable("nothing is sold so")
    return {each: prices for prices, _told, each in sold(settings())}[interval][0]


def require_told_price(number: str, interval: str) -> None:
    """Nobody is charged anything else than they were told. Raises PriceDiffers or PaymentsUnavailable."""
    told = {each: money for _prices, money, each in sold(settings())}[interval]
    db.session.commit()
    price = fetch_price(number)
    if price is None or not price["active"]:
        raise PriceDiffers(f"the provider sells nothing as STRIPE_PRICE_{interval.upper()}")
    theirs = Money(price["unit_amount"] or 0, price["currency"].upper())
    if theirs != told or (price["recurring"] or {}).get("interval") != interval:
        raise PriceDiffers(f"PLUS_PER_{interval.upper()} is not what the provider charges")


def customer_of(user: User) -> str:
    """The person's number at the provider; they are told of there where they are new."""

    def known() -> dict[str, Any] | None:
        number = PaymentCustomer.number_of(user.id, STRIPE)
        return {"id": number} if number else None

    asks = {"email": user.email, "preferred_locales": [user.language], "metadata": {PERSON: str(user.id)}}
    answer = known() or made(
        user.id,
        "customer",
        lambda v1, key: v1.customers.create(asks, key),
        unless=known,
        keep=lambda answer: PaymentCustomer.note(user.id, STRIPE, answer["id"]),
    )
    return answer["id"]


def open_session(user: User, interval: str) -> dict[str, Any] | None:
    """The page that was opened before, where it still waits: two of them could both be paid."""
    call = PaymentCall.newest(user.id, f"checkout {interval}")
    page = fetch_session(call.answer) if call and (call.answer or "").startswith("cs_") else None
    return page if page and page["status"] == "open" else None


def leave_other_pages(user: User, interval: str) -> None:
    """Close the page of the other price, if one waits."""
    for other in INTERVALS:
        page = open_session(user, other) if other != interval else None
        if page:
            found(lambda v1, number=page["id"]: v1.checkout.sessions.expire(number))
    db.session.commit()
