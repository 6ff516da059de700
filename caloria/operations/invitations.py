"""People who came from elsewhere, and have no password here yet: they are mailed how to choose one."""

from sqlalchemy import select, true

from caloria.extensions import db
from caloria.integrations import mail
from caloria.models import AuditEvent, Job, User
from caloria.models.audit_event import named
from caloria.models.passwords import NOBODYS_HASH
from caloria.models.user import ADDRESS_CHANGE
from config import Config

INVITED = "invitation"
TOLD = select(AuditEvent.object, AuditEvent.act, AuditEvent.sequence).where(
    AuditEvent.act.in_([INVITED, ADDRESS_CHANGE])
)


class InvitationFailed(Exception):
    """Why no mail can be sent to anybody, in a sentence."""


def waiting() -> list[tuple[User, str]]:
    """Everybody who has no password yet, and was not mailed about it at the address they have.

    With each of them the key of their invitation: there is one for each address.
    """
    told = db.session.execute(TOLD.order_by(AuditEvent.sequence)).all()
    last = {row.object: (row.act, row.sequence) for row in told}
    nobody = select(User).where(User.password_hash == NOBODYS_HASH, User.active == true())
    people = [
        (user, *last.get(named(user), ("", 0))) for user in db.session.scalars(nobody.order_by(User.id))
    ]
    return [(user, f"{INVITED} {user.id} {since}") for user, act, since in people if act != INVITED]


def invite(config: Config, people: list[tuple[User, str]]) -> int:
    """Put their mails into the queue; how many were not there before. Raises InvitationFailed."""
    if not config.public_url:
        raise InvitationFailed("PUBLIC_URL is not set: the mails say where to choose a password.")
    if not mail.is_set_up(config):
        raise InvitationFailed("MAIL_SERVER is not set.")
    return sum(Job.put(INVITED, key, user_id=str(user.id)) for user, key in people)


def still_waits(user: User) -> bool:
    """Whether this person has to be told, and can be."""
    return user.active and not user.has_password and user.has_address
