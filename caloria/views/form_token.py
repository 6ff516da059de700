from flask import Blueprint
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from caloria.access import public

bp = Blueprint("form_token", __name__)


@bp.get("/form-token")
@public
def show():
    """Who is signed in, and a token for their forms that have waited, good in this session alone."""
    if not current_user.is_authenticated:
        return {"person": None, "token": None}
    return {"person": str(current_user.id), "token": generate_csrf()}
