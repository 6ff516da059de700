from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.ids import new_id
from caloria.models.subscription import PROVIDERS

STATES = ("received", "processed", "ignored", "unmatched", "failed")


class PaymentEvent(db.Model):
    """A hint of the one who takes the money that something changed; what, is asked of them.

    Only numbers are kept of it: what it says of the person and the card is not ours to store.
    """

    __tablename__ = "payment_events"
    __table_args__ = (
        CheckConstraint(f"provider IN {PROVIDERS}", name="provider"),
        UniqueConstraint("provider", "event_id"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("attempts BETWEEN 0 AND 1000000", name="attempts"),
        CheckConstraint("length(event_id) BETWEEN 1 AND 255", name="event_id"),
        CheckConstraint("length(error) BETWEEN 1 AND 200", name="error"),
        Index(None, "customer_id", "occurred_at"),
        Index(None, "state", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    provider: Mapped[str]
    event_id: Mapped[str]
    type: Mapped[str]
    object_id: Mapped[str | None]
    customer_id: Mapped[str | None]
    # Of real money; what is not has no place beside it.
    livemode: Mapped[bool]
    # By the provider's clock.
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(default=utc_now)
    state: Mapped[str] = mapped_column(default="received")
    attempts: Mapped[int] = mapped_column(default=0)
    # The name of its class.
    error: Mapped[str | None]
    handled_at: Mapped[datetime | None]
