from flask import Blueprint, render_template, request
from sqlalchemy import select

from caloria.forms.admin import filters
from caloria.models import PaymentEvent
from caloria.models.paged import Paged
from caloria.models.payment_event import STATES

bp = Blueprint("payment_events", __name__, url_prefix="/payments/events")


@bp.get("")
def index():
    """Show what the one who takes the money told us, and what became of it; the latest first."""
    said = filters("state", "customer")
    query, keys = select(PaymentEvent), (PaymentEvent.id,)
    if said["customer"]:
        query = query.where(PaymentEvent.customer_id == said["customer"])
        keys = (PaymentEvent.occurred_at, PaymentEvent.id)
    if said["state"] in STATES:
        query = query.where(PaymentEvent.state == said["state"])
    paged = Paged(query, keys, request.args)
    return render_template("admin/payment_events.html", paged=paged, said=said, states=STATES)
