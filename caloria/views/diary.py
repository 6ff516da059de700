from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user

from caloria.forms.diary import QuickEntryForm
from caloria.models import Day, DayExtras
from caloria.offline import readable_offline
from caloria.views.plan_notices import unread

bp = Blueprint("diary", __name__, url_prefix="/diary")


@bp.get("")
def index():
    """Go to today."""
    return redirect(url_for(".show", day=current_user.today()), 303)


@bp.get("/<date:day>")
@readable_offline
def show(day):
    """Show a day: what is left, and every meal."""
    return render_day(Day(current_user, day))


def render_day(day: Day, quick_form: QuickEntryForm | None = None) -> str:
    """The page of a day, with what was sent of quick calories where something was wrong with it."""
    extras = DayExtras(day)
    return render_template(
        "diary/show.html",
        day=day,
        extras=extras,
        plan_notice=unread(extras.plan_notice),
        usual=day.usual(day.meal_now),
        quick_form=quick_form,
    )
