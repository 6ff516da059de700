from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from caloria.extensions import db
from caloria.models import plan_news
from caloria.models.audit_event import AuditEvent
from caloria.models.clock import utc_now
from caloria.models.job import Job
from caloria.models.subscription import Subscription
from caloria.models.user import User

STRIPE = "stripe"
# What a person has paid for; the rest only waits to be.
PAID_FOR = ("trialing", "active", "past_due")
NOTED = ("status", "price_id", "billed_per", "paid_until", "cancel_at_period_end")


@dataclass(frozen=True)
class SubscriptionSaid:
    """A subscription as the one who takes the money says that it is now."""

    provider_id: str
    # None where it is a word that is not known here.
    status: str | None
    customer_id: str
    price_id: str
    amount_minor: int
    currency: str
    billed_per: str
    started_at: datetime
    paid_until: datetime | None
    canceled_at: datetime | None
    cancel_at_period_end: bool
    past_due_since: datetime | None

    @property
    def is_open(self) -> bool:
        return self.status != "canceled"

    @property
    def rank(self) -> tuple[bool, datetime, str]:
        """Which of two open ones a person keeps: what is paid for, then what was first."""
        return self.status not in PAID_FOR, self.started_at, self.provider_id


class Billing:
    """What one person pays through a provider, kept as the provider says, one change at a time."""

    def __init__(self, user_id: UUID):
        self.user_id = user_id

    @classmethod
    def of(cls, user_id: UUID) -> "Billing | None":
        """The billing of a person, locked until the transaction ends; None where the account is gone.

        The lock keeps no diary waiting: an entry only asks that the person is there.
        """
        person = select(User.id).where(User.id == user_id).with_for_update(key_share=True)
        return cls(user_id) if db.session.scalar(person) else None

    def subscription(self, provider_id: str) -> Subscription | None:
        mine = (Subscription.provider == STRIPE, Subscription.provider_id == provider_id)
        return db.session.scalar(select(Subscription).where(*mine, Subscription.user_id == self.user_id))

    def open_beside(self, provider_id: str) -> Subscription | None:
        """Another subscription of this person that has not ended."""
        mine = (Subscription.user_id == self.user_id, Subscription.customer_id.is_not(None))
        others = (Subscription.provider_id != provider_id, Subscription.status != "canceled")
        return db.session.scalar(select(Subscription).where(*mine, *others))

    def take(self, said: SubscriptionSaid, known: Subscription | None) -> None:
        """Keep what is said of a subscription, in its row if there is one. No other may be open."""
        row = known or self.begin(said)
        before = {name: getattr(row, name) for name in NOTED}
        for name, value in self.columns(said, row).items():
            setattr(row, name, value)
        row.checked_at = utc_now()
        db.session.flush()
        self.note("subscription change", row, before)
        plan_news.tell(row, before)

    def begin(self, said: SubscriptionSaid) -> Subscription:
        row = Subscription(user_id=self.user_id, provider=STRIPE, provider_id=said.provider_id)
        db.session.add(row)
        return row

    @staticmethod
    def columns(said: SubscriptionSaid, row: Subscription) -> dict:
        """What is stored; a status that is not known leaves the one before."""
        values = {name: value for name, value in vars(said).items() if name != "provider_id"}
        return values | {"status": said.status or row.status or "incomplete"}

    def put_aside(self, said: SubscriptionSaid) -> None:
        """Have a second subscription ended at the provider, and its money given back.

        Here it has ended already: a person has one at a time.
        """
        row = self.subscription(said.provider_id) or self.begin(said)
        is_new = row.status != "canceled"
        before = {name: getattr(row, name) for name in NOTED}
        for name, value in self.columns(said, row).items():
            setattr(row, name, value)
        row.status, row.canceled_at, row.checked_at = "canceled", row.canceled_at or utc_now(), utc_now()
        db.session.flush()
        key = f"end second subscription {said.provider_id}"
        Job.put("end_subscription", key=key, provider_id=said.provider_id, with_refund=True)
        if is_new:
            self.note("second subscription", row, before)

    def lose(self, row: Subscription) -> None:
        """The provider knows a subscription no more: it has ended."""
        before = {name: getattr(row, name) for name in NOTED}
        row.status, row.canceled_at, row.checked_at = "canceled", utc_now(), utc_now()
        db.session.flush()
        self.note("subscription change", row, before)
        plan_news.tell(row, before)

    def note(self, act: str, row: Subscription, before: dict) -> None:
        """Note in the audit what changed, if anything did."""
        after = {name: getattr(row, name) for name in NOTED}
        changed = [name for name in NOTED if before[name] != after[name]]
        if changed:
            said = [{name: plain(values[name]) for name in changed} for values in (before, after)]
            AuditEvent.note(act, row, before=said[0], after=said[1] | {"user": str(self.user_id)})


def plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
