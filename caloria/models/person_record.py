from datetime import date
from functools import partial

from sqlalchemy import or_, select

from caloria.extensions import db
from caloria.models.audit_event import AuditEvent, named
from caloria.models.kept import cached_property
from caloria.models.payment import Payment
from caloria.models.payment_customer import PaymentCustomer
from caloria.models.people import last_logged
from caloria.models.session import Session
from caloria.models.user import User

SHOWN = 10


class PersonRecord:
    """What an admin may know of an account: nothing of what its diary says."""

    def __init__(self, user: User):
        self.user = user

    @cached_property
    def last_logged(self) -> date | None:
        """For which day they logged something last."""
        return last_logged([self.user]).get(self.user.id)

    @cached_property
    def sessions(self) -> list[Session]:
        return list(db.session.scalars(Session.of(self.user)))

    @cached_property
    def payments(self) -> list[Payment]:
        return list(db.session.scalars(Payment.of(self.user.id).limit(SHOWN)))

    @cached_property
    def customers(self) -> list[PaymentCustomer]:
        """Under which numbers those who take the money know them."""
        return list(
            db.session.scalars(select(PaymentCustomer).where(PaymentCustomer.user_id == self.user.id))
        )

    @cached_property
    def events(self) -> list[AuditEvent]:
        """What was done to the account, or by its person, the latest first."""
        newest = partial(select(AuditEvent.sequence).order_by, AuditEvent.sequence.desc())
        name = named(self.user)
        done = newest().where(AuditEvent.object == name).limit(SHOWN).subquery()
        did = newest().where(AuditEvent.actor == name).limit(SHOWN).subquery()
        either = or_(
            AuditEvent.sequence.in_(select(done.c.sequence)), AuditEvent.sequence.in_(select(did.c.sequence))
        )
        latest = select(AuditEvent).where(either).order_by(AuditEvent.sequence.desc()).limit(SHOWN)
        return list(db.session.scalars(latest))
