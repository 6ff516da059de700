from flask import Blueprint, flash
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db
from caloria.forms.requests import TurnForm
from caloria.models.food_request import NotNow
from caloria.views.admin.requests import find, page, somebody_was_there, to

bp = Blueprint("turns", __name__, url_prefix="/requests/<uuid:user_id>/<uuid:id>/turns")


@bp.post("")
def create(user_id, id):
    """Work on a request, in the place of whom the page said."""
    asked, form = find(user_id, id), TurnForm()
    if not form.validate_on_submit():
        return page(asked, status=422)
    try:
        asked.take(current_user, form.seen_id.data)
    except NotNow:
        return somebody_was_there(asked)
    db.session.commit()
    flash(_("It is yours."))
    return to(user_id, id)


@bp.post("/delete")
def delete(user_id, id):
    """Let somebody else work on it."""
    asked = find(user_id, id)
    try:
        asked.give_back(current_user)
    except NotNow:
        return somebody_was_there(asked)
    db.session.commit()
    flash(_("It is nobody's now."))
    return to(user_id, id)
