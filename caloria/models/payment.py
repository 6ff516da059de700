from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Select, UniqueConstraint, case, func, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db, insert
from caloria.models.clock import utc_now
from caloria.models.ids import new_id
from caloria.models.subscription import PROVIDERS

# What was taken, given back, taken away by a bank, given back by it, and what could not be taken.
KINDS = ("payment", "refund", "dispute", "dispute_won", "failed")
TAKEN, GIVEN_BACK = ("payment", "dispute_won"), ("refund", "dispute")


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

    @classmethod
    def note(cls, user_id: UUID, said: dict[str, Any]) -> bool:
        """Add a movement of money; False where it is in the ledger already."""
        row = insert(cls).values(id=new_id(), user_id=user_id, created_at=utc_now(), **said)
        return db.session.scalar(row.on_conflict_do_nothing().returning(cls.id)) is not None

    @classmethod
    def payer_of(cls, invoice_id: str) -> UUID | None:
        """Who paid an invoice, also where the account is gone."""
        return db.session.scalar(select(cls.user_id).where(cls.invoice_id == invoice_id).limit(1))

    @classmethod
    def of(cls, user_id: UUID) -> Select:
        """What one person paid and got back, the newest first."""
        return select(cls).where(cls.user_id == user_id).order_by(cls.at.desc(), cls.id.desc())

    @classmethod
    def balance(cls) -> Select:
        """What stays of all that was taken, for each currency, in its smallest unit."""
        signed = case(
            (cls.kind.in_(TAKEN), cls.amount_minor), (cls.kind.in_(GIVEN_BACK), -cls.amount_minor), else_=0
        )
        return select(cls.currency, func.sum(signed)).group_by(cls.currency)
