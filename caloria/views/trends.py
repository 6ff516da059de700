from flask import Blueprint, render_template, request
from flask_login import current_user

from caloria.forms.check_ins import CheckInForm
from caloria.forms.weights import WEIGHT_FORMS
from caloria.models import Trends
from caloria.models.trends import RANGES
from caloria.offline import readable_offline

bp = Blueprint("trends", __name__, url_prefix="/trends")


@bp.get("")
@readable_offline
def index():
    """Show where it goes, over a month or as long as there is anything."""
    range_ = request.args.get("days", RANGES[0])
    return render_trends(Trends(current_user, range_ if range_ in RANGES else RANGES[0]))


def render_trends(trends: Trends, check_in_form: CheckInForm | None = None) -> str:
    weight_form = WEIGHT_FORMS[current_user.units](formdata=None, day=current_user.today())
    weight_form.show(trends.latest_kg)
    return render_template(
        "trends/index.html",
        trends=trends,
        ranges=RANGES,
        weight_form=weight_form,
        check_in_form=check_in_form or CheckInForm(formdata=None),
    )
