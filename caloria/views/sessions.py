from secrets import token_urlsafe

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user, login_user, logout_user

from caloria.access import public
from caloria.extensions import db
from caloria.forms.people import SigninForm
from caloria.metrics import count_sign_in
from caloria.models import Session, User
from caloria.models.signin import Signin
from caloria.views.redirects import back_to

bp = Blueprint("sessions", __name__)

WRONG = _l("This e-mail and password do not belong together. Please try again, or choose a new password.")


@bp.get("/login")
@public
def new():
    """Ask who it is."""
    if current_user.is_authenticated:
        return redirect(url_for("diary.index"), 303)
    return render_template("sessions/new.html", form=SigninForm())


@bp.post("/login")
@public
def create():
    """Sign a person in."""
    form = SigninForm()
    if not form.validate_on_submit():
        return render_template("sessions/new.html", form=form), 422
    signin = Signin(form.email.data, form.password.data, request.remote_addr)
    allowed = signin.is_allowed()
    db.session.commit()
    if not allowed:
        count_sign_in("throttled")
        return render_template("errors/429.html", minutes=15), 429, {"Retry-After": "900"}
    user = signin.person()
    if user is None:
        db.session.commit()
        count_sign_in("refused")
        form.form_errors.append(WRONG)
        return render_template("sessions/new.html", form=form), 422
    sign_in(user)
    db.session.commit()
    count_sign_in("ok")
    return redirect(back_to(request.args.get("next")), 303)


@bp.post("/logout")
def delete():
    """Sign this device out: the session ends on the server, whatever cookies are kept."""
    current_user.session.end()
    db.session.commit()
    logout_user()
    session.clear()
    return redirect(url_for("pages.index"), 303)


def sign_in(user: User) -> None:
    """Begin a session on this device; the one before ends, and nothing of its cookie is left."""
    if current_user.is_authenticated:
        current_user.session.end()
    session.clear()
    Session.start(user, request.user_agent.string, request.remote_addr)
    session.permanent = True
    # Every form of a page carries what Flask-WTF makes of it, whose own is more than twice as long.
    session["csrf_token"] = token_urlsafe(12)
    login_user(user)
