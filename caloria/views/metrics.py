"""Figures for Prometheus."""

from flask import Blueprint, Response, current_app

from caloria.access import for_machines, may_see_figures
from caloria.metrics import counted, scrape
from caloria.metrics.tables import Tables

REFUSED = "Show METRICS_TOKEN as a bearer token, or ask from this machine itself.\n"

bp = Blueprint("metrics", __name__)


@bp.record
def prepare(state):
    state.app.extensions["caloria_tables"] = Tables(state.app)
    counted.WORKERS.set(1)


@bp.get("/metrics")
@for_machines
def show():
    """Tell the figures, also while the database is away."""
    if not may_see_figures():
        return Response(REFUSED, 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
    return Response(scrape.text(current_app), content_type=scrape.CONTENT_TYPE)
