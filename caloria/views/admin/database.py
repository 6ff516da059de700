from flask import Blueprint, render_template

from caloria.extensions import db, settings
from caloria.models import Figures
from caloria.models.database_sizes import DatabaseSizes

bp = Blueprint("database", __name__, url_prefix="/database")


@bp.get("")
def show():
    """Which database this is, what is in it, and which servers write to it."""
    config = settings()
    figures = Figures(db.session.connection(), config.database_url, config.servers)
    return render_template(
        "admin/database.html", figures=figures, config=config, sizes=DatabaseSizes(figures)
    )
