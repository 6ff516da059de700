from flask import Blueprint
from flask_babel import gettext as _

from caloria.models import Standing
from caloria.views.admin.users import change_standing

bp = Blueprint("disablings", __name__, url_prefix="/users/<uuid:id>/disablings")


@bp.post("")
def create(id):
    """Let somebody in no more."""
    return change_standing(id, Standing.disable, _("They cannot sign in any more."))


@bp.post("/delete")
def delete(id):
    """Let somebody in again."""
    return change_standing(id, Standing.enable, _("They can sign in again."))
