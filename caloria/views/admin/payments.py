from flask import Blueprint, render_template, request
from sqlalchemy import select

from caloria.forms.admin import filters
from caloria.models import Payment, people
from caloria.models.paged import Paged
from caloria.models.payment import KINDS

bp = Blueprint("payments", __name__, url_prefix="/payments")


@bp.get("")
def index():
    """Show what was paid, given back or not got, the latest first."""
    said = filters("kind")
    query = select(Payment)
    if said["kind"] in KINDS:
        query = query.where(Payment.kind == said["kind"])
    paged = Paged(query, (Payment.at, Payment.id), request.args)
    known = people.by_id(each.user_id for each in paged.rows)
    return render_template("admin/payments.html", paged=paged, said=said, people=known, kinds=KINDS)
