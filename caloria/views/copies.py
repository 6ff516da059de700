from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from caloria.extensions import db
from caloria.forms.diary import CopyForm
from caloria.models import Day, DayCopy, FormReused
from caloria.models.day import total
from caloria.views.acts import say_logged
from caloria.views.meals import find_meal

bp = Blueprint("copies", __name__, url_prefix="/diary/<date:day>/copies")


@bp.get("/new")
def new(day):
    """Choose a day and a meal, and see what would be copied."""
    day = Day(current_user, day)
    form = CopyForm(formdata=request.args or None, meta={"csrf": False}, other_day=day.previous)
    return _page(day, form, 422 if request.args and not form.validate() else 200)


@bp.post("")
def create(day):
    """Log what was eaten on another day once more."""
    form = CopyForm()
    day = Day(current_user, day)
    if form.meal_id.data:
        find_meal(day, form)
    if not form.validate_on_submit():
        return _page(day, form, 422)
    try:
        made = DayCopy(day, form.other_day.data, form.meal_id.data).complete(form.id.data, form.digest)
    except FormReused:
        form.start_anew()
        return _page(day, form, 422)
    db.session.commit()
    say_logged(day, form.id.data, made, _copied, _("There is nothing on that day to copy."))
    return redirect(url_for("diary.show", day=day.date), 303)


def _page(day: Day, form: CopyForm, status: int):
    is_chosen = form.other_day.data and not form.other_day.errors
    entries = DayCopy(day, form.other_day.data, form.meal_id.data).entries if is_chosen else []
    page = render_template(
        "copies/new.html", day=day, form=form, entries=entries, energy=total(entries, "energy_kcal")
    )
    return page, status


def _copied(number: int, energy: str) -> str:
    return ngettext(
        "Copied %(num)s food, %(energy)s.", "Copied %(num)s foods, %(energy)s.", number, energy=energy
    )
