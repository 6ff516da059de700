from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now


class AuditSeal(db.Model):
    """A link of the chain over the audit: made of the event and of the link before. Nothing changes it.

    A job adds links in batches, in the order in which it finds events: a lock of all changes would be the
    price of a chain in the order of their numbers.
    """

    __tablename__ = "audit_seals"
    __table_args__ = (CheckConstraint("length(digest) = 64", name="digest"),)

    position: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    # Which event; no key, since archived ones are gone.
    sequence: Mapped[int] = mapped_column(BigInteger, unique=True)
    # SHA-256, in hexadecimal.
    digest: Mapped[str]
    sealed_at: Mapped[datetime] = mapped_column(default=utc_now)
