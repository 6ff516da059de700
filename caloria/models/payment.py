from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.ids import new_id
from caloria.models.subscription import PROVIDERS

# What was taken, given back, taken away by a bank, given back by it, and what could not be taken.
KINDS = ("payment", "refund", "dispute", "dispute_won", "failed")


class Payment(db.Model):
    """Money that moved, or did not. Rows are added and never changed, and equal the provider's ledger.

    It names the person without needing the account: by law, what was paid is kept when somebody is erased.
    """

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint(f"provider IN {PROVIDERS}", name="provider"),
        UniqueConstraint("provider", "provider_id"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("amount_minor BETWEEN 0 AND 1000000000000", name="amount_minor"),
        CheckConstraint("tax_minor BETWEEN 0 AND 1000000000000", name="tax_minor"),
        CheckConstraint("length(currency) = 3", name="currency"),
        CheckConstraint("length(provider_id) BETWEEN 1 AND 255", name="provider_id"),
        Index(None, "user_id", "at"),
        Index(None, "at"),
        Index(None, "invoice_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID]
    provider: Mapped[str]
    # The number of the invoice, refund or dispute; for what failed also which attempt.
    provider_id: Mapped[str]
    kind: Mapped[str]
    # In the smallest unit of the currency, such as cents; never negative.
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str]
    invoice_id: Mapped[str | None]
    # As it stands on the invoice.
    invoice_number: Mapped[str | None]
    # The provider's number.
    subscription_id: Mapped[str | None]
    period_start: Mapped[datetime | None]
    period_end: Mapped[datetime | None]
    # By the provider's clock.
    at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
