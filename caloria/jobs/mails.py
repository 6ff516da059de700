"""Mails that somebody asked for."""

from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from caloria.extensions import db, settings
from caloria.jobs.letter import Letter, written
from caloria.jobs.queue import task
from caloria.models import Job, PasswordReset, User


@task
def password_reset(_job: Job, user_id: str | None, root: str) -> Letter | None:
    """Mail a link to whoever forgot the password. It is made now, so that no table holds one before."""
    user = db.session.get(User, UUID(user_id)) if user_id else None
    if user is None or not user.active:
        return None
    token = PasswordReset.begin(user)

    def compose():
        link = url_for("passwords.edit", token=token, _external=True)
        return _("Choose a new password for Caloria"), "emails/password_reset.txt", {"link": link}

    return Letter(user.email, *written(user, settings().public_url or root, compose))
