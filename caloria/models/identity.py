from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db


class Identity(db.Model):
    """Which database this is. One row, written by the first upgrade, never at start.

    `system_identifier` and `database_oid` are those of the PostgreSQL server it belongs to, so that a copy of
    the database knows that it is one. `epoch` counts how often the data went back in time.
    """

    __tablename__ = "identity"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint(
            "environment IN ('development', 'test', 'staging', 'production')", name="environment"
        ),
        CheckConstraint("epoch BETWEEN 0 AND 1000000", name="epoch"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    uuid: Mapped[UUID]
    environment: Mapped[str]
    created_at: Mapped[datetime]
    system_identifier: Mapped[str | None]
    database_oid: Mapped[int | None] = mapped_column(BigInteger)
    epoch: Mapped[int]
    restored_from: Mapped[str | None]
    oldest_compatible_revision: Mapped[str | None]
    retired_at: Mapped[datetime | None]
