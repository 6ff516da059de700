"""The pages for admins, all behind one guard."""

from flask import Blueprint, current_app

from caloria.access import require_admin
from caloria.views.admin import (
    audit,
    backups,
    database,
    disablings,
    erasures,
    grants,
    jobs,
    overview,
    password_links,
    payment_events,
    payments,
    promotions,
    replays,
    retries,
    subscriptions,
    trials,
    user_exports,
    user_sessions,
    users,
)

bp = Blueprint("admin", __name__, url_prefix="/admin")
bp.before_request(require_admin)
for view in (
    audit,
    backups,
    database,
    disablings,
    erasures,
    grants,
    jobs,
    overview,
    password_links,
    payment_events,
    payments,
    promotions,
    replays,
    retries,
    subscriptions,
    trials,
    user_exports,
    user_sessions,
    users,
):
    bp.register_blueprint(view.bp)


@bp.app_template_test("page")
def is_page(endpoint: str) -> bool:
    """Whether there is such a page."""
    return endpoint in current_app.view_functions
