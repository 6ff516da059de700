from flask import Blueprint, redirect, request, session, url_for

from caloria.models.plan_notice import PlanNotice

bp = Blueprint("plan_notices", __name__, url_prefix="/subscription/notice")
COOKIE = "read_notice"


@bp.post("/delete")
def delete():
    """Show what a day said of the plan no more, on this device."""
    session[COOKIE] = request.form.get("key", "")[:50]
    return redirect(url_for("diary.index"), 303)


def unread(notice: PlanNotice | None) -> PlanNotice | None:
    """What a day says of the plan, unless it was put away."""
    return None if notice is None or session.get(COOKIE) == notice.key else notice
