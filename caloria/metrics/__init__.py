"""Figures for Prometheus: what each process counts, and what the database says of itself.

`counted` holds what is counted, `pool` watches the connections, `tables` reads the database, `scrape` puts
the answer together. docs/watching.md lists every metric, and a test holds the two together.
"""

from caloria.metrics import counted


def count_request(tally) -> None:
    """Count a request that has ended."""
    status = f"{tally.status // 100}xx"
    counted.REQUESTS.labels(tally.route, tally.method, status).inc()
    counted.REQUEST_SECONDS.labels(tally.route, tally.method).observe(tally.seconds)
    counted.STATEMENTS.labels(tally.route).inc(tally.statements)
    counted.STATEMENT_SECONDS.labels(tally.route).inc(tally.sql_seconds)


def count_sign_in(result: str) -> None:
    """Count an attempt to sign in: ok, refused or throttled."""
    counted.SIGN_INS.labels(result).inc()


def count_payment_event(result: str) -> None:
    """Count an event that was sent by the payment provider, or by somebody who pretends to be it."""
    counted.PAYMENT_EVENTS.labels(result).inc()


def count_error(kind: str) -> None:
    """Count an error: code, which is a mistake of ours, or database, which was away."""
    counted.ERRORS.labels(kind).inc()
