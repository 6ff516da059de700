from flask import Blueprint, render_template

from caloria.extensions import db, settings
from caloria.models import BackupStanding, Figures

bp = Blueprint("backups", __name__, url_prefix="/backups")


@bp.get("")
def index():
    """How the backups stand: what could be lost, and what became of the last ones."""
    config = settings()
    figures = Figures(db.session.connection(), config.database_url, config.servers)
    return render_template("admin/backups.html", standing=BackupStanding(), figures=figures)
