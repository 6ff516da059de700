"""The pages for admins, all behind one guard."""

from flask import Blueprint, current_app

from caloria.access import require_admin
from caloria.views.admin import (
    approvals,
    backups,
    completions,
    database,
    doubts,
    duplicates,
    foods,
    jobs,
    merges,
    refusals,
    request_foods,
    requests,
    retries,
    reviews,
    turns,
)

bp = Blueprint("admin", __name__, url_prefix="/admin")
bp.before_request(require_admin)
for view in (
    backups,
    database,
    jobs,
    retries,
    requests,
    turns,
    completions,
    refusals,
    request_foods,
    duplicates,
    doubts,
    foods,
    approvals,
    reviews,
    merges,
):
    bp.register_blueprint(view.bp)


@bp.app_template_test("page")
def is_page(endpoint: str) -> bool:
    """Whether there is such a page."""
    return endpoint in current_app.view_functions
