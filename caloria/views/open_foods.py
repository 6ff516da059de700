from flask import Blueprint, abort, flash
from flask_babel import gettext as _

from caloria.extensions import db, settings
from caloria.integrations import open_food_facts
from caloria.models import OpenFood, Throttle, gtin
from caloria.models.clock import utc_now
from caloria.models.food_sources.amounts import Rejected
from caloria.models.food_sources.open_food_facts import of_json, product
from caloria.views.foods import chosen_day_and_meal, render_food

bp = Blueprint("open_foods", __name__, url_prefix="/foods/openfoodfacts")

# Open Food Facts asks for no more than fifteen a minute from one application.
IN_A_MINUTE = 10


@bp.get("/<digits>")
def show(digits):
    """Show a product of Open Food Facts with its figures, and ask how much of it."""
    try:
        gtins = gtin.readings(digits.zfill(gtin.LENGTH))
    except gtin.NotABarcode:
        abort(404)
    found = db.session.scalar(OpenFood.with_barcode(gtins).limit(1)) or abort(404)
    return render_food(found, *chosen_day_and_meal())


def look_up(code: str) -> OpenFood | None:
    """Ask Open Food Facts for a barcode that nobody here knows, where that is wanted; keep what it says."""
    if not settings().open_food_facts_lookup or _is_enough(code):
        return None
    try:
        said = open_food_facts.find(gtin.shown(code), settings())
        found = OpenFood.keep(product(*of_json(said), left_out=[])) if said else None
    except open_food_facts.LookupFailed:
        flash(_("Open Food Facts does not answer just now. You can copy the label, or try again later."))
        return None
    except Rejected:
        return None
    db.session.commit()
    return found


def _is_enough(code: str) -> bool:
    """Whether it was asked for this lately, or for too much; the connection is given back for the call."""
    limits = {f"open food facts at {utc_now():%H:%M}": IN_A_MINUTE, f"open food facts for {code}": 1}
    exceeded = Throttle.is_exceeded(limits)
    db.session.commit()
    return exceeded
