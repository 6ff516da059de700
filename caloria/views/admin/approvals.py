from flask import Blueprint, flash
from flask_babel import gettext as _

from caloria.extensions import db
from caloria.models import shared_food
from caloria.views.admin.foods import find_own, to

bp = Blueprint("approvals", __name__, url_prefix="/foods/<uuid:id>/approvals")


@bp.post("")
def create(id):
    """Give everybody a copy of what a person made; pressed twice, there is one."""
    copy = shared_food.approve(find_own(id))
    db.session.commit()
    flash(_("Everybody has “%(food)s” now. The person's own stays as it is.", food=copy.name))
    return to(copy.id)
