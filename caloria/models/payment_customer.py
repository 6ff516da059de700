from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db, insert
from caloria.models.audit_event import AuditEvent
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

    @classmethod
    def number_of(cls, user_id: UUID, provider: str) -> str | None:
        """Under which number a person is known there; None where they are not."""
        mine = (cls.user_id == user_id, cls.provider == provider)
        return db.session.scalar(select(cls.customer_id).where(*mine))

    @classmethod
    def behind(cls, provider: str, customer_id: str) -> UUID | None:
        """Whose number this is; None where it is nobody's here."""
        theirs = (cls.provider == provider, cls.customer_id == customer_id)
        return db.session.scalar(select(cls.user_id).where(*theirs))

    @classmethod
    def note(cls, user_id: UUID, provider: str, customer_id: str) -> None:
        """Remember the number of a person, unless there is one."""
        row = insert(cls).values(
            user_id=user_id, provider=provider, customer_id=customer_id, created_at=utc_now()
        )
        if db.session.scalar(row.on_conflict_do_nothing().returning(cls.user_id)):
            AuditEvent.note("payment customer", f"user {user_id}", after={"customer": customer_id})
