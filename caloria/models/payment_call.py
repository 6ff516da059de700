from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.ids import new_id
from caloria.models.ownership import Owned

# The provider forgets a key after a day; what was made under it has long been heard of by then.
KEPT_FOR = timedelta(hours=23)
# Whatever this session read before: another may have got the answer.
AS_STORED = {"populate_existing": True}


class PaymentCall(Owned, db.Model):
    """Something asked of the one who takes the money, under a key that was stored before it was asked.

    An answer that is lost on its way is got by asking again with the same key, and nothing is done twice.
    """

    __tablename__ = "payment_calls"
    __table_args__ = (
        UniqueConstraint("idempotency_key"),
        CheckConstraint("length(intent) BETWEEN 1 AND 200", name="intent"),
        CheckConstraint("length(idempotency_key) BETWEEN 1 AND 200", name="idempotency_key"),
        CheckConstraint("attempt BETWEEN 1 AND 1000000", name="attempt"),
        UniqueConstraint("user_id", "intent", "attempt"),
    )

    # Such as "checkout month".
    intent: Mapped[str]
    attempt: Mapped[int]
    idempotency_key: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    answered_at: Mapped[datetime | None]
    # The number of what was made.
    answer: Mapped[str | None]

    @classmethod
    def begin(cls, user_id: UUID, intent: str) -> "PaymentCall":
        """What is to be asked now, under the person's lock: commit it, then ask.

        The newest call that got no answer is made again under its key. An older one is not: something else
        was asked since, and its answer would be about before.
        """
        theirs = select(cls).where(cls.user_id == user_id).order_by(cls.id.desc()).limit(1)
        newest = db.session.scalar(theirs, execution_options=AS_STORED)
        if newest and newest.is_unanswered(intent):
            return newest
        mine = (cls.user_id == user_id, cls.intent == intent)
        attempt = (db.session.scalar(select(func.max(cls.attempt)).where(*mine)) or 0) + 1
        key = f"caloria {new_id()}"
        call = cls(user_id=user_id, intent=intent, attempt=attempt, idempotency_key=key)
        db.session.add(call)
        return call

    @classmethod
    def newest(cls, user_id: UUID, intent: str) -> "PaymentCall | None":
        mine = (cls.user_id == user_id, cls.intent == intent)
        newest = select(cls).where(*mine).order_by(cls.attempt.desc()).limit(1)
        return db.session.scalar(newest, execution_options=AS_STORED)

    def is_unanswered(self, intent: str) -> bool:
        return self.intent == intent and self.answered_at is None and utc_now() - self.created_at < KEPT_FOR

    def answered(self, answer: str) -> None:
        self.answered_at, self.answer = utc_now(), answer[:255]
