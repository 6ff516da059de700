from flask import Blueprint, render_template

from caloria.extensions import db, settings
from caloria.models.overview import Overview

bp = Blueprint("overview", __name__)


@bp.get("")
def show():
    """How Caloria goes: what a job counted, each figure with what it means and since when it is known."""
    overview = Overview(db.session.connection(), settings().database_url)
    return render_template("admin/overview.html", overview=overview)
