from flask import Blueprint
from flask_login import current_user

from caloria.forms.weights import WEIGHT_FORMS
from caloria.views.weights import log

bp = Blueprint("day_weights", __name__, url_prefix="/diary/<date:day>/weights")


@bp.post("")
def create(day):
    """Log a weight on the page of its day: like all that is logged there, it can wait for a connection."""
    return log(WEIGHT_FORMS[current_user.units](data={"day": day}), "day")
