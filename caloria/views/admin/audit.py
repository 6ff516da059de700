from flask import Blueprint, render_template, request

from caloria.forms.admin import AuditFilter
from caloria.models import AuditEvent
from caloria.models.paged import Paged

bp = Blueprint("audit", __name__, url_prefix="/audit")


@bp.get("")
def index():
    """Show who did what to whom, the latest first."""
    said = AuditFilter()
    query = AuditEvent.matching(said.actor, said.act, said.object, said.begins, said.ends)
    paged = Paged(query, (AuditEvent.sequence,), request.args)
    return render_template("admin/audit.html", paged=paged, said=said)
