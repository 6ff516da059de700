from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from caloria.extensions import db, settings
from caloria.models import Job, Provenance, QueueStanding

bp = Blueprint("jobs", __name__, url_prefix="/jobs")


@bp.get("")
def index():
    """What is done outside of pages: what waits, what is under way, and what was given up."""
    source = Provenance(db.session.connection(), settings().database_url)
    return render_template("admin/jobs.html", standing=QueueStanding(), source=source)


@bp.post("/<uuid:id>/delete")
def delete(id):
    """Have a job done no more that was given up."""
    job = db.session.get(Job, id)
    if job is None or not job.forget():
        abort(404)
    db.session.commit()
    flash(_("It is forgotten."))
    return redirect(url_for(".index"), 303)
