from flask import Blueprint, render_template, request
from flask_babel import force_locale

from caloria.access import public
from caloria.languages import known

bp = Blueprint("offline", __name__)


@bp.get("/offline")
@public
def show():
    """What a browser shows in place of a page that it has not kept; the same for everybody."""
    return page_in(known(request.args.get("language")))


def page_in(language: str) -> str:
    with force_locale(language):
        return render_template("offline/show.html")
