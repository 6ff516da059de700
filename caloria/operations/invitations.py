"""People who came from elsewhere, and have no password here yet: they are mailed how to choose one."""

import smtplib
from collections.abc import Iterator

from flask import current_app, render_template, url_for
from flask_babel import force_locale, gettext
from sqlalchemy import select, true

from caloria.extensions import db
from caloria.integrations import mail
from caloria.models import AuditEvent, User
from caloria.models.audit_event import named
from caloria.models.passwords import NOBODYS_HASH
from config import Config

INVITED = "invitation"
# RFC 2606: mail to such an address goes nowhere.
NOWHERE = ".invalid"


class InvitationFailed(Exception):
    """Why no mail can be sent, in a sentence."""


def waiting() -> list[User]:
    """Everybody who has no password yet and was not mailed about it."""
    invited = set(db.session.scalars(select(AuditEvent.object).where(AuditEvent.act == INVITED)))
    nobody = select(User).where(User.password_hash == NOBODYS_HASH, User.active == true())
    return [user for user in db.session.scalars(nobody.order_by(User.id)) if named(user) not in invited]


def can_be_mailed(user: User) -> bool:
    return not user.email_key.endswith(NOWHERE)


def invite(config: Config, people: list[User]) -> Iterator[User]:
    """Mail them one after the other; who was mailed is noted before the next is. Raises InvitationFailed."""
    if not config.public_url:
        raise InvitationFailed("PUBLIC_URL is not set: the mails say where to choose a password.")
    if not mail.is_set_up(config):
        raise InvitationFailed("MAIL_SERVER is not set.")
    for user in people:
        try:
            mail.deliver(config, user.email, *written(config.public_url, user))
        except (OSError, ValueError, smtplib.SMTPException) as error:
            raise InvitationFailed(f"The mail could not be sent ({type(error).__name__}).") from None
        AuditEvent.note(INVITED, user)
        db.session.commit()
        yield user


def written(public_url: str, user: User) -> tuple[str, str]:
    """The subject and the text of the mail, in the person's language."""
    with current_app.test_request_context(base_url=public_url), force_locale(user.language):
        link = url_for("passwords.new", _external=True)
        return gettext("Choose a password for Caloria"), render_template(
            "emails/invitation.txt", user=user, link=link
        )
