from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from caloria.models.subscription import OURS, Subscription

TRIAL_ENDS, PAYMENT_FAILED = "trial-ends", "payment-failed"


class PlanNotice(NamedTuple):
    """What a day says of the plan, once: a trial that ends soon, or a payment that did not come."""

    kind: str
    at: datetime

    @property
    def key(self) -> str:
        """What it is recognised by when it was read."""
        return f"{self.kind} {self.at:%Y-%m-%d}"

    @classmethod
    def said(cls, trial_ends: datetime | None, payment_failed: datetime | None) -> "PlanNotice | None":
        if payment_failed:
            return cls(PAYMENT_FAILED, payment_failed)
        return cls(TRIAL_ENDS, trial_ends) if trial_ends else None


_mine = Subscription.user_id == bindparam("user_id")
_other = aliased(Subscription)
_goes_on = or_(
    and_(_other.customer_id.is_not(None), _other.status.in_(("trialing", "active", "past_due"))),
    and_(_other.provider == OURS, _other.status == "active", _other.paid_until > bindparam("soon")),
)
# Parts of the one statement that a day asks beside its meals.
TRIAL_SOON = select(Subscription.paid_until).where(
    _mine,
    Subscription.provider == OURS,
    Subscription.status == "trialing",
    Subscription.paid_until.between(bindparam("now"), bindparam("soon")),
    ~exists().where(_other.user_id == bindparam("user_id"), _goes_on),
)
FAILED_SINCE = select(Subscription.past_due_since).where(
    _mine, Subscription.customer_id.is_not(None), Subscription.status == "past_due"
)
