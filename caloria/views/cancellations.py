from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.filters.dates import date_words
from caloria.integrations import payments

bp = Blueprint("cancellations", __name__, url_prefix="/subscription/cancellation")


@bp.post("")
def create():
    """End Plus with what is paid for. One step, and no question why."""
    mine = current_user.plan_standing.open
    if mine and not mine.cancel_at_period_end:
        payments.cancel(mine)
        if mine.is_open and mine.paid_until:
            flash(_("Cancelled. You have Plus until %(day)s.", day=date_words(mine.paid_until)))
        else:
            flash(_("Cancelled. Nothing more is charged."))
    return redirect(url_for("subscription.show"), 303)


@bp.post("/delete")
def delete():
    """Go on with Plus after all."""
    mine = current_user.plan_standing.open
    if mine and mine.cancel_at_period_end:
        payments.resume(mine)
        flash(_("Plus goes on."))
    return redirect(url_for("subscription.show"), 303)
