"""Mails that somebody asked for."""

from functools import partial
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from caloria.extensions import db, settings
from caloria.jobs.letter import Letter, public_url, written
from caloria.jobs.queue import task
from caloria.models import AuditEvent, Job, PasswordReset, User
from caloria.models.password_reset import LASTS
from caloria.models.server import the_time
from caloria.operations import invitations


@task
def password_reset(job: Job, user_id: str | None, root: str) -> Letter | None:
    """Mail a link to whoever forgot the password. It is made now, so that no table holds one before."""
    user = db.session.get(User, UUID(user_id)) if user_id else None
    if user is None or not user.active or the_time() - job.created_at > LASTS:
        return None  # by now its link would have ended: whoever still wants one has asked again
    token = PasswordReset.begin(user)

    def compose():
        link = url_for("passwords.edit", token=token, _external=True)
        return _("Choose a new password for Caloria"), "emails/password_reset.txt", {"link": link}

    subject_and_text = written(settings().public_url or root, user, compose)
    return Letter(user.email, *subject_and_text, unsent=partial(PasswordReset.take_back, token))


@task
def invitation(_job: Job, user_id: str) -> Letter | None:
    """Mail somebody who came from elsewhere how to choose a password."""
    user = db.session.get(User, UUID(user_id))
    if user is None or not invitations.still_waits(user):
        return None

    def compose():
        link = url_for("passwords.new", _external=True)
        return _("Choose a password for Caloria"), "emails/invitation.txt", {"link": link}

    note = partial(AuditEvent.note, invitations.INVITED, user)
    return Letter(user.email, *written(public_url(), user, compose), sent=note)
