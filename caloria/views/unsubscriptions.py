from flask import Blueprint, abort, render_template

from caloria.access import public
from caloria.extensions import csrf, db
from caloria.models import Reminder
from caloria.reminder_links import reminder_named

bp = Blueprint("unsubscriptions", __name__, url_prefix="/unsubscriptions/<token>")


@bp.get("")
@public
def new(token):
    """Ask whether a reminder shall be off: whoever only looks at a mail's links changes nothing."""
    reminder_named(token) or abort(404)
    return render_template("reminders/off.html", token=token, is_off=False)


@bp.post("")
@csrf.exempt
@public
def create(token):
    """Turn it off, for a person or for their mail program, which is led nowhere else (RFC 8058)."""
    named = reminder_named(token) or abort(404)
    Reminder.turn_off(*named)
    db.session.commit()
    return render_template("reminders/off.html", token=token, is_off=True)
