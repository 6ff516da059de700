from flask import Blueprint, render_template, request

from caloria.models import Food, shared_food

bp = Blueprint("duplicates", __name__, url_prefix="/foods/duplicates")

SHOWN = 25
BY = {"name": Food.folded_name, "barcode": Food.gtin}


@bp.get("")
def index():
    """Foods in use of the same name and brand, or of the same barcode."""
    by = request.args.get("by") if request.args.get("by") in BY else "name"
    after = request.args.get("after", "").replace("\0", "")
    values = shared_food.repeated(BY[by], after, SHOWN + 1)
    groups = shared_food.alike(BY[by], values[:SHOWN]) if values else {}
    following = values[SHOWN - 1] if len(values) > SHOWN else None
    said = {"by": by, "groups": groups, "following": following, "after": after}
    return render_template("admin/foods/duplicates.html", **said)
