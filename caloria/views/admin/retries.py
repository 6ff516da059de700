from flask import Blueprint, abort, flash, redirect, url_for
from flask_babel import gettext as _

from caloria.extensions import db
from caloria.models import Job

bp = Blueprint("retries", __name__, url_prefix="/jobs/<uuid:id>/retries")


@bp.post("")
def create(id):
    """Have a job done that was given up; pressed twice, it is tried once."""
    job = db.session.get(Job, id) or abort(404)
    job.retry()
    db.session.commit()
    flash(_("It is tried again now."))
    return redirect(url_for("admin.jobs.index"), 303)
