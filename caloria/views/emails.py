from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from caloria.access import require_recent
from caloria.extensions import db, settings
from caloria.forms.emails import NewEmailForm
from caloria.integrations import mail
from caloria.models import EmailConfirmation, Job, Throttle, User
from caloria.models.user import email_key

bp = Blueprint("emails", __name__, url_prefix="/account/email")
bp.before_request(partial(require_recent, 15))

# In a quarter of an hour: a mailbox is not to be filled from here.
LINKS_FOR_ONE_ACCOUNT = 5
LINKS_FROM_ONE_ADDRESS = 30
TOO_OFTEN = _l("That was asked for often. Please wait a quarter of an hour.")


@bp.get("")
def edit():
    """Show the address of the account, and ask for another one."""
    return _page(NewEmailForm())


@bp.post("")
def update():
    """Mail a link to the new address; nothing changes before it is opened and confirmed."""
    form = NewEmailForm()
    valid = form.validate_on_submit()
    if valid and email_key(form.email.data) == current_user.email_key:
        form.email.errors = [_("This is your address already.")]
        valid = False
    if not valid or not can_mail():
        return _page(form), 422
    if asked_too_often(current_user):
        form.form_errors.append(TOO_OFTEN)
        return _page(form), 429, {"Retry-After": "900"}
    mail_link(EmailConfirmation.ask_for(current_user, form.email.data))
    mail_notice(current_user, is_done=False)
    db.session.commit()
    flash(_("A link is on its way to the new address."))
    return redirect(url_for(".edit"), 303)


def _page(form: NewEmailForm) -> str:
    return render_template(
        "addresses/edit.html",
        form=form,
        wanted=EmailConfirmation.wanted_by(current_user),
        can_mail=can_mail(),
        outbox=settings().mail_outbox,
    )


def can_mail() -> bool:
    return mail.is_set_up(settings())


def asked_too_often(user: User) -> bool:
    """Count a link that is to be mailed, and commit that."""
    limits = {
        f"address links of {user.id}": LINKS_FOR_ONE_ACCOUNT,
        f"address links from {request.remote_addr}": LINKS_FROM_ONE_ADDRESS,
    }
    exceeded = Throttle.is_exceeded(limits)
    db.session.commit()
    return exceeded


def mail_link(confirmation: EmailConfirmation) -> None:
    Job.put("email_confirmation", confirmation_id=str(confirmation.id), root=request.url_root)


def mail_notice(user: User, is_done: bool, old: EmailConfirmation | None = None) -> None:
    said = {"user_id": str(user.id), "root": request.url_root, "is_done": is_done}
    Job.put("address_notice", old_id=str(old.id) if old else None, **said)


def confirm_at_first(user: User) -> None:
    """Ask somebody new to confirm their address, once however often their form was sent."""
    if can_mail() and db.session.get(EmailConfirmation, user.id) is None:
        mail_link(EmailConfirmation.ask(user, user.id))
