from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from caloria.extensions import db, settings
from caloria.forms.admin import ErasureForm
from caloria.models import Erasure, LastAdmin
from caloria.operations.farewell import farewell_to
from caloria.views.admin.users import find_user

bp = Blueprint("erasures", __name__, url_prefix="/users/<uuid:id>/erasures")


@bp.get("/new")
def new(id):
    """Ask whether an account is really to be erased."""
    user = find_user(id)
    return render_template("admin/erasure.html", user=user, form=ErasureForm(user))


@bp.post("")
def create(id):
    """Erase somebody and everything that is theirs, for good."""
    user = find_user(id)
    form = ErasureForm(user)
    if not form.validate_on_submit():
        return render_template("admin/erasure.html", user=user, form=form), 422
    say_farewell = farewell_to(user, settings())
    try:
        Erasure.complete(user)
    except LastAdmin:
        form.form_errors.append(_("This is the only admin. Promote somebody else first."))
        return render_template("admin/erasure.html", user=user, form=form), 422
    db.session.commit()
    say_farewell()
    flash(_("The account and everything in it is erased."))
    return redirect(url_for("admin.users.index"), 303)
