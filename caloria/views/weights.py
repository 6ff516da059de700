from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db
from caloria.filters.amounts import body_weight
from caloria.forms.weights import WEIGHT_FORMS, WeightForm
from caloria.models import FormReused, Weight
from caloria.offline import readable_offline

bp = Blueprint("weights", __name__, url_prefix="/weights")

SHOWN = 60


@bp.get("")
@readable_offline
def index():
    """Show what was weighed, the newest first."""
    form = WEIGHT_FORMS[current_user.units](formdata=None, day=current_user.today())
    return _page(form)


@bp.post("")
def create():
    """Log a weight."""
    return log(WEIGHT_FORMS[current_user.units](), request.args.get("at"))


@bp.get("/<uuid:id>/edit")
def edit(id):
    """Ask for another weight, or another day."""
    weight = _find_standing(id)
    form = WEIGHT_FORMS[current_user.units](day=weight.day)
    form.show(weight.weight_kg)
    return render_template("weights/edit.html", weight=weight, form=form)


@bp.post("/<uuid:id>")
def update(id):
    """Change what was weighed."""
    weight, form = _find_standing(id), WEIGHT_FORMS[current_user.units]()
    if not form.validate_on_submit():
        return render_template("weights/edit.html", weight=weight, form=form), 422
    weight.day, weight.weight_kg = form.day.data, form.weight_kg
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:id>/delete")
def delete(id):
    """Take a weight back."""
    weight = _find(id)
    weight.delete()
    return _said(weight, request.args.get("at"))


@bp.post("/<uuid:id>/restoration")
def restore(id):
    """Have a weight back."""
    weight = _find(id)
    weight.restore()
    return _said(weight, request.args.get("at"))


def _page(form: WeightForm) -> str:
    before = _find(request.args.get("before", type=UUID)) if "before" in request.args else None
    weights = db.session.scalars(Weight.of(current_user.id, before).limit(SHOWN + 1)).all()
    if not form.is_submitted() and before is None:
        form.show(weights[0].weight_kg if weights else None)
    more = weights[SHOWN - 1] if len(weights) > SHOWN else None
    return render_template("weights/index.html", weights=weights[:SHOWN], more=more, form=form)


def log(form: WeightForm, at: str | None):
    """Log what a form says, and go back to where it was said; or show what is wrong with it."""
    if form.validate_on_submit():
        try:
            logged = Weight.log(current_user, form.day.data, form.weight_kg, form.id.data, form.digest)
            return _said(logged, at)
        except FormReused:
            form.start_anew()
    return _page(form), 422


def _said(weight: Weight, at: str | None):
    db.session.commit()
    kg, address = body_weight(weight.weight_kg), {"id": weight.id, "at": at}
    if weight.deleted_at:
        undo, text = url_for("weights.restore", **address), _("%(weight)s is taken back.", weight=kg)
    else:
        undo, text = url_for("weights.delete", **address), _("Logged %(weight)s.", weight=kg)
    flash({"text": text, "undo": undo}, "undo")
    return redirect(_place(at, weight), 303)


def _place(at: str | None, weight: Weight) -> str:
    """Where a weight was logged, and is seen."""
    if at == "day":
        return url_for("diary.show", day=weight.day, _anchor="weigh-in")
    return url_for("trends.index" if at == "trends" else "weights.index")


def _find(id: UUID | None) -> Weight:
    """A weight of this person's; anything else is a 404."""
    return (id and db.session.get(Weight, (current_user.id, id))) or abort(404)


def _find_standing(id: UUID) -> Weight:
    """One that can be changed: what was taken back meanwhile is a 404, and not saved out of sight."""
    weight = _find(id)
    return weight if weight.deleted_at is None else abort(404)
