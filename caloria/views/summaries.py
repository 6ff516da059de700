from datetime import date

from flask import Blueprint, render_template, request
from flask_login import current_user

from caloria.models import BadRange, Summary
from caloria.models.summary import MOST_MEASURED

bp = Blueprint("summaries", __name__, url_prefix="/trends/summary")


@bp.get("")
def show():
    """Show a range of days on one page, to be printed."""
    first, last = (request.args.get(name, "").strip() for name in ("from", "to"))
    try:
        summary, status = Summary.between(current_user, first, last), 200
    except BadRange:
        summary, status = Summary.usual(current_user), 422
    page = render_template(
        "summaries/show.html",
        summary=summary,
        is_refused=status == 422,
        typed={"first": _shown(first) or summary.since, "last": _shown(last) or summary.today},
        most_measured=MOST_MEASURED,
    )
    return page, status


def _shown(typed: str) -> str:
    """What was typed, where a field for dates can show it."""
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        return ""
