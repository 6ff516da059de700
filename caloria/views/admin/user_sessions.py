from flask import Blueprint
from flask_babel import gettext as _

from caloria.models import Session
from caloria.views.admin.users import done, find_user

bp = Blueprint("user_sessions", __name__, url_prefix="/users/<uuid:id>/sessions")


@bp.post("/delete")
def delete(id):
    """Sign somebody out everywhere."""
    Session.end_all(find_user(id))
    return done(id, _("They are signed out everywhere."))
