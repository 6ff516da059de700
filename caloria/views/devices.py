from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db
from caloria.models import Session

bp = Blueprint("devices", __name__, url_prefix="/account/sessions")


@bp.get("")
def index():
    """Show where this person is signed in."""
    return render_template("devices/index.html", sessions=_sessions())


@bp.post("/<uuid:id>/delete")
def delete(id):
    """Sign another device out."""
    others = (each for each in _sessions() if each is not current_user.session)
    session = next((each for each in others if each.id == id), None) or abort(404)
    session.end()
    db.session.commit()
    flash(_("That device is signed out."))
    return redirect(url_for(".index"), 303)


def _sessions() -> list[Session]:
    return list(db.session.scalars(Session.of(current_user)))
