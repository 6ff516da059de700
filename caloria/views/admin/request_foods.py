from flask import Blueprint, abort, flash, render_template
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from caloria.extensions import db
from caloria.forms.requests import SharedFoodForm
from caloria.models import Food, FoodRequest, FormReused, shared_food
from caloria.models.food_request import COMPLETED, NotNow
from caloria.views.admin.requests import find, somebody_was_there, to

bp = Blueprint("request_foods", __name__, url_prefix="/requests/<uuid:user_id>/<uuid:id>/food")


@bp.get("/new")
def new(user_id, id):
    """Ask for the label of the food that is missing."""
    asked = _find(user_id, id)
    return _page(asked, SharedFoodForm(name=asked.title, gtin=asked.gtin))


@bp.post("")
def create(user_id, id):
    """Make the food for everybody, and the request done, in one step."""
    asked, form = find(user_id, id), SharedFoodForm()
    if not form.validate_on_submit():
        return _page(asked, form, status=422)
    if not _may_end(asked, form):
        return somebody_was_there(asked)
    try:
        food = shared_food.create(form.id.data, form.digest, form.label)
    except FormReused:
        form.start_anew()
        return _page(asked, form, status=422)
    return _end(asked, form, food)


@bp.get("/edit")
def edit(user_id, id):
    """Show the label of the food that is wrong."""
    asked = _find(user_id, id)
    food = _food_of(asked)
    return _page(asked, SharedFoodForm.of(food, id=food.id), food)


@bp.post("/correction")
def update(user_id, id):
    """Correct the food for everybody, and the request done. Days that it was logged on stay as they are."""
    asked, form = find(user_id, id), SharedFoodForm()
    food = _food_of(asked, lock=True)
    if not form.validate_on_submit():
        return _page(asked, form, food, status=422)
    if not _may_end(asked, form):
        return somebody_was_there(asked)
    if asked.state != COMPLETED:
        shared_food.correct(food, form.label)
    return _end(asked, form, food)


def _may_end(asked: FoodRequest, form: SharedFoodForm) -> bool:
    """Whether this admin works on it, or ended it by this very form."""
    ended = (asked.state, asked.owner_id) == (COMPLETED, current_user.id)
    return asked.is_worked_on_by(current_user) or (ended and asked.food_id == form.id.data)


def _end(asked: FoodRequest, form: SharedFoodForm, food: Food):
    try:
        asked.complete(current_user, form.answer.data or None, food)
    except NotNow:
        return somebody_was_there(asked)
    db.session.commit()
    said = _("Everybody has “%(food)s” now, and the person is told.", food=food.name)
    flash(" ".join([said, form.doubt]).strip())
    return to(asked.user_id, asked.id)


def _find(user_id, id) -> FoodRequest:
    return db.session.get(FoodRequest, (user_id, id)) or abort(404)


def _food_of(asked: FoodRequest, lock: bool = False) -> Food:
    """The food of everybody's that it is about; what a person made is theirs to change."""
    about = select(Food).where(Food.id == asked.about_id, Food.owner_id.is_(None))
    return db.session.scalar(about.with_for_update(of=Food) if lock else about) or abort(404)


def _page(asked: FoodRequest, form: SharedFoodForm, food: Food | None = None, status: int = 200):
    return render_template("admin/requests/food.html", asked=asked, form=form, food=food), status
