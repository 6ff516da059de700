from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db
from caloria.forms.requests import TOO_MANY, RequestForm
from caloria.models import Food, FoodRequest, FormReused, Throttle
from caloria.models.food_request import LONGEST_TITLE, Asked, NotNow, TooManyOpen
from caloria.models.paged import Paged
from caloria.views.foods import find_food

bp = Blueprint("requests", __name__, url_prefix="/requests")

IN_A_QUARTER_OF_AN_HOUR = 30


@bp.get("")
def index():
    """Show what this person asked for, and what became of it."""
    mine = FoodRequest.of(current_user).order_by(None)
    paged = Paged(mine, [FoodRequest.id], request.args)
    return render_template("requests/index.html", paged=paged)


@bp.get("/new")
def new():
    """Ask which food is missing, or what is wrong about one."""
    id = request.args.get("about", type=UUID)
    about = find_food(id) if id else None
    return _page(_form_with(request.args, about), about)


@bp.post("")
def create():
    """Ask for a food, once for each form."""
    form = RequestForm()
    about = find_food(form.about_id.data) if form.about_id.data else None
    if not form.validate_on_submit():
        return _page(form, about, 422)
    exceeded = Throttle.is_exceeded({f"requests of {current_user.id}": IN_A_QUARTER_OF_AN_HOUR})
    db.session.commit()
    if exceeded:
        return render_template("errors/429.html", minutes=15), 429, {"Retry-After": "900"}
    asked = Asked(form.title.data, form.description.data or None, form.gtin.data, about)
    try:
        made = FoodRequest.create(current_user, asked, form.id.data, form.digest)
    except FormReused:
        form.start_anew()
        return _page(form, about, 422)
    except TooManyOpen:
        form.form_errors.append(TOO_MANY)
        return _page(form, about, 422)
    db.session.commit()
    flash(_("Thank you. You are told here and by mail what becomes of it."))
    return redirect(url_for(".show", id=made.id), 303)


@bp.get("/<uuid:id>")
def show(id):
    """Show a request of this person's: how it stands, the answer, and the food that came of it."""
    mine = db.session.get(FoodRequest, (current_user.id, id)) or abort(404)
    return render_template("requests/show.html", mine=mine, foods=_foods_of(mine))


@bp.post("/<uuid:id>/delete")
def delete(id):
    """Cancel a request that nobody works on yet."""
    mine = FoodRequest.locked(current_user.id, id) or abort(404)
    try:
        mine.withdraw()
    except NotNow:
        db.session.rollback()
        flash(_("Somebody is at it already, so it can no longer be cancelled."))
    else:
        db.session.commit()
        flash(_("“%(title)s” is cancelled.", title=mine.title))
    return redirect(url_for(".show", id=id), 303)


def _form_with(said, about: Food | None) -> RequestForm:
    """A request with the words or the digits that somebody looked for, or about a food."""
    form = RequestForm(gtin=said.get("gtin", "")[:40])
    form.title.data = (about.name if about else said.get("title", "").replace("\0", " "))[
        :LONGEST_TITLE
    ].strip()
    form.about_id.data = about.id if about else None
    return form


def _foods_of(mine: FoodRequest) -> dict[UUID, Food]:
    """What it is about and what came of it, as far as this person may see them."""
    ids = [id for id in (mine.about_id, mine.food_id) if id]
    if not ids:
        return {}
    return {
        food.id: food for food in db.session.scalars(Food.visible_to(current_user).where(Food.id.in_(ids)))
    }


def _page(form: RequestForm, about: Food | None = None, status: int = 200):
    return render_template("requests/new.html", form=form, about=about), status
