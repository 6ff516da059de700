from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.ids import new_id


class EmailConfirmation(db.Model):
    """A link that was mailed to an address, to see that it is the person's: the present one or a new one."""

    __tablename__ = "email_confirmations"
    __table_args__ = (
        Index(None, "user_id"),
        CheckConstraint("length(email) BETWEEN 3 AND 320", name="email"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    email: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
