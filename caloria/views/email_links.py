from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db
from caloria.models import EmailConfirmation
from caloria.views.emails import asked_too_often, can_mail, mail_link

bp = Blueprint("email_links", __name__, url_prefix="/account/email-links")


@bp.post("")
def create():
    """Mail the link that confirms the present address once more."""
    if not can_mail() or current_user.email_confirmed_at:
        return redirect(url_for("account.edit"), 303)
    if asked_too_often(current_user):
        return render_template("errors/429.html", minutes=15), 429, {"Retry-After": "900"}
    mail_link(EmailConfirmation.ask(current_user))
    db.session.commit()
    flash(_("A link is on its way to %(email)s.", email=current_user.email))
    return redirect(url_for("account.edit"), 303)
