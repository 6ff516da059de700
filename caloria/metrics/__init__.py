"""Figures for Prometheus: what each process counts, and what the database says of itself.

`counted` holds what is counted, `pool` watches the connections, `tables` reads the database, `scrape` puts
the answer together. docs/watching.md lists every metric, and a test holds the two together.
"""

from functools import cache
from typing import NamedTuple

from caloria.metrics import counted


class OfRoute(NamedTuple):
    """What is counted of the requests for one route that end alike."""

    requests: counted.Counter
    seconds: counted.Histogram
    statements: counted.Counter
    statement_seconds: counted.Counter


@cache  # there are as many as rules
def of_route(route: str, method: str, status: str) -> OfRoute:
    return OfRoute(
        counted.REQUESTS.labels(route, method, status),
        counted.REQUEST_SECONDS.labels(route, method),
        counted.STATEMENTS.labels(route),
        counted.STATEMENT_SECONDS.labels(route),
    )


def count_request(tally) -> None:
    """Count a request that has ended."""
    figures = of_route(tally.route, tally.method, f"{tally.status // 100}xx")
    figures.requests.inc()
    figures.seconds.observe(tally.seconds)
    figures.statements.inc(tally.statements)
    figures.statement_seconds.inc(tally.sql_seconds)


def count_sign_in(result: str) -> None:
    """Count an attempt to sign in: ok, refused or throttled."""
    counted.SIGN_INS.labels(result).inc()


def count_payment_event(result: str) -> None:
    """Count an event that was sent by the payment provider, or by somebody who pretends to be it."""
    counted.PAYMENT_EVENTS.labels(result).inc()


def count_error(kind: str) -> None:
    """Count an error: code, which is a mistake of ours, or database, which was away."""
    counted.ERRORS.labels(kind).inc()
