from functools import partial
from tempfile import TemporaryFile

from flask import Blueprint, render_template, send_file
from flask_babel import gettext
from flask_login import current_user

from caloria.access import require_recent
from caloria.extensions import db
from caloria.models import Export, Throttle
from caloria.models.clock import utc_now

bp = Blueprint("exports", __name__, url_prefix="/account/export")
bp.before_request(partial(require_recent, 15))
# In a quarter of an hour: ten years of diary are some seconds of work.
MOST_AT_ONCE = 5


@bp.get("")
def new():
    """Say what is in the file."""
    return render_template("exports/new.html")


@bp.post("")
def create():
    """Hand out everything of this person. It waits in a file: a slow line does not hold the database."""
    exceeded = Throttle.is_exceeded({f"export of {current_user.id}": MOST_AT_ONCE})
    db.session.commit()
    if exceeded:
        return render_template("errors/429.html", minutes=15), 429, {"Retry-After": "900"}
    file = TemporaryFile()  # noqa: SIM115  the answer closes it
    Export(current_user, gettext).write(file)
    db.session.commit()
    file.seek(0)
    name = f"caloria-{current_user.local_time(utc_now()):%Y-%m-%d}.zip"
    return send_file(file, "application/zip", as_attachment=True, download_name=name)
