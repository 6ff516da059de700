from flask import Blueprint, abort, flash, redirect, url_for
from flask_babel import gettext as _

from caloria.extensions import db
from caloria.integrations import payments
from caloria.models import PaymentEvent

bp = Blueprint("replays", __name__, url_prefix="/payments/events/<uuid:id>/replays")


@bp.post("")
def create(id):
    """Hear an event again: what the provider says of its object now is what counts."""
    event = db.session.get(PaymentEvent, id) or abort(404)
    flash(replayed(event))
    return redirect(url_for("admin.payment_events.index", customer=event.customer_id), 303)


def replayed(event: PaymentEvent) -> str:
    """What became of it, in a sentence."""
    try:
        state = payments.replay(event)
    except payments.PaymentsUnavailable:
        return _("The one who takes the money cannot be asked now. Nothing was changed.")
    except Exception as error:  # noted with the event, and logged, by whoever heard it
        return _("The event could not be heard (%(error)s).", error=type(error).__name__)
    return {
        "processed": _("The event is heard, and everything is as it says."),
        "ignored": _("The event is heard; there was nothing to do."),
        "unmatched": _("The event is heard, but nobody here is known under its number."),
    }.get(state, _("The event is heard."))
