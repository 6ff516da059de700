from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from caloria.converters import calendar_day
from caloria.extensions import db
from caloria.forms.diary import EntryForm
from caloria.forms.foods import FoodForm
from caloria.models import Day, Food, FormReused

bp = Blueprint("foods", __name__, url_prefix="/foods")

RESULTS = 30
LONGEST_QUERY = 100


@bp.get("")
def index():
    """Show the foods that this person made, also those that are put away."""
    foods = db.session.scalars(Food.of(current_user)).all()
    return render_template("foods/index.html", foods=foods)


@bp.get("/search")
def search():
    """Find foods by fragments of their names, to log them at a meal of a day."""
    text = request.args.get("q", "").replace("\0", " ")[:LONGEST_QUERY].strip()
    day, meal = chosen_day_and_meal()
    foods = db.session.scalars(Food.search(current_user, text).limit(RESULTS)).all() if text else []
    usual = [] if text else day.usual(meal)
    return render_template("foods/search.html", text=text, foods=foods, usual=usual, day=day, meal=meal)


@bp.get("/new")
def new():
    """Ask for the figures of a label."""
    day, meal = chosen_day_and_meal()
    form = FoodForm(name=request.args.get("name", "")[:LONGEST_QUERY])
    return render_template("foods/new.html", form=form, day=day, meal=meal)


@bp.post("")
def create():
    """Keep a food of one's own, and go on to log it."""
    form = FoodForm()
    day, meal = chosen_day_and_meal()
    if not form.validate_on_submit():
        return render_template("foods/new.html", form=form, day=day, meal=meal), 422
    try:
        food = Food.create_own(current_user, form.id.data, form.digest, form.label)
    except FormReused:
        form.start_anew()
        return render_template("foods/new.html", form=form, day=day, meal=meal), 422
    db.session.commit()
    if form.doubt:
        flash(f"Kept. {form.doubt}")
    return redirect(url_for(".show", id=food.id, day=day.date, meal=meal.id), 303)


@bp.get("/<uuid:id>")
def show(id):
    """Show a food with its figures and where they come from, and ask how much of it."""
    food = find_food(id)
    day, meal = chosen_day_and_meal()
    form = EntryForm(food_id=food.id, meal_id=meal.id)
    form.amount.data = food.usual_portion.amount
    form.portion_id.data = food.usual_portion.id
    return render_template("foods/show.html", food=food, form=form, day=day, meal=meal)


@bp.get("/<uuid:id>/edit")
def edit(id):
    """Show the label of one's own food."""
    food = find_own_food(id)
    form = FoodForm(obj=food, id=food.id)
    if food.portions:
        form.serving_grams.data, form.serving_name.data = food.portions[0].gram_weight, food.portions[0].unit
    return render_template("foods/edit.html", form=form, food=food)


@bp.post("/<uuid:id>")
def update(id):
    """Correct one's own food. Days that it was logged on keep their figures."""
    food = find_own_food(id, lock=True)
    form = FoodForm()
    if not form.validate_on_submit():
        return render_template("foods/edit.html", form=form, food=food), 422
    food.correct(form.label)
    db.session.commit()
    flash(f"Saved. Days that you logged it on keep the figures they had. {form.doubt}")
    return redirect(url_for(".show", id=food.id), 303)


@bp.post("/<uuid:id>/delete")
def delete(id):
    """Put one's own food away. It stays in the days it was logged on."""
    food = find_own_food(id)
    food.archive()
    db.session.commit()
    flash({"text": f"“{food.name}” is put away.", "undo": url_for(".restore", id=food.id)}, "undo")
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:id>/restoration")
def restore(id):
    """Bring one's own food back."""
    food = find_own_food(id)
    food.unarchive()
    db.session.commit()
    flash(f"“{food.name}” is back.")
    return redirect(url_for(".index"), 303)


def find_food(id: UUID) -> Food:
    """A shared food or one's own; a stranger's is a 404."""
    return db.session.scalar(Food.visible_to(current_user).where(Food.id == id)) or abort(404)


def find_own_food(id: UUID, lock: bool = False) -> Food:
    """One of this person's own foods; locked, a second change of it waits for the first."""
    food = Food.of(current_user).where(Food.id == id)
    return db.session.scalar(food.with_for_update() if lock else food) or abort(404)


def chosen_day_and_meal():
    """The day and meal that the address names, else today and the meal of this time."""
    on = request.args.get("day", type=calendar_day)
    day = Day(current_user, on or current_user.today())
    return day, day.meal(request.args.get("meal", type=UUID)) or day.meal_now
