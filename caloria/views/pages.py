from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user

from caloria.access import public

bp = Blueprint("pages", __name__)


@bp.get("/")
@public
def index():
    """Say what this is; take a signed-in person to today."""
    if current_user.is_authenticated:
        return redirect(url_for("diary.index"), 303)
    return render_template("pages/index.html")
