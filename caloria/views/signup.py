from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from caloria.access import public
from caloria.extensions import db
from caloria.forms.people import SignupForm
from caloria.languages import spoken
from caloria.models import EmailTaken, FormReused, Signup, Throttle
from caloria.views.emails import confirm_at_first
from caloria.views.sessions import sign_in

bp = Blueprint("signup", __name__)

SIGNUPS_FROM_ONE_ADDRESS = 30
TAKEN = _l("There is an account with this e-mail already. Sign in, or choose a new password.")


@bp.get("/signup")
@public
def new():
    """Ask what an account needs."""
    if current_user.is_authenticated:
        return redirect(url_for("diary.index"), 303)
    return render_template("signup/new.html", form=SignupForm())


@bp.post("/signup")
@public
def create():
    """Make an account, and go on to the first target."""
    form = SignupForm()
    if not form.validate_on_submit():
        return render_template("signup/new.html", form=form), 422
    exceeded = Throttle.is_exceeded({f"sign-up from {request.remote_addr}": SIGNUPS_FROM_ONE_ADDRESS})
    db.session.commit()
    if exceeded:
        return render_template("errors/429.html", minutes=15), 429, {"Retry-After": "900"}
    try:
        user = Signup(
            form.name.data, form.email.data, form.password.data, form.time_zone.data, form.id.data, spoken()
        ).complete(say=_)
    except EmailTaken:
        form.email.errors = [TAKEN]
        return render_template("signup/new.html", form=form), 422
    except FormReused:
        form.start_anew()
        return render_template("signup/new.html", form=form), 422
    sign_in(user)
    confirm_at_first(user)
    db.session.commit()
    return redirect(url_for("targets.edit_body"), 303)
