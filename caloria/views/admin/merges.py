from flask import Blueprint, abort, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db
from caloria.filters.words import food_name
from caloria.forms.corrections import MergeForm
from caloria.models import FormReused, shared_food
from caloria.views.admin.foods import find, page, to

bp = Blueprint("merges", __name__, url_prefix="/foods/<uuid:id>/merges")


@bp.post("")
def create(id):
    """Put a food of everybody's away for another. Days keep what they have."""
    find(id)
    form = MergeForm()
    if not form.validate_on_submit() or form.into_id.data is None:
        abort(404)
    try:
        food, into = shared_food.merge(current_user, id, form.into_id.data, form.id.data, form.digest)
    except (FormReused, shared_food.NotThere):
        db.session.rollback()
        flash(_("One of the two was put away meanwhile, or is not everybody's. Nothing was changed."))
        return page(find(id), status=422)
    db.session.commit()
    said = _("“%(food)s” is “%(other)s” from now on.", food=food_name(food), other=food_name(into))
    flash({"text": said, "undo": url_for("admin.foods.restore", id=id)}, "undo")
    return to(into.id)
