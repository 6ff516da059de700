from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db
from caloria.forms.meals import MealForm, MealOrderForm
from caloria.models import Day, FormReused, Meal, Meals
from caloria.models.meal import AnyMeal, MealShown
from caloria.models.meals import MOST, LastMeal, TooManyMeals

bp = Blueprint("meals", __name__, url_prefix="/meals")


@bp.get("")
def index():
    """Show this person's meals in their order."""
    return _page()


@bp.post("")
def create():
    """Add a meal."""
    form = MealForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        meal = _locked().add(form.name.data, form.usual_from.data, form.id.data, form.digest)
    except FormReused:
        form.start_anew()
        return _page(form), 422
    except TooManyMeals:
        form.form_errors.append(_too_many())
        return _page(form), 422
    db.session.commit()
    flash(_("“%(name)s” is one of your meals now.", name=meal.name))
    return redirect(url_for(".index"), 303)


@bp.get("/<uuid:id>/edit")
def edit(id):
    """Ask for another name or time."""
    meal = _find(Meals(current_user), id)
    return render_template("meals/edit.html", meal=meal, form=MealForm(obj=meal))


@bp.post("/<uuid:id>")
def update(id):
    """Rename a meal, or change when one usually has it."""
    meal, form = _find(_locked(), id), MealForm()
    if not form.validate_on_submit():
        return render_template("meals/edit.html", meal=meal, form=form), 422
    meal.name, meal.usual_from = form.name.data, form.usual_from.data
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:id>/order")
def order(id):
    """Move a meal up or down."""
    meals, form = _locked(), MealOrderForm()
    meal = _find(meals, id)
    if not form.validate_on_submit():
        flash(" ".join(form.summary))
        return _page(), 422
    meals.move(meal, form.by)
    db.session.commit()
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:id>/delete")
def delete(id):
    """Put a meal away. Days on which something was eaten at it go on showing it."""
    meals = _locked()
    meal = _find(meals, id)
    try:
        meals.archive(meal)
    except LastMeal:
        flash(_("A day needs one meal at least."))
        return redirect(url_for(".index"), 303)
    db.session.commit()
    flash({"text": _("“%(name)s” is put away.", name=meal.name), "undo": url_for(".restore", id=id)}, "undo")
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:id>/restoration")
def restore(id):
    """Bring a meal back."""
    meals = _locked()
    meal = _find(meals, id)
    try:
        meals.unarchive(meal)
    except TooManyMeals:
        flash(_too_many())
        return redirect(url_for(".index"), 303)
    db.session.commit()
    flash(_("“%(name)s” is back.", name=meal.name))
    return redirect(url_for(".index"), 303)


def find_meal(day: Day, form) -> AnyMeal:
    """The meal that a form logs at; a stranger's is a 404.

    Where it was put away meanwhile the form says so, and the first meal stands in for it.
    """
    meal = MealShown.of(day.person.id, form.meal_id.data) or abort(404)
    if meal.archived_at is None:
        return meal
    form.meal_id.refuse(_("That meal was put away meanwhile. Please choose another."))
    return day.meals_in_use[0]


def _locked() -> Meals:
    return Meals(current_user, lock=True)


def _find(meals: Meals, id: UUID) -> Meal:
    """One of this person's meals; a stranger's is a 404."""
    return meals.find(id) or abort(404)


def _too_many() -> str:
    return _("A day has room for %(most)s meals. Put one away first.", most=MOST)


def _page(form: MealForm | None = None) -> str:
    form = form or MealForm(formdata=None)
    return render_template("meals/index.html", meals=Meals(current_user), form=form)
