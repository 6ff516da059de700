from flask import Blueprint, render_template, request

from caloria.models import Food, shared_food
from caloria.models.paged import Paged

bp = Blueprint("doubts", __name__, url_prefix="/foods/doubts")

# So many are looked at for each page: whether figures go together is not for the database to say.
LOOKED_AT = 500


@bp.get("")
def index():
    """Foods that people made and use, whose figures do not go together."""
    made = shared_food.made_by_people().where(Food.archived_at.is_(None))
    paged = Paged(made, [Food.id], request.args, shown=LOOKED_AT)
    foods = [food for food in paged.rows if food.doubts]
    return render_template("admin/foods/doubts.html", paged=paged, foods=foods)
