from flask import Blueprint, abort, redirect
from flask_login import current_user

from caloria.extensions import db
from caloria.integrations import payments
from caloria.models import Payment

bp = Blueprint("invoices", __name__, url_prefix="/subscription/invoices")


@bp.get("/<invoice_id>")
def show(invoice_id):
    """Go to an invoice of this person's. Its address is asked for each time, because it ends."""
    mine = Payment.of(current_user.id).where(Payment.invoice_id == invoice_id).limit(1)
    db.session.scalar(mine) or abort(404)
    return redirect(payments.invoice_url(invoice_id) or abort(404), 303)
