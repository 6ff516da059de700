from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.kept import cached_property
from caloria.models.plan import FREE, PLUS, Plan, payments
from caloria.models.subscription import Subscription

if TYPE_CHECKING:
    from caloria.models.user import User

# What a payment that did not come may leave a subscription as.
TROUBLES = ("past_due", "unpaid", "paused", "incomplete")
# The provider takes no end of a trial that is nearer than two days.
KEPT_FROM = timedelta(hours=49)


class PlanStanding:
    """Which plan somebody has, and what it rests on. It is worked out from rows, and stands nowhere else."""

    def __init__(self, person: "User", now: datetime | None = None):
        self.person, self.now = person, now or utc_now()
        self.payments = payments()

    @cached_property
    def subscriptions(self) -> list[Subscription]:
        """All of the person's, the newest first: one statement, or none where they do not matter."""
        return [] if self.payments == "off" else list(db.session.scalars(Subscription.of(self.person)))

    @property
    def plan(self) -> Plan:
        return PLUS if self.payments == "off" or self.rests_on else FREE

    @property
    def rests_on(self) -> Subscription | None:
        """What gives Plus: what is paid for before what was granted, and both before a trial."""
        giving = [each for each in self.subscriptions if each.gives_plus(self.now)]
        return min(giving, key=lambda each: (each.is_trial, each.is_grant, not each.is_open), default=None)

    @property
    def open(self) -> Subscription | None:
        """What is paid for, or waits for a payment; the database holds one of them at most."""
        return next((each for each in self.subscriptions if each.is_open), None)

    @property
    def trouble(self) -> str | None:
        """How the open subscription stands, where that needs the person."""
        return self.open.status if self.open and self.open.status in TROUBLES else None

    @property
    def first_payment_at(self) -> datetime | None:
        """When whoever subscribes now pays for the first time; None where that is at once."""
        base = self.rests_on
        if base is None or not base.is_trial or base.paid_until is None:
            return None
        return base.paid_until if base.paid_until - self.now > KEPT_FROM else None

    @property
    def ended(self) -> Subscription | None:
        """What gave Plus last, where nothing gives it now and nothing waits to be paid."""
        if self.rests_on or self.open:
            return None
        over = [(each.ended_at(self.now), each) for each in self.subscriptions]
        return max(((at, each) for at, each in over if at), key=lambda pair: pair[0], default=(None, None))[1]

    @property
    def state(self) -> str:
        """In one word: off, free, trial, granted, grace, ending or active."""
        if self.payments == "off":
            return "off"
        base = self.rests_on
        if base is None:
            return "free"
        if base.is_trial or base.is_grant:
            return "trial" if base.is_trial else "granted"
        return self._paid_state(base)

    @staticmethod
    def _paid_state(base: Subscription) -> str:
        if base.status == "past_due":
            return "grace"
        # What nobody tells us of ends when it says so.
        return "ending" if base.cancel_at_period_end or not base.is_kept_in_step else "active"
