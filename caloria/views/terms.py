from flask import Blueprint, render_template

from caloria.access import public
from caloria.extensions import settings
from caloria.languages import spoken
from caloria.texts import written

bp = Blueprint("terms", __name__, url_prefix="/terms")


@bp.get("")
@public
def show():
    """Say what holds between a person and whoever runs this."""
    own = written(settings().texts_dir, "terms", spoken())
    return render_template("texts/own.html" if own else "texts/terms.html", blocks=own)
