from functools import partial

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, logout_user
from sqlalchemy import func, select

from caloria.access import require_recent
from caloria.extensions import db, settings
from caloria.forms.deletions import DeletionForm
from caloria.models import Erasure, LastAdmin, Payment, Subscription
from caloria.operations.farewell import farewell_to

bp = Blueprint("deletions", __name__, url_prefix="/account/deletion")
bp.before_request(partial(require_recent, 15))


@bp.get("")
def new():
    """Say what is deleted and what is kept, and ask whether that is meant."""
    return _page(DeletionForm(current_user))


@bp.post("")
def create():
    """Delete the account and everything in it, at once and for good."""
    form = DeletionForm(current_user)
    if not form.validate_on_submit():
        return _page(form), 422
    say_farewell = farewell_to(current_user, settings())
    try:
        Erasure.complete(current_user._get_current_object())
    except LastAdmin:
        form.form_errors.append(_("You are the only admin. Let somebody else be one first."))
        return _page(form), 422
    db.session.commit()
    say_farewell()
    logout_user()
    session.clear()
    flash(_("Your account and everything in it is deleted."))
    return redirect(url_for("pages.index"), 303)


def _page(form: DeletionForm) -> str:
    mine = select(func.count()).select_from(Payment).where(Payment.user_id == current_user.id)
    charged = db.session.scalars(Subscription.charged(current_user.id)).first()
    return render_template(
        "deletions/new.html", form=form, payments=db.session.scalar(mine), is_charged=charged is not None
    )
