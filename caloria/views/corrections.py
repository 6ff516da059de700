from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from caloria.extensions import db
from caloria.forms.corrections import CorrectionForm
from caloria.models import Act, ChangedSince, Correction, Food, FormReused
from caloria.models.correction import KIND
from caloria.views.foods import find_food

bp = Blueprint("corrections", __name__, url_prefix="/foods/<uuid:food_id>/corrections")

SHOWN = 10


@bp.get("/new")
def new(food_id):
    """Show what past entries would change, from a day on, before anything does."""
    food = find_food(food_id)
    by = _find_by(request.args.get("by_id", type=UUID), food)
    if not (first_day := Correction.first_day(current_user, food)):
        flash(_("No past entry has this food."))
        return redirect(url_for("foods.show", id=by.id), 303)
    form = CorrectionForm(formdata=request.args or None, meta={"csrf": False}, since=first_day, by_id=by.id)
    if not request.args.get("since"):
        form.since.data, form.since.raw_data = first_day, None
    return _page(food, by, form, 422 if request.args.get("since") and not form.validate() else 200)


@bp.post("")
def create(food_id):
    """Give past entries the figures that the food has now."""
    food, form = find_food(food_id), CorrectionForm()
    by = _find_by(form.by_id.data, food)
    if not form.validate_on_submit():
        return _page(food, by, form, 422)
    try:
        act = Correction(current_user, food, form.since.data, by).complete(form.id.data, form.digest)
    except FormReused:
        form.start_anew()
        return _page(food, by, form, 422)
    db.session.commit()
    _say_corrected(food, act)
    return redirect(url_for("foods.show", id=by.id), 303)


@bp.post("/<uuid:id>/undo")
def undo(food_id, id):
    """Give past entries back the figures that they had."""
    food = find_food(food_id)
    act = db.session.get(Act, (current_user.id, id), with_for_update=True)
    if act is None or act.kind != KIND:
        abort(404)
    try:
        act.undo()
    except ChangedSince:
        flash(_("Some of these entries were changed again since, so nothing was taken back."))
    else:
        db.session.commit()
        flash(_("Past entries have the figures again that they had."))
    return redirect(url_for("foods.show", id=food.id), 303)


def _say_corrected(food: Food, act: Act | None) -> None:
    if act is None or act.undone_at:
        flash(_("There was nothing to correct."))
        return
    number = act.entry_count
    text = ngettext("Corrected %(num)s past entry.", "Corrected %(num)s past entries.", number)
    flash({"text": text, "undo": url_for(".undo", food_id=food.id, id=act.id)}, "undo")


def _find_by(by_id: UUID | None, food: Food) -> Food:
    return find_food(by_id) if by_id else food


def _page(food: Food, by: Food, form: CorrectionForm, status: int):
    is_known = form.since.data and not form.since.errors
    correction = Correction(current_user, food, form.since.data, by) if is_known else None
    earlier = db.session.scalars(Act.corrections_of(current_user).limit(SHOWN)).all()
    said = {"food": food, "by": by, "form": form, "correction": correction, "earlier": earlier}
    page = render_template("corrections/new.html", **said)
    return page, status
