"""People who came from elsewhere, and have no password here yet: they are mailed how to choose one."""

import smtplib
from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import current_app, render_template, url_for
from flask_babel import force_locale, gettext
from sqlalchemy import select, true

from caloria.extensions import db
from caloria.integrations import mail
from caloria.models import AuditEvent, User
from caloria.models.audit_event import named
from caloria.models.clock import utc_now
from caloria.models.passwords import NOBODYS_HASH
from caloria.models.user import ADDRESS_CHANGE
from config import Config

INVITED = "invitation"
TOLD = select(AuditEvent.object, AuditEvent.act).where(AuditEvent.act.in_([INVITED, ADDRESS_CHANGE]))
MEANWHILE = timedelta(minutes=5)  # clocks differ a little
# One address, or what is written to it: the next may be fine. With a server that is gone it cannot connect.
REFUSED = (
    ValueError,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
    smtplib.SMTPServerDisconnected,
)


class InvitationFailed(Exception):
    """Why no mail can be sent to anybody, in a sentence."""


def waiting() -> list[User]:
    """Everybody who has no password yet, and was not mailed about it at the address they have."""
    last = dict(db.session.execute(TOLD.order_by(AuditEvent.sequence)).all())
    nobody = select(User).where(User.password_hash == NOBODYS_HASH, User.active == true())
    return [user for user in db.session.scalars(nobody.order_by(User.id)) if last.get(named(user)) != INVITED]


def invite(config: Config, people: list[User]) -> Iterator[tuple[User, bool]]:
    """Mail them one after the other; whether each mail was taken. Raises InvitationFailed.

    Who was mailed is noted before the next is.
    """
    if not config.public_url:
        raise InvitationFailed("PUBLIC_URL is not set: the mails say where to choose a password.")
    if not mail.is_set_up(config):
        raise InvitationFailed("MAIL_SERVER is not set.")
    began = utc_now()
    for user in people:
        yield user, mailed(config, user, began)


def mailed(config: Config, user: User, began: datetime) -> bool:
    """Whether the mail was taken. Whom another of these commands mailed meanwhile is not mailed again."""
    db.session.refresh(user, with_for_update=True)
    since = TOLD.where(AuditEvent.at >= began - MEANWHILE, AuditEvent.object == named(user))
    last = db.session.execute(since.order_by(AuditEvent.sequence.desc()).limit(1)).one_or_none()
    is_taken = last is not None and last.act == INVITED
    if not is_taken and (is_taken := delivered(config, user)):
        AuditEvent.note(INVITED, user)
    db.session.commit()
    return is_taken


def delivered(config: Config, user: User) -> bool:
    """Raises InvitationFailed where no other mail would be taken either."""
    try:
        mail.deliver(config, user.email, *written(str(config.public_url), user))
    except REFUSED:
        return False
    except (OSError, smtplib.SMTPException) as error:
        raise InvitationFailed(f"The mail server could not be used ({type(error).__name__}).") from None
    return True


def written(public_url: str, user: User) -> tuple[str, str]:
    """The subject and the text of the mail, in the person's language."""
    with current_app.test_request_context(base_url=public_url), force_locale(user.language):
        link = url_for("passwords.new", _external=True)
        return gettext("Choose a password for Caloria"), render_template(
            "emails/invitation.txt", user=user, link=link
        )
