"""How a person's subscriptions stand at the provider now: the news of it may not have come yet."""

from caloria.extensions import db
from caloria.integrations.payments import fetching
from caloria.integrations.payments.calls import require_ready
from caloria.integrations.payments.keeping import Keeper, under_lock
from caloria.models import PaymentCustomer, User
from caloria.models.billing import STRIPE


def refresh(user: User) -> None:
    """Ask how the person's subscriptions stand, as on coming back from paying. Raises PaymentsUnavailable."""
    require_ready()
    number = PaymentCustomer.number_of(user.id, STRIPE)
    db.session.commit()
    if number:
        under_lock(user.id, lambda keeper: keep_all(keeper, number))


def keep_all(keeper: Keeper, customer: str) -> None:
    for said in fetching.subscriptions_of(customer):
        keeper.said_of_subscription(said)
