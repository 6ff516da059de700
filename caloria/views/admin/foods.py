from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from caloria.extensions import db
from caloria.filters.words import food_name
from caloria.models import Food, FoodMerge, FoodSearch, shared_food
from caloria.models.ids import new_id
from caloria.models.paged import Paged

bp = Blueprint("foods", __name__, url_prefix="/foods")

LONGEST_QUERY = 100
SIMILAR = 8
REVIEWED = {"no": False, "yes": True}


@bp.get("")
def index():
    """What people made, the newest first."""
    reviewed = request.args.get("reviewed", "")
    made = shared_food.made_by_people(REVIEWED.get(reviewed))
    paged = Paged(made, [Food.id], request.args)
    return render_template("admin/foods/index.html", paged=paged, said={"reviewed": reviewed})


@bp.get("/<uuid:id>")
def show(id):
    """One food: its figures, what is like it, and what can be done."""
    return page(find(id))


def page(food: Food, status: int = 200):
    """The page of a food, with what everybody has that is like it."""
    text = request.args.get("q", food.name).replace("\0", " ")[:LONGEST_QUERY].strip()
    found = FoodSearch(current_user).find(text, SIMILAR + 1)
    said = {"food": food, "text": text, "form_id": new_id()}
    said["similar"] = [each for each in found if each.id != food.id and not each.is_own][:SIMILAR]
    said["merged_into"] = FoodMerge.into(current_user, food) if food.archived_at and not food.is_own else None
    return render_template("admin/foods/show.html", **said), status


@bp.post("/<uuid:id>/delete")
def delete(id):
    """Put a food of everybody's away. Days keep what they have."""
    food = find_shared(id)
    shared_food.archive(food)
    db.session.commit()
    flash(
        {"text": _("“%(food)s” is put away.", food=food_name(food)), "undo": url_for(".restore", id=id)},
        "undo",
    )
    return to(id)


@bp.post("/<uuid:id>/restoration")
def restore(id):
    """Bring a food of everybody's back."""
    food = find_shared(id)
    shared_food.restore(food)
    db.session.commit()
    flash(_("“%(food)s” is back.", food=food_name(food)))
    return to(id)


def find(id: UUID) -> Food:
    return db.session.get(Food, id) or abort(404)


def find_shared(id: UUID) -> Food:
    """A food of everybody's, locked; what a person made is theirs."""
    shared = select(Food).where(Food.id == id, Food.owner_id.is_(None)).with_for_update(of=Food)
    return db.session.scalar(shared) or abort(404)


def find_own(id: UUID) -> Food:
    """A food that a person made, locked; not one that they took from Open Food Facts."""
    own = shared_food.made_by_people().where(Food.id == id).with_for_update(of=Food)
    return db.session.scalar(own) or abort(404)


def to(id: UUID):
    return redirect(url_for("admin.foods.show", id=id), 303)
