from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.ownership import Owned

# Caloria itself gives trials and what an admin grants.
PROVIDERS = ("caloria", "stripe", "mercadopago")
STATUSES = ("trialing", "incomplete", "active", "past_due", "unpaid", "paused", "canceled")
INTERVALS = ("month", "year")
OPEN_HERE = "customer_id IS NOT NULL AND status <> 'canceled'"


class Subscription(Owned, db.Model):
    """What a person pays for, or tries, as the one who takes the money says it is."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        UniqueConstraint("provider", "provider_id"),
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
