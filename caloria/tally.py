"""What each request cost: how long it took, and how much of that the database."""

from contextvars import ContextVar, Token
from time import perf_counter

from flask import Flask, g, request

from caloria import metrics, request_log
from caloria.models.audit_event import origin

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Tally:
    """Of one request: its rule and never its address, since an address says which days a person kept."""

    __slots__ = (
        "id",
        "method",
        "route",
        "seconds",
        "sql_seconds",
        "started",
        "statements",
        "status",
        "token",
    )

    def __init__(self) -> None:
        self.route = request_log.route()
        # Anybody can send a word of their own as the method.
        self.method = request.method if request.method in METHODS else request_log.UNKNOWN
        self.status, self.id = 500, origin.get().request_id
        self.statements, self.sql_seconds, self.seconds = 0, 0.0, 0.0
        self.started = perf_counter()
        self.token: Token | None = None


current: ContextVar[Tally | None] = ContextVar("tally", default=None)


def init_app(app: Flask) -> None:
    """Come first of all: what ends a request early is told too."""

    @app.before_request
    def begin():
        g.tally = Tally()
        g.tally.token = current.set(g.tally)

    @app.after_request
    def note(response):
        if tally := current.get():
            tally.status, tally.id = response.status_code, origin.get().request_id
        return response

    @app.teardown_request
    def end(_error):
        if tally := g.pop("tally", None):
            tally.seconds = perf_counter() - tally.started
            current.reset(tally.token)
            metrics.count_request(tally)
            request_log.write(tally)
