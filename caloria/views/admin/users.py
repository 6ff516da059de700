from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from caloria.extensions import db
from caloria.forms.admin import UntilForm, filters
from caloria.models import LastAdmin, PersonRecord, Standing, User, people
from caloria.models.paged import Paged

bp = Blueprint("users", __name__, url_prefix="/users")


@bp.get("")
def index():
    """Find people by address, name or number, the newest first."""
    said = filters("q", "plan", "state")
    paged = Paged(people.found(said["q"], said["plan"], said["state"]), people.NEWEST, request.args)
    people.know_plans(paged.rows)
    logged = people.last_logged(paged.rows)
    return render_template("admin/users.html", paged=paged, said=said, logged=logged)


@bp.get("/<uuid:id>")
def show(id):
    """What there is to know of an account, and what can be done for it."""
    return page_of(find_user(id))


def find_user(id) -> User:
    return db.session.get(User, id) or abort(404)


def page_of(user: User, **forms):
    """The page of a person, perhaps with a form that needs another look."""
    forms = {"trial": UntilForm(user, formdata=None), "grant": UntilForm(user, formdata=None), **forms}
    return render_template("admin/user.html", user=user, record=PersonRecord(user), forms=forms)


def done(id, said: str):
    """Store what was done for a person, say so and show their page."""
    db.session.commit()
    return back_to(id, said)


def back_to(id, said: str):
    flash(said)
    return redirect(url_for("admin.users.show", id=id), 303)


def change_standing(id, change, said: str):
    """Change what a person may; without the last admin nobody could change it again."""
    try:
        change(Standing(find_user(id)))
    except LastAdmin:
        return back_to(id, _("This is the only admin. Promote somebody else first."))
    return done(id, said)
