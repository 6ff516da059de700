from flask import Blueprint, abort, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from caloria.extensions import db
from caloria.forms.saved_meals import LoggedMealForm
from caloria.models import Day, Entry, FormReused, LoggedMeal, SavedMeal
from caloria.models.snapshot import NotMeasurable
from caloria.views.acts import say_logged
from caloria.views.meals import find_meal
from caloria.views.saved_meals import find_saved_meal, render_saved_meal

bp = Blueprint("logged_meals", __name__, url_prefix="/diary/<date:day>/logged-meals")


@bp.post("")
def create(day):
    """Log a saved meal, or a share of it."""
    form, day = LoggedMealForm(), Day(current_user, day)
    saved = _find_in_use(form)
    meal = find_meal(day, form)
    if form.validate_on_submit():
        try:
            made = LoggedMeal(day, saved, meal, form.factor).complete(form.id.data, form.digest)
        except FormReused:
            form.start_anew()
        except NotMeasurable:
            form.share.errors = [_("A share of a food is too little or too much to be logged.")]
        else:
            db.session.commit()
            _say_logged(day, saved, form, made)
            return redirect(url_for("diary.show", day=day.date, _anchor=f"meal-{meal.id}"), 303)
    return render_saved_meal(saved, day, meal, log_form=form), 422


def _find_in_use(form: LoggedMealForm) -> SavedMeal:
    """The saved meal that a form names, unless it is put away."""
    saved = find_saved_meal(form.saved_meal_id.data)
    return saved if saved.archived_at is None else abort(404)


def _say_logged(day: Day, saved: SavedMeal, form: LoggedMealForm, made: list[Entry]) -> None:
    def said(number: int, energy: str) -> str:
        return ngettext(
            "Logged “%(name)s”: %(num)s food, %(energy)s.",
            "Logged “%(name)s”: %(num)s foods, %(energy)s.",
            number,
            name=saved.name,
            energy=energy,
        )

    say_logged(day, form.id.data, made, said, _("There is no food in “%(name)s”.", name=saved.name))
