"""For load balancers and monitoring: is the process there, can it use its database?"""

from hmac import compare_digest
from ipaddress import ip_address

from flask import Blueprint, current_app, request

from caloria.access import for_machines
from caloria.extensions import db, settings
from caloria.guard.probe import Probe

FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip")

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


def may_see_figures() -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    expected = settings().metrics_token
    if expected and scheme.lower() == "bearer":
        return compare_digest(token.encode(), expected.encode())
    return is_this_machine()


def is_this_machine() -> bool:
    """Whether the request came from here and for nobody else."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
