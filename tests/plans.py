"""Plus as it is sold in tests, and people who pay for it in every way."""

from datetime import timedelta

from caloria.extensions import db, settings
from caloria.models import Payment, Subscription
from caloria.models.clock import utc_now
from caloria.models.ids import new_id
from settings.money import Money

DAY = timedelta(days=1)


def sell(monkeypatch, way: str = "stripe") -> None:
    """Have Plus sold, or given by hand, by the app of this test."""
    told = {"payments": way, "plus_per_month": Money(499, "EUR"), "plus_per_year": Money(4900, "EUR")}
    # Nobody listens there.
    told |= {"stripe_secret_key": "sk_test_0", "stripe_api_url": "http://127.0.0.1:1"}
    told |= {"stripe_prices_month": ["price_month"], "stripe_prices_year": ["price_year"]}
    for name, value in told.items():
        monkeypatch.setattr(settings(), name, value)


def subscribe(person, status: str, **more) -> Subscription:
    """Let somebody have a subscription at the provider; days stand for moments from now on."""
    dated = {name: utc_now() + each * DAY if is_days(name) else each for name, each in more.items()}
    said = {"provider": "stripe", "provider_id": f"sub_{person.id}", "customer_id": f"cus_{person.id}"}
    said |= {
        "started_at": utc_now() - 40 * DAY,
        "amount_minor": 499,
        "currency": "EUR",
        "billed_per": "month",
    }
    subscription = Subscription(user_id=person.id, id=new_id(), **{**said, "status": status, **dated})
    db.session.add(subscription)
    db.session.commit()
    return subscription


def is_days(name: str) -> bool:
    return name in ("paid_until", "past_due_since", "canceled_at")


def pay(person, invoice: str, kind: str = "payment", **more) -> None:
    """Put a movement of money into the ledger."""
    said = {"provider": "stripe", "provider_id": f"{invoice} {kind}", "at": utc_now(), "invoice_id": invoice}
    said |= {"amount_minor": 499, "tax_minor": 87, "currency": "EUR", "kind": kind}
    db.session.add(Payment(user_id=person.id, **{**said, **more}))
    db.session.commit()
