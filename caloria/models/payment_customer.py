from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.subscription import PROVIDERS


class PaymentCustomer(db.Model):
    """Under which number the one who takes the money knows a person."""

    __tablename__ = "payment_customers"
    __table_args__ = (
        CheckConstraint(f"provider IN {PROVIDERS}", name="provider"),
        UniqueConstraint("provider", "customer_id"),
        CheckConstraint("length(customer_id) BETWEEN 1 AND 255", name="customer_id"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    provider: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
