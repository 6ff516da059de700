from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from caloria.extensions import db
from caloria.models import Session

bp = Blueprint("other_devices", __name__, url_prefix="/account/sessions/others")


@bp.post("/delete")
def delete():
    """Sign every other device out."""
    Session.end_all(current_user, but=current_user.session)
    db.session.commit()
    flash(_("Your other devices are signed out."))
    return redirect(url_for("devices.index"), 303)
