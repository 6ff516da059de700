from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Index,
    UniqueConstraint,
    and_,
    false,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.audit_event import AuditEvent
from caloria.models.clock import utc_now
from caloria.models.creation import insert_if_new
from caloria.models.ownership import Owned

if TYPE_CHECKING:
    from caloria.models.user import User

# Caloria itself gives trials and what an admin grants.
PROVIDERS = ("caloria", "stripe", "mercadopago")
STATUSES = ("trialing", "incomplete", "active", "past_due", "unpaid", "paused", "canceled")
INTERVALS = ("month", "year")
OPEN_HERE = "customer_id IS NOT NULL AND status <> 'canceled'"
OURS = "caloria"
TRIAL = timedelta(days=14)
# So long Plus goes on where a payment failed.
GRACE = timedelta(days=7)
# Before that nobody is reminded that a trial ends.
TOLD_BEFORE = timedelta(days=3)


class Subscription(Owned, db.Model):
    """What a person pays for, or tries, as the one who takes the money says it is."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        UniqueConstraint("provider", "provider_id"),
        Index(None, "id"),
        Index(None, "status", "id"),
        CheckConstraint(f"provider IN {PROVIDERS}", name="provider"),
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        CheckConstraint(f"billed_per IN {INTERVALS}", name="billed_per"),
        CheckConstraint("amount_minor BETWEEN 0 AND 1000000000000", name="amount_minor"),
        CheckConstraint("length(currency) = 3", name="currency"),
        # Two checkouts at once must not charge twice. What came from elsewhere has no customer here.
        Index(
            "ix_subscriptions_one_open",
            "user_id",
            unique=True,
            postgresql_where=text(OPEN_HERE),
            sqlite_where=text(OPEN_HERE),
        ),
    )

    provider: Mapped[str]
    provider_id: Mapped[str]
    status: Mapped[str]
    # In the smallest unit of the currency, such as cents.
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None]
    billed_per: Mapped[str | None]
    started_at: Mapped[datetime]
    paid_until: Mapped[datetime | None]
    canceled_at: Mapped[datetime | None]
    # Who pays, and for which price, as the provider numbers them.
    customer_id: Mapped[str | None]
    price_id: Mapped[str | None]
    # It goes on until `paid_until`, and is not charged again.
    cancel_at_period_end: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    past_due_since: Mapped[datetime | None]
    # When the provider was last asked about it.
    checked_at: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)

    @classmethod
    def charged(cls, user_id: UUID):
        """Select what the one who takes the money calls the subscriptions of a person that go on."""
        mine = select(cls.provider_id).where(cls.user_id == user_id)
        return mine.where(cls.provider == "stripe", cls.status != "canceled")

    @classmethod
    def start_trial(cls, user: "User") -> None:
        """Let somebody try Plus, once."""
        if cls._made(user, "trial", "trialing", utc_now() + TRIAL):
            AuditEvent.note("trial start", user)

    @classmethod
    def extend_trial(cls, user: "User", until: datetime) -> None:
        """Let somebody try Plus until then: longer than before, or not as long."""
        cls._last_until(user, "trial", "trialing", until)

    @classmethod
    def grant(cls, user: "User", until: datetime) -> None:
        """Give somebody Plus until then. One that is given until now is taken back."""
        cls._last_until(user, "grant", "active", until)

    @classmethod
    def _last_until(cls, user: "User", what: str, status: str, until: datetime) -> None:
        made = cls._made(user, what, status, until)
        ours = select(cls).where(cls.provider == OURS, cls.provider_id == f"{what} {user.id}")
        row = (
            made or db.session.scalars(ours.with_for_update().execution_options(populate_existing=True)).one()
        )
        before = None if made else {"until": str(row.paid_until)}
        row.status, row.paid_until = status, until
        AuditEvent.note(f"{what} until another day", user, before=before, after={"until": str(until)})

    @classmethod
    def _made(cls, user: "User", what: str, status: str, until: datetime) -> "Subscription | None":
        """A new one of our own; None where the person has such a one already."""
        ours = {"provider": OURS, "provider_id": f"{what} {user.id}", "status": status}
        return insert_if_new(cls(user_id=user.id, started_at=utc_now(), paid_until=until, **ours))

    @classmethod
    def of(cls, user: "User"):
        """Select all that a person has or had, the newest first."""
        return select(cls).where(cls.user_id == user.id).order_by(cls.started_at.desc(), cls.id.desc())

    @classmethod
    def trials_ending(cls, now: datetime):
        """Select the trials that end on the third day from now."""
        soon = (cls.paid_until > now + TOLD_BEFORE - timedelta(days=1), cls.paid_until <= now + TOLD_BEFORE)
        return select(cls).where(cls.provider == OURS, cls.status == "trialing", *soon)

    @property
    def is_trial(self) -> bool:
        return self.provider == OURS and self.status == "trialing"

    @property
    def is_grant(self) -> bool:
        return self.provider == OURS and self.status != "trialing"

    @property
    def is_kept_in_step(self) -> bool:
        """Whether a provider tells how it goes on; what came from elsewhere, nobody tells us of."""
        return self.customer_id is not None

    @property
    def is_open(self) -> bool:
        return self.is_kept_in_step and self.status != "canceled"

    @property
    def grace_until(self) -> datetime:
        """How long a payment that failed may be mended with nothing changed."""
        return (self.past_due_since or self.updated_at) + GRACE

    @classmethod
    def trials(cls) -> ColumnElement[bool]:
        """As `is_trial`, for the database."""
        return and_(cls.provider == OURS, cls.status == "trialing")

    @classmethod
    def giving_plus(cls, now: datetime) -> ColumnElement[bool]:
        """As `gives_plus`, for the database."""
        failed = func.coalesce(cls.past_due_since, cls.updated_at)
        goes_on = and_(cls.customer_id.is_not(None), cls.cancel_at_period_end == false())
        lasts = or_(goes_on, cls.paid_until.is_(None), cls.paid_until > now)
        given = and_(cls.status.in_(("trialing", "active")), lasts)
        return or_(and_(cls.status == "past_due", failed > now - GRACE), given)

    def gives_plus(self, now: datetime) -> bool:
        """Whether it entitles somebody to Plus at this moment."""
        if self.status == "past_due":
            return now < self.grace_until
        if self.status not in ("trialing", "active"):
            return False
        goes_on = self.is_kept_in_step and not self.cancel_at_period_end
        return goes_on or self.paid_until is None or now < self.paid_until

    def ended_at(self, now: datetime) -> datetime | None:
        """When it was over: with what was paid, or at once where it was ended before."""
        return self.paid_until if self.paid_until and self.paid_until <= now else self.canceled_at
