from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now


class AuditArchive(db.Model):
    """A file that holds the links of the audit's chain from one position to another, and their events."""

    __tablename__ = "audit_archives"
    __table_args__ = (
        CheckConstraint("last_position >= first_position", name="positions"),
        CheckConstraint("length(last_digest) = 64", name="last_digest"),
        CheckConstraint("length(file) BETWEEN 1 AND 200", name="file"),
    )

    first_position: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    last_position: Mapped[int] = mapped_column(BigInteger)
    # The chain goes on from here.
    last_digest: Mapped[str]
    file: Mapped[str]
    archived_at: Mapped[datetime] = mapped_column(default=utc_now)
