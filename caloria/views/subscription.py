from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db
from caloria.forms.plans import IntervalForm
from caloria.headers import send_forms_to
from caloria.integrations import payments
from caloria.models import Payment
from caloria.models.plan import prices

bp = Blueprint("subscription", __name__, url_prefix="/subscription")
# Of somebody who pays monthly, ten years.
SHOWN = 120


@bp.get("")
def show():
    """Show which plan this person has, what it costs, and what there is to choose."""
    return render_plans()


@bp.post("")
def update():
    """Pay per month or per year from here on."""
    form, mine = IntervalForm(), current_user.plan_standing.open
    if not form.validate_on_submit():
        return render_plans(form), 422
    if mine and mine.billed_per != form.interval.data:
        payments.switch(mine, form.interval.data)
        flash(_("You pay per year now.") if form.interval.data == "year" else _("You pay per month now."))
    return redirect(url_for(".show"), 303)


def render_plans(form: IntervalForm | None = None, declined: bool = False) -> str:
    send_forms_to(payments.hosts())
    return render_template(
        "subscription/show.html",
        standing=current_user.plan_standing,
        prices=prices(),
        paid=list(db.session.scalars(Payment.of(current_user.id).limit(SHOWN))),
        form=form,
        declined=declined,
    )


@bp.app_errorhandler(payments.PaymentsUnavailable)
def show_unavailable(_error):
    """Say that nothing was changed, and nothing charged."""
    db.session.rollback()
    return render_template("subscription/unavailable.html"), 503, {"Retry-After": "60"}


@bp.app_errorhandler(payments.PaymentDeclined)
def show_declined(_error):
    """Say that the card did not work, where another can be given."""
    db.session.rollback()
    return render_plans(declined=True), 422
