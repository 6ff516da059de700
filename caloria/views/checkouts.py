from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.forms.plans import IntervalForm
from caloria.integrations import payments
from caloria.models.plan import prices
from caloria.views.subscription import render_plans

bp = Blueprint("checkouts", __name__, url_prefix="/subscription/checkouts")
# The page that waits looks again after so many seconds, and so often; then it is the person who does.
LOOK_AFTER, LOOKS = 3, 20


@bp.post("")
def create():
    """Go to where Plus is paid for."""
    form = IntervalForm()
    if not form.validate_on_submit():
        return render_plans(form), 422
    if prices() is None or current_user.plan_standing.open:
        return redirect(url_for("subscription.show"), 303)
    urls = payments.Urls(
        success=url_for(".show", _external=True), cancel=url_for("subscription.show", _external=True)
    )
    return redirect(payments.checkout(current_user, form.interval.data, urls), 303)


@bp.get("/done")
def show():
    """Wait until the payment is confirmed. That somebody came back from paying grants nothing."""
    standing, looked = current_user.plan_standing, request.args.get("looked", 0, int)
    if standing.state in ("active", "ending"):
        flash(_("You have Plus now. Thank you."))
        return redirect(url_for("subscription.show"), 303)
    looks = 0 <= looked < LOOKS
    page = render_template("subscription/waiting.html", looks=looks)
    # A header, because scripts may be off.
    again = url_for(".show", looked=looked + 1)
    return page, {"Refresh": f"{LOOK_AFTER}; url={again}"} if looks else {}


@bp.post("/done")
def update():
    """Ask whether it is paid, where the news of it does not come."""
    if prices():
        payments.refresh(current_user)
    return redirect(url_for(".show", looked=LOOKS), 303)
