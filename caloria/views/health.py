"""For load balancers and monitoring: is the process there, can it use its database?"""

from flask import Blueprint, current_app

from caloria.access import for_machines, may_see_figures
from caloria.extensions import db, settings
from caloria.guard.probe import Probe

bp = Blueprint("health", __name__)


@bp.record
def prepare_probe(state):
    with state.app.app_context():
        state.app.extensions["caloria_probe"] = Probe(settings(), db.engine)


@bp.get("/health")
@for_machines
def show():
    """Alive. A database that is away is no reason to restart the process, so it is not looked at."""
    return {"status": "ok"}


@bp.get("/health/database")
@for_machines
def database():
    """Ready, or the reasons why not; figures for monitoring and for this machine itself."""
    finding = current_app.extensions["caloria_probe"].latest()
    answer = {"status": "unavailable" if finding.reasons else "ok", "reasons": finding.reasons}
    figures = finding.details if may_see_figures() else {}
    return answer | figures, 503 if finding.reasons else 200
