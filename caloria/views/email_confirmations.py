from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from caloria.access import public
from caloria.extensions import db
from caloria.models import AddressTaken, EmailConfirmation, NoSuchLink, User
from caloria.views.emails import mail_notice

bp = Blueprint("email_confirmations", __name__, url_prefix="/email-confirmations/<token>")

ENDED = _l("This link has been used or is older than a day. Under Account another one can be mailed to you.")
TAKEN = _l("There is another account with this address by now, so nothing was changed.")


@bp.get("")
@public
def new(token):
    """Ask whether it is meant: programs that look through mails open its links."""
    held = EmailConfirmation.held(token)
    if held is None:
        return render_template("addresses/ended.html", message=ENDED), 404
    confirmation, user = held
    return render_template(
        "addresses/confirm.html", token=token, email=confirmation.email, is_new=not confirmation.is_of(user)
    )


@bp.post("")
@public
def create(token):
    """Confirm the address; a new one takes the place of the old, and both are told."""
    try:
        old = EmailConfirmation.use(token)
    except (NoSuchLink, AddressTaken) as reason:
        db.session.rollback()
        message = TAKEN if isinstance(reason, AddressTaken) else ENDED
        return render_template("addresses/ended.html", message=message), 404
    for told in (old, None) if old else ():
        mail_notice(db.session.get_one(User, old.user_id), is_done=True, old=told)
    db.session.commit()
    flash(_("Your address is confirmed."))
    return redirect(url_for("account.edit" if current_user.is_authenticated else "sessions.new"), 303)
