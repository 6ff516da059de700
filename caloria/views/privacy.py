from flask import Blueprint, render_template

from caloria.access import public
from caloria.extensions import settings
from caloria.languages import spoken
from caloria.texts import written

bp = Blueprint("privacy", __name__, url_prefix="/privacy")


@bp.get("")
@public
def show():
    """Say what is kept of people, what for and for how long."""
    own = written(settings().texts_dir, "privacy", spoken())
    return render_template("texts/own.html" if own else "texts/privacy.html", blocks=own)
