from flask import Blueprint
from flask_babel import gettext as _

from caloria.models import Standing
from caloria.views.admin.users import change_standing

bp = Blueprint("promotions", __name__, url_prefix="/users/<uuid:id>/promotions")


@bp.post("")
def create(id):
    """Let somebody see these pages."""
    return change_standing(id, Standing.promote, _("They are an admin now."))


@bp.post("/delete")
def delete(id):
    """Keep somebody from these pages."""
    return change_standing(id, Standing.demote, _("They are no admin any more."))
