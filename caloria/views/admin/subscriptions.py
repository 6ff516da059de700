from flask import Blueprint, render_template, request
from sqlalchemy import select

from caloria.forms.admin import filters
from caloria.models import Subscription, people
from caloria.models.paged import Paged
from caloria.models.subscription import STATUSES

bp = Blueprint("subscriptions", __name__, url_prefix="/subscriptions")


@bp.get("")
def index():
    """Show what people pay for or try, the newest first."""
    said = filters("status")
    query = select(Subscription)
    if said["status"] in STATUSES:
        query = query.where(Subscription.status == said["status"])
    paged = Paged(query, (Subscription.id,), request.args)
    known = people.by_id(each.user_id for each in paged.rows)
    return render_template(
        "admin/subscriptions.html", paged=paged, said=said, people=known, statuses=STATUSES
    )
