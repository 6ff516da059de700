"""Mails about the address of an account: that it is confirmed, and that it changes."""

from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from caloria.extensions import db, settings
from caloria.jobs.letter import Letter, written
from caloria.jobs.queue import task
from caloria.models import EmailConfirmation, Job, User


@task
def email_confirmation(_job: Job, confirmation_id: str, root: str) -> Letter | None:
    """Mail a link to the address that somebody has or wants; whoever has it already is told so instead."""
    wanted = db.session.get(EmailConfirmation, UUID(confirmation_id))
    user = db.session.get(User, wanted.user_id) if wanted else None
    if wanted is None or user is None or wanted.is_over or not user.active:
        return None
    holder = wanted.other_holder
    compose = _taken() if holder else _link(wanted, user)
    return Letter(wanted.email, *written(settings().public_url or root, holder or user, compose))


def _link(wanted: EmailConfirmation, user: User):
    token = wanted.begin()

    def compose():
        link = url_for("email_confirmations.new", token=token, _external=True)
        said = {"link": link, "is_new": not wanted.is_of(user), "email": wanted.email}
        return _("Confirm your address for Caloria"), "emails/email_confirmation.txt", said

    return compose


def _taken():
    def compose():
        said = {"link": url_for("passwords.new", _external=True)}
        return _("Your address is in use already"), "emails/address_taken.txt", said

    return compose


@task
def address_notice(_job: Job, user_id: str, root: str, is_done: bool, old_id: str | None = None):
    """Tell an address that the account's changes, or has changed: the one it has, or the one it had."""
    user = db.session.get(User, UUID(user_id))
    old = db.session.get(EmailConfirmation, UUID(old_id)) if old_id else None
    if user is None or (old_id and old is None):
        return None

    def compose():
        said = {"is_done": is_done, "is_old": bool(old), "link": url_for("passwords.new", _external=True)}
        subject = _("Your address for Caloria is changed") if is_done else _("Your address shall change")
        return subject, "emails/address_notice.txt", said

    to = old.email if old else user.email
    return Letter(to, *written(settings().public_url or root, user, compose))
