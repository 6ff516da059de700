from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.ownership import Owned


class PaymentCall(Owned, db.Model):
    """Something asked of the one who takes the money, under a key that was stored before it was asked.

    An answer that is lost on its way is got by asking again with the same key, and nothing is done twice.
    """

    __tablename__ = "payment_calls"
    __table_args__ = (
        UniqueConstraint("idempotency_key"),
        CheckConstraint("length(intent) BETWEEN 1 AND 200", name="intent"),
        CheckConstraint("length(idempotency_key) BETWEEN 1 AND 200", name="idempotency_key"),
        CheckConstraint("attempt BETWEEN 1 AND 1000000", name="attempt"),
        UniqueConstraint("user_id", "intent", "attempt"),
    )

    # Such as "checkout month".
    intent: Mapped[str]
    attempt: Mapped[int]
    idempotency_key: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    answered_at: Mapped[datetime | None]
    # The number of what was made.
    answer: Mapped[str | None]
