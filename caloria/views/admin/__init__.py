"""The pages for admins, all behind one guard."""

from flask import Blueprint

from caloria.access import require_admin
from caloria.views.admin import backups, database, jobs, retries

bp = Blueprint("admin", __name__, url_prefix="/admin")
bp.before_request(require_admin)
bp.register_blueprint(backups.bp)
bp.register_blueprint(database.bp)
bp.register_blueprint(jobs.bp)
bp.register_blueprint(retries.bp)
