from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now


class Erasure(db.Model):
    """That a person was erased, so that a backup from before does not bring them back."""

    __tablename__ = "erasures"
    __table_args__ = (
        CheckConstraint("payments_kept BETWEEN 0 AND 1000000000", name="payments_kept"),
        CheckConstraint("(payments_kept > 0) = (kept_because IS NOT NULL)", name="kept_because"),
        Index(None, "erased_at"),
    )

    # The number of an account that is no more: nothing refers to it.
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(default=utc_now)
    payments_kept: Mapped[int] = mapped_column(default=0)
    # Such as "tax law".
    kept_because: Mapped[str | None]
