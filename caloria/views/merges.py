from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db
from caloria.filters.words import food_name
from caloria.forms.corrections import MergeForm
from caloria.models import Correction, FoodMerge, FoodSearch, FormReused
from caloria.views.foods import LONGEST_QUERY, find_food, find_own_food

bp = Blueprint("merges", __name__, url_prefix="/foods/<uuid:food_id>/merges")

RESULTS = 12


@bp.get("/new")
def new(food_id):
    """Look for the food that one of one's own really is."""
    return _page(find_own_food(food_id), MergeForm(formdata=None))


@bp.post("")
def create(food_id):
    """Put a food of one's own away for another, and offer to correct its past entries."""
    food, form = find_own_food(food_id), MergeForm()
    into = find_food(form.into_id.data)
    if into.id == food.id or into.archived_at:
        abort(404)
    if not form.validate_on_submit():
        return _page(food, form), 422
    try:
        FoodMerge.complete(current_user, food, into, form.id.data, form.digest)
    except FormReused:
        form.start_anew()
        return _page(food, form), 422
    db.session.commit()
    undo = url_for("foods.restore", id=food.id)
    text = _("“%(food)s” is “%(other)s” from now on.", food=food.name, other=food_name(into))
    flash({"text": text, "undo": undo}, "undo")
    if Correction.first_day(current_user, food):
        return redirect(url_for("corrections.new", food_id=food.id, by_id=into.id), 303)
    return redirect(url_for("foods.show", id=into.id), 303)


def _page(food, form):
    text = request.args.get("q", food.name).replace("\0", " ")[:LONGEST_QUERY].strip()
    found = [each for each in FoodSearch(current_user).find(text, RESULTS) if each.id != food.id]
    return render_template("merges/new.html", food=food, form=form, text=text, foods=found)
