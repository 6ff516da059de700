from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from caloria.access import public
from caloria.extensions import db, settings
from caloria.forms.people import ChangePasswordForm, ForgottenPasswordForm, NewPasswordForm
from caloria.integrations import mail
from caloria.models import Confirmation, Job, PasswordReset, Session, Throttle, User
from caloria.models.user import email_key
from caloria.views.sessions import sign_in

bp = Blueprint("passwords", __name__, url_prefix="/password")

RESETS_FOR_ONE_ACCOUNT = 5
RESETS_FROM_ONE_ADDRESS = 30
EXPIRED = _l("This link has been used or is older than an hour. Please ask for a new one.")


@bp.get("/forgotten")
@public
def new():
    """Ask for the address that the link goes to."""
    return render_template("passwords/new.html", form=ForgottenPasswordForm())


@bp.post("/forgotten")
@public
def create():
    """Have a link mailed, if the address is known; do and answer the same if it is not."""
    form = ForgottenPasswordForm()
    if not form.validate_on_submit():
        return render_template("passwords/new.html", form=form), 422
    exceeded = Throttle.is_exceeded(
        {
            f"reset for {email_key(form.email.data)}": RESETS_FOR_ONE_ACCOUNT,
            f"reset from {request.remote_addr}": RESETS_FROM_ONE_ADDRESS,
        }
    )
    db.session.commit()
    if exceeded:
        return render_template("errors/429.html", minutes=15), 429, {"Retry-After": "900"}
    user = db.session.scalar(User.with_email(form.email.data))
    Job.put("password_reset", user_id=str(user.id) if user else None, root=request.url_root)
    db.session.commit()
    return redirect(url_for(".sent"), 303)


@bp.get("/forgotten/sent")
@public
def sent():
    """Say where to look for the mail."""
    return render_template(
        "passwords/sent.html", outbox=settings().mail_outbox, can_mail=mail.is_set_up(settings())
    )


@bp.get("/reset/<token>")
@public
def edit(token):
    """Ask for the new password, for whom the mailed link was meant."""
    if PasswordReset.holder(token) is None:
        return render_template("passwords/expired.html", message=EXPIRED), 404
    return render_template("passwords/edit.html", form=NewPasswordForm(), token=token)


@bp.post("/reset/<token>")
@public
def update(token):
    """Set the new password; every session and every other link ends."""
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return render_template("passwords/edit.html", form=form, token=token), 422
    if not PasswordReset.use(token, form.password.data):
        return render_template("passwords/expired.html", message=EXPIRED), 404
    db.session.commit()
    flash(_("Your new password is set. Please sign in with it."))
    return redirect(url_for("sessions.new"), 303)


@bp.get("/change")
def edit_own():
    """Ask for the present password and a new one."""
    return render_template("passwords/change.html", form=ChangePasswordForm())


@bp.post("/change")
def update_own():
    """Change one's password; other devices are signed out, and so is whoever copied this one's cookie."""
    form = ChangePasswordForm()
    valid = form.validate_on_submit()
    attempt = Confirmation(current_user, form.current_password.data)
    allowed = attempt.is_allowed()
    db.session.commit()
    if not allowed:
        return render_template("errors/429.html", minutes=15), 429, {"Retry-After": "900"}
    if valid and not attempt.matches():
        form.current_password.errors = [_("This is not your present password.")]
        valid = False
    if not valid:
        return render_template("passwords/change.html", form=form), 422
    person = current_user._get_current_object()  # who is current is about to begin anew
    person.change_password(form.password.data)
    PasswordReset.revoke(person)
    Session.end_all(person, but=person.session)
    sign_in(person)
    db.session.commit()
    flash(_("Your password is changed. Other devices are signed out."))
    return redirect(url_for("account.edit"), 303)
