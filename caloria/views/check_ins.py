from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db
from caloria.filters.amounts import energy
from caloria.forms.check_ins import CheckInForm
from caloria.models import CheckIn, FormReused, Trends
from caloria.models.trends import RANGES
from caloria.views.trends import render_trends

bp = Blueprint("check_ins", __name__, url_prefix="/trends/check-ins")


@bp.post("")
def create():
    """Take the target that was proposed, or keep the one that is."""
    form, trends = CheckInForm(), Trends(current_user, RANGES[0])
    if not form.validate_on_submit():
        return render_trends(trends, form), 422
    advice, before = trends.open_advice, CheckIn.answered(current_user, form.id.data)
    if before is None and not trends.plan.allows("adaptive_target"):
        flash(_("Proposals for your target are part of Plus. Your target stays as it is."))
        return redirect(url_for("trends.index"), 303)
    if before is None and (advice is None or advice.proposed_kcal != form.proposed_kcal.data):
        flash(_("The figures changed meanwhile, so nothing was done. Here is how it looks now."))
        return redirect(url_for("trends.index"), 303)
    try:
        decided = before or advice.answer(current_user, form.accepts, form.id.data, form.digest)
    except FormReused:
        form.start_anew()
        return render_trends(trends, form), 422
    db.session.commit()
    _say(decided, bool(trends.advice and trends.advice.weekdays))
    return redirect(url_for("trends.index"), 303)


def _say(decided: CheckIn, is_mean: bool) -> None:
    if decided.accepted and is_mean:
        said = energy(decided.proposed_kcal)
        flash(_("From today on your target is %(energy)s, as the average of a week.", energy=said))
    elif decided.accepted:
        flash(_("From today on your target is %(energy)s.", energy=energy(decided.proposed_kcal)))
    else:
        flash(_("Your target stays as it is."))
