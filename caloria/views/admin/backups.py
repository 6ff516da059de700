from flask import Blueprint, render_template

from caloria.extensions import db, settings
from caloria.models import BackupStanding, Provenance

bp = Blueprint("backups", __name__, url_prefix="/backups")


@bp.get("")
def index():
    """How the backups stand: what could be lost, and what became of the last ones."""
    source = Provenance(db.session.connection(), settings().database_url)
    return render_template("admin/backups.html", standing=BackupStanding(), source=source)
