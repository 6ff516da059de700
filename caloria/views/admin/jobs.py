from flask import Blueprint, render_template

from caloria.extensions import db, settings
from caloria.models import Provenance, QueueStanding

bp = Blueprint("jobs", __name__, url_prefix="/jobs")


@bp.get("")
def index():
    """What is done outside of pages: what waits, what is under way, and what was given up."""
    source = Provenance(db.session.connection(), settings().database_url)
    return render_template("admin/jobs.html", standing=QueueStanding(), source=source)
