from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from caloria.extensions import db
from caloria.forms.requests import CompletionForm, RefusalForm
from caloria.models import Food, FoodRequest, FoodSearch, User
from caloria.models.food_request import OWNERS, STATES
from caloria.models.paged import Paged

bp = Blueprint("requests", __name__, url_prefix="/requests")

LONGEST_QUERY = 100
SIMILAR = 8


@bp.get("")
def index():
    """What people ask for, the oldest first."""
    said = {name: request.args.get(name, "") for name in ("state", "owner")}
    said["q"] = request.args.get("q", "").replace("\0", " ")[:LONGEST_QUERY].strip()
    wanted = FoodRequest.wanted(said["state"], said["owner"], current_user, said["q"])
    paged = Paged(wanted, [FoodRequest.id, FoodRequest.user_id], request.args, newest_first=False)
    names = names_of(each.owner_id for each in paged.rows)
    return render_template(
        "admin/requests/index.html", paged=paged, said=said, names=names, states=STATES, owners=OWNERS
    )


@bp.get("/<uuid:user_id>/<uuid:id>")
def show(user_id, id):
    """One request, with what can be done about it."""
    return page(db.session.get(FoodRequest, (user_id, id)) or abort(404))


def page(asked: FoodRequest, completion=None, refusal=None, status: int = 200):
    """The page of a request, with foods that may be meant."""
    text = request.args.get("q", asked.title).replace("\0", " ")[:LONGEST_QUERY].strip()
    said = {"asked": asked, "text": text, "names": names_of([asked.owner_id]), "foods": foods_of(asked)}
    mine = asked.is_worked_on_by(current_user)
    found = FoodSearch(current_user).find(text, 2 * SIMILAR) if mine else []
    said["similar"] = [food for food in found if not food.is_own][:SIMILAR]
    said["completion"] = completion or CompletionForm(formdata=None, food_id=asked.food_id)
    said["refusal"] = refusal or RefusalForm(formdata=None)
    return render_template("admin/requests/show.html", **said), status


def find(user_id: UUID, id: UUID) -> FoodRequest:
    """A request, locked: whoever else changes it waits."""
    return FoodRequest.locked(user_id, id) or abort(404)


def somebody_was_there(asked: FoodRequest):
    """Say that it stands otherwise than the page said; nothing was changed."""
    key = (asked.user_id, asked.id)
    db.session.rollback()
    flash(_("Somebody else was there meanwhile. This is how it stands now; nothing was changed."))
    return page(db.session.get_one(FoodRequest, key, populate_existing=True), status=422)


def to(user_id: UUID, id: UUID):
    return redirect(url_for("admin.requests.show", user_id=user_id, id=id), 303)


def foods_of(asked: FoodRequest) -> dict[UUID, Food]:
    ids = [id for id in (asked.about_id, asked.food_id) if id]
    return {food.id: food for food in db.session.scalars(select(Food).where(Food.id.in_(ids)))} if ids else {}


def names_of(ids) -> dict[UUID, str]:
    """What the admins are called who work on requests."""
    wanted = {id for id in ids if id}
    if not wanted:
        return {}
    return {
        row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    }
