from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Connection,
    Index,
    Table,
    Text,
    cast,
    delete,
    func,
    insert,
    inspect,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.audit_event import AuditEvent
from caloria.models.belongings import KEPT, Belonging, belongings
from caloria.models.clock import utc_now
from caloria.models.job import Job
from caloria.models.payment import Payment
from caloria.models.standing import Standing
from caloria.models.subscription import Subscription
from caloria.models.user import User

ACT = "erasure"
# Foods are emptied and stay: the database would look for each of them through all entries of everybody, and
# whoever is told of one by its number finds nothing about anybody in it.
EMPTIED = "foods"
A_FOOD_OF_NOBODY = {
    "source": "erased",
    "name": "Erased",
    "folded_name": "",
    "carbohydrate_basis": "available",
    "everyday": 0,
    "popularity": 0,
    "tier": 3,
    "label_per_serving": False,
    "label_says_salt": False,
}
MOMENTS = ("created_at", "updated_at", "archived_at")


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

    @classmethod
    def complete(cls, user: User) -> int:
        """Forget a person and all that is theirs; how many payments are kept. Raises LastAdmin.

        A subscription that is still charged is ended where it is paid.
        """
        Standing(user).require_another_admin()
        db.session.flush()
        charged = db.session.scalars(Subscription.charged(user.id)).all()
        payments = erase(db.session.connection(), user.id, utc_now())
        db.session.expunge(user)
        for provider_id in charged:
            Job.put("end_subscription", provider_id=provider_id)
        return payments

    @classmethod
    def known(cls, connection: Connection) -> dict[str, str]:
        """Who was erased and when, as a backup says it; nobody where the schema is from before that."""
        if not inspect(connection).has_table(cls.__tablename__):
            return {}
        rows = connection.execute(select(cls.user_id, cls.erased_at).order_by(cls.user_id))
        return {str(row.user_id): row.erased_at.isoformat() for row in rows}

    @classmethod
    def repeat(cls, connection: Connection, known: Mapping[str, str]) -> int:
        """Erase again who was erased elsewhere and is here; how many. The marks of others are kept."""
        moments = {UUID(user_id): datetime.fromisoformat(at) for user_id, at in known.items()}
        here = set(connection.scalars(select(User.id))) & moments.keys() if moments else set()
        for user_id in here:
            erase(connection, user_id, moments.pop(user_id))
        marked = set(connection.scalars(select(cls.user_id))) if moments else set()
        for user_id in moments.keys() - marked:
            connection.execute(insert(cls).values(user_id=user_id, erased_at=moments[user_id]))
        return len(here)


def erase(connection: Connection, user_id: UUID, at: datetime) -> int:
    """Take everything of a person's away, in this transaction; how many payments are kept."""
    # Whoever logs something for them at this moment waits, and finds nobody.
    connection.execute(select(User.id).where(User.id == user_id).with_for_update())
    _forget_jobs(connection, user_id)
    for each in reversed(belongings()):
        _forget(connection, each, user_id)
    paid = select(func.count()).select_from(Payment).where(Payment.user_id == user_id)
    payments = connection.scalar(paid) or 0
    said = {"payments_kept": payments, "kept_because": KEPT["payments"] if payments else None}
    connection.execute(delete(Erasure).where(Erasure.user_id == user_id))
    connection.execute(insert(Erasure).values(user_id=user_id, erased_at=at, **said))
    AuditEvent.note_over(connection, ACT, f"user {user_id}", after=said)
    return payments


def _forget_jobs(connection: Connection, user_id: UUID) -> None:
    """What was to be done for a person names them by their number."""
    named = f"%{user_id}%"
    connection.execute(delete(Job).where(or_(Job.arguments.like(named), Job.key.like(named))))


def _forget(connection: Connection, each: Belonging, user_id: UUID) -> None:
    for column in each.mentions:
        connection.execute(update(each.table).where(column == user_id).values({column: None}))
    theirs = each.rows_of(user_id)
    if each.table.name == EMPTIED:
        connection.execute(update(each.table).where(theirs).values(emptied(each.table)))
    else:
        connection.execute(delete(each.table).where(theirs))


def emptied(table: Table) -> dict[str, Any]:
    """What a food says that says nothing of anybody any more."""
    nothing = {column.name: None for column in table.columns if column.nullable}
    moments = dict.fromkeys(MOMENTS, utc_now())
    return {**nothing, **A_FOOD_OF_NOBODY, **moments, "source_id": cast(table.c.id, Text)}
