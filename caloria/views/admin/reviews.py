from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _

from caloria.extensions import db
from caloria.models import shared_food
from caloria.views.admin.foods import find_own

bp = Blueprint("reviews", __name__, url_prefix="/foods/<uuid:id>/reviews")


@bp.post("")
def create(id):
    """Note that this was looked at, and stays what it is: a person's own."""
    food = find_own(id)
    shared_food.review(food)
    db.session.commit()
    flash(_("“%(food)s” is marked as looked at.", food=food.name))
    return redirect(url_for("admin.foods.index", reviewed="no"), 303)
