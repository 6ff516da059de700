from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.ownership import Owned

# Caloria itself gives trials and what an admin grants.
PROVIDERS = ("caloria", "stripe", "mercadopago")
STATUSES = ("trialing", "incomplete", "active", "past_due", "unpaid", "paused", "canceled")
INTERVALS = ("month", "year")


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
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)
