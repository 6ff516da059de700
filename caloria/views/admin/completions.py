from uuid import UUID

from flask import Blueprint, abort, flash
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from caloria.extensions import db
from caloria.forms.requests import CompletionForm
from caloria.models import Food
from caloria.models.food_request import FoodRequest, NotNow
from caloria.views.admin.requests import find, page, somebody_was_there, to

bp = Blueprint("completions", __name__, url_prefix="/requests/<uuid:user_id>/<uuid:id>/completions")


@bp.post("")
def create(user_id, id):
    """Say that a request is done, perhaps by a food that is there."""
    asked, form = find(user_id, id), CompletionForm()
    food = _food_for(asked, form.food_id.data) if form.food_id.data else None
    if not form.validate_on_submit():
        return page(asked, completion=form, status=422)
    try:
        asked.complete(current_user, form.answer.data or None, food)
    except NotNow:
        return somebody_was_there(asked)
    db.session.commit()
    flash(_("It is done, and the person is told."))
    return to(user_id, id)


def _food_for(asked: FoodRequest, food_id: UUID) -> Food:
    """A food that everybody has, or that is this person's own; a stranger's is a 404."""
    food = db.session.scalar(select(Food).where(Food.id == food_id))
    return food if food and food.owner_id in (None, asked.user_id) else abort(404)
