from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from caloria.converters import calendar_day
from caloria.extensions import db
from caloria.forms.diary import EntryForm
from caloria.forms.foods import FoodForm
from caloria.forms.lines import LineEntriesForm
from caloria.forms.portions import OwnPortionForm
from caloria.languages import spoken
from caloria.models import (
    Correction,
    Day,
    Food,
    FoodMerge,
    FoodRequest,
    FoodSearch,
    FormReused,
    OpenFood,
    PortionChoices,
)
from caloria.models.ids import new_id
from caloria.models.line.grammar import LONGEST as LONGEST_LINE
from caloria.models.line.line import Line
from caloria.models.meal import AnyMeal
from caloria.models.portion_choices import AnyPortion
from caloria.models.saved_meal import offered

bp = Blueprint("foods", __name__, url_prefix="/foods")

RESULTS = 30
LONGEST_QUERY = 100


@bp.get("")
def index():
    """Show the foods that this person made, also those that are put away."""
    foods = db.session.scalars(Food.of(current_user)).all()
    news = db.session.scalar(FoodRequest.news_for(current_user))
    return render_template("foods/index.html", foods=foods, news=news)


@bp.get("/search")
def search():
    """Find foods by any of their names, or read what was eaten, to log it at a meal of a day."""
    text = request.args.get("q", "").replace("\0", " ")[:LONGEST_LINE].strip()
    day, meal = chosen_day_and_meal()
    said = {"text": text, "day": day, "meal": meal}
    line = Line(current_user, text)
    if not line.says_how_much:
        said["foods"] = FoodSearch(current_user, products=True).find(text[:LONGEST_QUERY], RESULTS)
    if line.says_how_much or (line.is_of_several and not said["foods"]):
        said |= LineEntriesForm.of(line, meal).beside(line)
    if not text:
        said |= {"usual": day.usual(meal), "saved_meals": db.session.execute(offered(current_user.id)).all()}
    return render_template("foods/search.html", **said)


@bp.get("/new")
def new():
    """Ask for the figures of a label."""
    day, meal = chosen_day_and_meal()
    like = request.args.get("like", type=UUID)
    form = _form_like(find_food(like)) if like else _form_with(request.args)
    return render_template("foods/new.html", form=form, day=day, meal=meal)


@bp.post("")
def create():
    """Keep a food of one's own, and go on to log it."""
    form = FoodForm()
    day, meal = chosen_day_and_meal()
    if not form.validate_on_submit() or has_twin(form, form.id.data):
        return render_template("foods/new.html", form=form, day=day, meal=meal), 422
    try:
        like = find_food(form.like_id.data) if form.like_id.data else None
        food = Food.create_own(current_user, form.id.data, form.digest, form.label, like)
    except FormReused:
        form.start_anew()
        return render_template("foods/new.html", form=form, day=day, meal=meal), 422
    db.session.commit()
    if form.doubt:
        flash(" ".join((_("Kept."), form.doubt)))
    return redirect(url_for(".show", id=food.id, day=day.date, meal=meal.id), 303)


@bp.get("/<uuid:id>")
def show(id):
    """Show a food with its figures and where they come from, and ask how much of it."""
    food = find_food(id)
    day, meal = chosen_day_and_meal()
    return render_food(food, day, meal)


@bp.get("/<uuid:id>/edit")
def edit(id):
    """Show the label of one's own food."""
    food = find_own_food(id)
    form = FoodForm.of(food, id=food.id)
    return render_template("foods/edit.html", form=form, food=food)


@bp.post("/<uuid:id>")
def update(id):
    """Correct one's own food. Days that it was logged on keep their figures."""
    food = find_own_food(id, lock=True)
    form = FoodForm()
    if not form.validate_on_submit() or has_twin(form, food.id):
        return render_template("foods/edit.html", form=form, food=food), 422
    food.correct(form.label)
    db.session.commit()
    said = " ".join((_("Saved. Days that you logged it on keep the figures they had."), form.doubt))
    past = url_for("corrections.new", food_id=food.id)
    logged = Correction.first_day(current_user, food)
    flash({"text": said, "way": past, "words": _("Past entries")} if logged else said)
    return redirect(url_for(".show", id=food.id), 303)


@bp.post("/<uuid:id>/delete")
def delete(id):
    """Put one's own food away. It stays in the days it was logged on."""
    food = find_own_food(id)
    food.archive()
    db.session.commit()
    flash(
        {"text": _("“%(food)s” is put away.", food=food.name), "undo": url_for(".restore", id=food.id)},
        "undo",
    )
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:id>/restoration")
def restore(id):
    """Bring one's own food back."""
    food = find_own_food(id)
    food.unarchive()
    FoodMerge.undo(current_user, food)
    db.session.commit()
    flash(_("“%(food)s” is back.", food=food.name))
    return redirect(url_for(".index"), 303)


def _form_with(said) -> FoodForm:
    """An empty label with the name or the barcode that somebody looked for."""
    return FoodForm(**{name: said.get(name, "")[:LONGEST_QUERY] for name in ("name", "gtin")})


def _form_like(food: Food) -> FoodForm:
    """The label of another food, to be changed and kept as one of one's own."""
    form = FoodForm.of(food, like_id=food.id)
    form.id.data = new_id()
    form.name.data, form.gtin.data = _("%(food)s (my own)", food=food.name_in(spoken())), None
    return form


def render_food(food: Food | OpenFood, day: Day, meal: AnyMeal, form=None, portion_form=None) -> str:
    """The page of a food: how much of it, at which meal, and a portion of one's own to measure."""
    choices = PortionChoices(food, current_user)
    said = {"food": food, "day": day, "meal": meal, "choices": choices}
    said["merged_into"] = FoodMerge.into(current_user, food) if food.archived_at else None
    said["form"] = form or _entry_form(choices, meal)
    said["portion_form"] = portion_form or OwnPortionForm(formdata=None)
    return render_template("foods/show.html", **said)


def _entry_form(choices: PortionChoices, meal: AnyMeal) -> EntryForm:
    form = EntryForm(formdata=None, food_id=choices.food.id, meal_id=meal.id)
    form.amount.data, form.portion_id.data = choices.usual.amount, choices.usual.id
    return form


def find_food(id: UUID) -> Food:
    """A shared food or one's own; a stranger's is a 404."""
    return Food.seen_by(current_user, id) or abort(404)


def take_food(form: EntryForm) -> Food:
    """The food that a form logs. Of a product of Open Food Facts it is this person's own copy.

    The form then names the portion of the copy. Any other food is a 404.
    """
    asked = form.food_id.data
    if food := Food.seen_by(current_user, asked):
        return food
    product = db.session.get(OpenFood, asked) if asked else None
    food = (product or abort(404)).taken_by(current_user)
    portion = PortionChoices(product, current_user).find(form.portion_id.data)
    same = (each for each in PortionChoices(food, current_user).all if portion and each.unit == portion.unit)
    form.portion_id.data = next((each.id for each in same), form.portion_id.data)
    return food


def find_foods(ids: list[UUID]) -> list[Food]:
    """Shared foods and one's own with their portions, in the order of their ids; any other is a 404.

    Of products of Open Food Facts it is this person's own copies.
    """
    chosen = Food.visible_to(current_user).where(Food.id.in_(ids)).options(selectinload(Food.portions))
    foods = {food.id: food for food in db.session.scalars(chosen)}
    if others := [id for id in ids if id not in foods]:
        products = db.session.scalars(select(OpenFood).where(OpenFood.id.in_(others)))
        foods |= {product.id: product.taken_by(current_user) for product in products}
    return [foods.get(id) or abort(404) for id in ids]


def find_portion(choices: PortionChoices, portion_id: UUID | None) -> AnyPortion | None:
    """The portion that a form names, or None where it was put away meanwhile; a stranger's is a 404."""
    portion = choices.find(portion_id)
    return portion if portion or choices.put_away(portion_id) else abort(404)


def find_own_food(id: UUID, lock: bool = False) -> Food:
    """One of this person's own foods; locked, a second change of it waits for the first."""
    food = Food.of(current_user).where(Food.id == id)
    return db.session.scalar(food.with_for_update() if lock else food) or abort(404)


def has_twin(form: FoodForm, food_id: UUID) -> bool:
    """Whether another food of one's own has the barcode; the form then says which."""
    if form.gtin.data is None:
        return False
    twin = db.session.scalar(Food.twins(current_user, form.gtin.data, food_id).limit(1))
    if twin:
        form.refuse_twin(twin)
    return twin is not None


def chosen_day_and_meal():
    """The day and meal that the address names, else today and the meal of this time."""
    on = request.args.get("day", type=calendar_day)
    day = Day(current_user, on or current_user.today())
    return day, day.meal_in_use(request.args.get("meal", type=UUID)) or day.meal_now
