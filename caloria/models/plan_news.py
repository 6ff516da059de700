from typing import Any

from caloria.models.clock import utc_now
from caloria.models.job import Job
from caloria.models.subscription import Subscription

# What somebody had, or had to see to, before it was over.
UNDER_WAY = ("trialing", "active", "past_due", "unpaid", "paused")


def tell(subscription: Subscription, before: dict[str, Any]) -> None:
    """Have the person mailed what they should know of a change; `before` holds what the columns were."""
    if subscription.status == "past_due" and before["status"] != "past_due":
        since = subscription.past_due_since or utc_now()
        put("payment_failed", subscription, f"{since:%Y-%m-%d}")
    was_over = before["cancel_at_period_end"] or before["status"] not in UNDER_WAY
    if not was_over and (subscription.cancel_at_period_end or subscription.status == "canceled"):
        put("plus_cancelled", subscription, f"{subscription.paid_until or utc_now():%Y-%m-%d}")


def put(task: str, subscription: Subscription, when: str) -> None:
    """Once, however often the provider says so."""
    Job.put(task, f"{task} {subscription.provider_id} {when}"[:200], user_id=str(subscription.user_id))
