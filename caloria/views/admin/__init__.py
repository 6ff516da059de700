"""The pages for admins, all behind one guard."""

from flask import Blueprint

from caloria.access import require_admin
from caloria.blueprints import register

bp = Blueprint("admin", __name__, url_prefix="/admin")
bp.before_request(require_admin)
register(bp, __name__, __path__)
