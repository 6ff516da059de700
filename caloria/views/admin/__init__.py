"""The pages for admins, all behind one guard."""

from flask import Blueprint, current_app

from caloria.access import require_admin
from caloria.views.admin import (
    approvals,
    audit,
    backups,
    completions,
    database,
    disablings,
    doubts,
    duplicates,
    erasures,
    foods,
    grants,
    jobs,
    merges,
    overview,
    password_links,
    payment_events,
    payments,
    promotions,
    refusals,
    replays,
    request_foods,
    requests,
    retries,
    reviews,
    subscriptions,
    trials,
    turns,
    user_exports,
    user_sessions,
    users,
)

bp = Blueprint("admin", __name__, url_prefix="/admin")
bp.before_request(require_admin)
for view in (
    approvals,
    audit,
    backups,
    completions,
    database,
    disablings,
    doubts,
    duplicates,
    erasures,
    foods,
    grants,
    jobs,
    merges,
    overview,
    password_links,
    payment_events,
    payments,
    promotions,
    refusals,
    replays,
    request_foods,
    requests,
    retries,
    reviews,
    subscriptions,
    trials,
    turns,
    user_exports,
    user_sessions,
    users,
):
    bp.register_blueprint(view.bp)


@bp.app_template_test("page")
def is_page(endpoint: str) -> bool:
    """Whether there is such a page."""
    return endpoint in current_app.view_functions
