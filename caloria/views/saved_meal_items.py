from uuid import UUID

from flask import Blueprint, abort, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db
from caloria.forms.diary import ChangeForm
from caloria.models import SavedMealItem
from caloria.views.saved_meals import find_saved_meal, render_saved_meal

bp = Blueprint("saved_meal_items", __name__, url_prefix="/saved-meals/<uuid:saved_meal_id>/items/<uuid:id>")


@bp.post("")
def update(saved_meal_id, id):
    """Change how much of a food a saved meal has; quick calories have no amount to change."""
    item = _find_item(saved_meal_id, id)
    if item.is_quick:
        abort(404)
    form = ChangeForm()
    form.grams_per_unit, form.stored = item.grams_per_unit, item.portion_amount
    if not form.validate_on_submit():
        page = render_saved_meal(find_saved_meal(saved_meal_id), item_form=form, item_id=id)
        return page, 422
    item.take(form.amount.data)
    db.session.commit()
    flash(_("Changed %(food)s.", food=item.name))
    return redirect(url_for("saved_meals.show", id=saved_meal_id), 303)


@bp.post("/delete")
def delete(saved_meal_id, id):
    """Take a food out of a saved meal. What was logged with it stays."""
    item = _find_item(saved_meal_id, id)
    db.session.delete(item)
    db.session.commit()
    flash(_("Took out %(food)s.", food=item.name))
    return redirect(url_for("saved_meals.show", id=saved_meal_id), 303)


def _find_item(saved_meal_id: UUID, id: UUID) -> SavedMealItem:
    """A food of one of this person's saved meals; anything else is a 404."""
    item = db.session.get(SavedMealItem, (current_user.id, id), with_for_update=True)
    return item if item and item.saved_meal_id == saved_meal_id else abort(404)
