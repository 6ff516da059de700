from flask import Blueprint, flash
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db
from caloria.forms.requests import RefusalForm
from caloria.models.food_request import NotNow
from caloria.views.admin.requests import find, page, somebody_was_there, to

bp = Blueprint("refusals", __name__, url_prefix="/requests/<uuid:user_id>/<uuid:id>/refusals")


@bp.post("")
def create(user_id, id):
    """Cancel a request, and say why."""
    asked, form = find(user_id, id), RefusalForm()
    if not form.validate_on_submit():
        return page(asked, refusal=form, status=422)
    try:
        asked.cancel(current_user, form.reason.data)
    except NotNow:
        return somebody_was_there(asked)
    db.session.commit()
    flash(_("It is cancelled, and the person is told."))
    return to(user_id, id)
