"""Events of the payment provider: heard once, in any order, and from nobody else."""

from provider import send
from sqlalchemy import select

from caloria.extensions import db
from caloria.models import Payment, Subscription


def rows(model) -> list:
    return list(db.session.scalars(select(model).order_by(model.id)))


def test_what_a_person_paid_is_known_from_its_event(client, alice, provider):
    bought = provider.buy(alice)
    for event in provider.events:
        assert send(client, event).status_code == 200
    (subscription,) = rows(Subscription)
    assert (subscription.user_id, subscription.provider_id) == (alice.id, bought["id"])
    assert (subscription.status, subscription.amount_minor, subscription.currency) == ("active", 499, "EUR")
    (payment,) = rows(Payment)
    assert (payment.kind, payment.amount_minor, payment.tax_minor) == ("payment", 499, 87)
    assert payment.subscription_id == bought["id"]
