from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.converters import calendar_day
from caloria.extensions import db
from caloria.forms.portions import OwnPortionForm
from caloria.models import FormReused, OwnPortion
from caloria.views.foods import chosen_day_and_meal, find_food, render_food

bp = Blueprint("own_portions", __name__, url_prefix="/foods/<uuid:food_id>/portions")


@bp.post("")
def create(food_id):
    """Keep what a portion of a food weighs, for this person alone."""
    food, form = find_food(food_id), OwnPortionForm()
    if form.validate_on_submit():
        said = form.unit.data, form.gram_weight.data, form.id.data, form.digest
        try:
            portion = OwnPortion.measure(current_user, food, *said)
        except FormReused:
            form.start_anew()
        else:
            db.session.commit()
            flash(_("“%(portion)s” is among the portions now.", portion=portion.unit))
            return _to_food(food_id)
    return render_food(food, *chosen_day_and_meal(), portion_form=form), 422


@bp.post("/<uuid:id>/delete")
def delete(food_id, id):
    """Put a portion away. What was logged with it stays."""
    portion = _find(food_id, id)
    portion.archive()
    db.session.commit()
    undo = url_for(".restore", food_id=food_id, id=id, **_day_and_meal())
    flash({"text": _("“%(portion)s” is put away.", portion=portion.unit), "undo": undo}, "undo")
    return _to_food(food_id)


@bp.post("/<uuid:id>/restoration")
def restore(food_id, id):
    """Bring a portion back."""
    portion = _find(food_id, id)
    portion.unarchive()
    db.session.commit()
    flash(_("“%(portion)s” is back.", portion=portion.unit))
    return _to_food(food_id)


def _find(food_id: UUID, id: UUID) -> OwnPortion:
    """A portion that this person measured of a food; anything else is a 404."""
    portion = db.session.get(OwnPortion, (current_user.id, id))
    return portion if portion and portion.food_id == food_id else abort(404)


def _to_food(food_id: UUID):
    return redirect(url_for("foods.show", id=food_id, **_day_and_meal()), 303)


def _day_and_meal() -> dict:
    """The day and meal that the address names, to be gone on with."""
    return {
        "day": request.args.get("day", type=calendar_day),
        "meal": request.args.get("meal", type=UUID),
    }
