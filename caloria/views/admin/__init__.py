"""The pages for admins, all behind one guard."""

from flask import Blueprint, current_app

from caloria.access import require_admin
from caloria.views.admin import backups, database, jobs, overview, retries

bp = Blueprint("admin", __name__, url_prefix="/admin")
bp.before_request(require_admin)
bp.register_blueprint(backups.bp)
bp.register_blueprint(database.bp)
bp.register_blueprint(jobs.bp)
bp.register_blueprint(overview.bp)
bp.register_blueprint(retries.bp)


@bp.app_template_test("page")
def is_page(endpoint: str) -> bool:
    """Whether there is such a page."""
    return endpoint in current_app.view_functions
