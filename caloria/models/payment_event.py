from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Select, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db, insert
from caloria.models.audit_event import AuditEvent
from caloria.models.clock import utc_now
from caloria.models.identity import Identity
from caloria.models.ids import new_id
from caloria.models.subscription import PROVIDERS

STATES = ("received", "processed", "ignored", "unmatched", "failed")
# Heard, and nothing is left to do.
DONE = ("processed", "ignored")
# What stands between the events of a provider: that everything was compared with it.
COMPARED = "compared"


class PaymentEvent(db.Model):
    """A hint of the one who takes the money that something changed; what, is asked of them.

    Only numbers are kept of it: what it says of the person and the card is not ours to store.
    """

    __tablename__ = "payment_events"
    __table_args__ = (
        CheckConstraint(f"provider IN {PROVIDERS}", name="provider"),
        UniqueConstraint("provider", "event_id"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("attempts BETWEEN 0 AND 1000000", name="attempts"),
        CheckConstraint("length(event_id) BETWEEN 1 AND 255", name="event_id"),
        CheckConstraint("length(error) BETWEEN 1 AND 200", name="error"),
        Index(None, "customer_id", "occurred_at"),
        Index(None, "state", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    provider: Mapped[str]
    event_id: Mapped[str]
    type: Mapped[str]
    object_id: Mapped[str | None]
    customer_id: Mapped[str | None]
    # Of real money; what is not has no place beside it.
    livemode: Mapped[bool]
    # By the provider's clock.
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(default=utc_now)
    state: Mapped[str] = mapped_column(default="received")
    attempts: Mapped[int] = mapped_column(default=0)
    # The name of its class.
    error: Mapped[str | None]
    handled_at: Mapped[datetime | None]

    @classmethod
    def take(cls, said: dict[str, Any]) -> "PaymentEvent | None":
        """The row of an event, new and locked; None where it was heard already.

        Another that is being heard at this moment is waited for.
        """
        row = insert(cls).values(id=new_id(), received_at=utc_now(), state="received", attempts=1, **said)
        taken = db.session.scalar(row.on_conflict_do_nothing().returning(cls))
        return taken or cls.take_again(said["provider"], said["event_id"])

    @classmethod
    def take_again(cls, provider: str, event_id: str) -> "PaymentEvent | None":
        """The row of an event that was stored before, locked, if something is left to do."""
        this = (cls.provider == provider, cls.event_id == event_id)
        fresh = {"populate_existing": True}
        found = db.session.scalar(select(cls).where(*this).with_for_update(), execution_options=fresh)
        if found is None or found.state in DONE:
            return None
        found.attempts += 1
        return found

    def end(self, state: str) -> None:
        """Note what became of it."""
        self.state, self.handled_at, self.error = state, utc_now(), None

    @classmethod
    def note_failure(cls, said: dict[str, Any], error: str) -> None:
        """Keep, in a transaction of its own, that an event could not be heard; one that was stays so."""
        told = {"state": "failed", "error": error[:200], "handled_at": utc_now()}
        row = insert(cls).values(id=new_id(), received_at=utc_now(), attempts=1, **told, **said)
        row = row.on_conflict_do_update(
            index_elements=["provider", "event_id"],
            set_={**told, "attempts": cls.attempts + 1},
            where=cls.state.not_in(DONE),
        )
        db.session.execute(row)

    def begin_again(self) -> dict[str, Any]:
        """Have it heard once more, as an admin asks for; what it is about is as it is by now."""
        AuditEvent.note("payment event replay", self, before={"state": self.state})
        self.state, self.handled_at = "received", None
        return self.said

    @property
    def said(self) -> dict[str, Any]:
        """What the provider said of it, as `take` takes it."""
        names = ("provider", "event_id", "type", "object_id", "customer_id", "livemode", "occurred_at")
        return {name: getattr(self, name) for name in names}

    @classmethod
    def heard(cls, provider: str, event_ids: list[str]) -> set[str]:
        """Which of these are done with; one that belonged to nobody may find its person now."""
        these = (cls.provider == provider, cls.event_id.in_(event_ids), cls.state.in_((*DONE, "unmatched")))
        return set(db.session.scalars(select(cls.event_id).where(*these)))

    @classmethod
    def undone(cls) -> Select:
        """What could not be heard, the oldest first."""
        return select(cls).where(cls.state.in_(("failed", "received"))).order_by(cls.id)

    @classmethod
    def failed_ones(cls) -> Select:
        """How many could not be heard."""
        return select(func.count()).select_from(cls).where(cls.state == "failed")

    @classmethod
    def of_customer(cls, customer_id: str) -> Select:
        """The history of a person at the provider, the newest first."""
        theirs = cls.customer_id == customer_id
        return select(cls).where(theirs).order_by(cls.occurred_at.desc(), cls.id.desc())

    @classmethod
    def waits_for_comparison(cls) -> bool:
        """Whether this data went back in time, and was not compared with the provider's since."""
        identity = db.session.scalar(select(Identity))
        if identity is None or identity.epoch == 0:
            return False
        compared = select(cls.id).where(cls.provider == "caloria", cls.event_id == _compared_at(identity))
        return db.session.scalar(compared) is None

    @classmethod
    def note_comparison(cls, livemode: bool) -> None:
        """Note that everything was compared: from now on, people may pay and events are heard."""
        identity = db.session.scalar(select(Identity))
        if identity is None:
            return
        said = {"provider": "caloria", "event_id": _compared_at(identity), "type": COMPARED}
        row = insert(cls).values(
            id=new_id(),
            received_at=utc_now(),
            occurred_at=utc_now(),
            handled_at=utc_now(),
            livemode=livemode,
            state="processed",
            attempts=1,
            **said,
        )
        db.session.execute(row.on_conflict_do_nothing())


def _compared_at(identity: Identity) -> str:
    return f"{COMPARED} {identity.uuid} {identity.epoch}"
