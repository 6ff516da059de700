from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db
from caloria.forms.saved_meals import LoggedMealForm, SavedMealForm
from caloria.models import Day, FormReused, SavedMeal
from caloria.models.day import total
from caloria.models.meal import AnyMeal
from caloria.models.saved_meal import NothingToKeep, eaten_at
from caloria.views.foods import chosen_day_and_meal

bp = Blueprint("saved_meals", __name__)


@bp.get("/saved-meals")
def index():
    """Show every saved meal, each to be logged or changed."""
    saved_meals = db.session.scalars(SavedMeal.of(current_user)).unique().all()
    day, meal = chosen_day_and_meal()
    return render_template("saved_meals/index.html", saved_meals=saved_meals, day=day, meal=meal)


@bp.get("/diary/<date:day>/meals/<uuid:meal_id>/saved-meals/new")
def new(day, meal_id):
    """Show what was eaten at a meal, and ask what to call it."""
    day = Day(current_user, day)
    meal = day.meal(meal_id) or abort(404)
    return _new_page(day, meal, SavedMealForm(name=meal.name))


@bp.post("/diary/<date:day>/meals/<uuid:meal_id>/saved-meals")
def create(day, meal_id):
    """Save what was eaten at a meal, to have it again."""
    form, day = SavedMealForm(), Day(current_user, day)
    meal = day.meal(meal_id) or abort(404)
    if not form.validate_on_submit():
        return _new_page(day, meal, form), 422
    try:
        saved = SavedMeal.keep(day, meal, form.name.data, form.id.data, form.digest)
    except FormReused:
        form.start_anew()
        return _new_page(day, meal, form), 422
    except NothingToKeep:
        form.form_errors.append(_("There is nothing at this meal to save yet."))
        return _new_page(day, meal, form), 422
    db.session.commit()
    flash(_("Saved as “%(name)s”: one tap logs it again.", name=saved.name))
    return redirect(url_for("diary.show", day=day.date, _anchor=f"meal-{meal.id}"), 303)


@bp.get("/saved-meals/<uuid:id>")
def show(id):
    """Show a saved meal: its foods, and how to log, rename or change it."""
    return render_saved_meal(find_saved_meal(id))


@bp.post("/saved-meals/<uuid:id>")
def update(id):
    """Call a saved meal something else."""
    saved, form = find_saved_meal(id), SavedMealForm()
    if not form.validate_on_submit():
        return render_saved_meal(saved, name_form=form), 422
    saved.name = form.name.data
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for(".show", id=id), 303)


@bp.post("/saved-meals/<uuid:id>/delete")
def delete(id):
    """Put a saved meal away. What was logged with it stays."""
    saved = find_saved_meal(id)
    saved.archive()
    db.session.commit()
    flash({"text": _("“%(name)s” is put away.", name=saved.name), "undo": url_for(".restore", id=id)}, "undo")
    return redirect(url_for(".index"), 303)


@bp.post("/saved-meals/<uuid:id>/restoration")
def restore(id):
    """Bring a saved meal back."""
    saved = find_saved_meal(id)
    saved.unarchive()
    db.session.commit()
    flash(_("“%(name)s” is back.", name=saved.name))
    return redirect(url_for(".index"), 303)


def find_saved_meal(id: UUID | None) -> SavedMeal:
    """One of this person's saved meals with its foods, also one that is put away; a stranger's is a 404."""
    return db.session.scalars(SavedMeal.of(current_user).where(SavedMeal.id == id)).unique().first() or abort(
        404
    )


def render_saved_meal(saved: SavedMeal, day: Day | None = None, meal: AnyMeal | None = None, **forms) -> str:
    """The page of a saved meal, with the forms on it as they were sent: name_form, log_form, item_form."""
    if day is None or meal is None:
        day, meal = chosen_day_and_meal()
    forms.setdefault("name_form", SavedMealForm(formdata=None, name=saved.name))
    forms.setdefault("log_form", LoggedMealForm(formdata=None))
    return render_template("saved_meals/show.html", saved=saved, day=day, meal=meal, **forms)


def _new_page(day: Day, meal: AnyMeal, form: SavedMealForm) -> str:
    entries = eaten_at(day, meal)
    said = {"entries": entries, "energy": total(entries, "energy_kcal")}
    return render_template("saved_meals/new.html", day=day, meal=meal, form=form, **said)
