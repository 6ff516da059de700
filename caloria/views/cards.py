from flask import Blueprint, redirect, url_for
from flask_login import current_user

from caloria.integrations import payments

bp = Blueprint("cards", __name__, url_prefix="/subscription/card")


@bp.post("")
def create():
    """Go to where the card and the address of the invoice are kept, which is not here."""
    back = url_for("subscription.show", _external=True)
    if current_user.plan_standing.open is None:
        return redirect(back, 303)
    return redirect(payments.portal(current_user, back), 303)
