from flask import Blueprint, render_template, request
from flask_login import current_user

from caloria.forms.check_ins import CheckInForm
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
    """The page, with the answer to a check-in where something was wrong with it."""
    if check_in_form is None and trends.check_in:
        check_in_form = CheckInForm(formdata=None)
    return render_template("trends/index.html", trends=trends, ranges=RANGES, check_in_form=check_in_form)
