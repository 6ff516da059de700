"""What each process counts as it happens, with few labels: none names a person or what somebody typed."""

from sqlalchemy import event
from sqlalchemy.orm import Session

from caloria.metrics import files

# Before the library is loaded, which then decides once where it counts.
files.make_room()

from prometheus_client import (  # noqa: E402
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
)

# Around what a page should take at most, 100 ms, and what a person calls slow.
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
LOGGED = "entries_logged"

disable_created_metrics()
REGISTRY = CollectorRegistry()


def counter(name: str, words: str, *labels: str) -> Counter:
    return Counter(f"caloria_{name}", words, labels, registry=REGISTRY)


def gauge(name: str, words: str) -> Gauge:
    """What holds at the moment, added up over the processes that are alive."""
    return Gauge(f"caloria_{name}", words, registry=REGISTRY, multiprocess_mode="livesum")


WORKERS = gauge("workers", "Processes that serve pages.")
POOL_SIZE = gauge("pool_size", "Connections to the database that the processes may have at most.")
POOL_IN_USE = gauge("pool_in_use", "Connections to the database that are in use.")
POOL_WAITING = gauge("pool_waiting", "Threads that wait for a connection since all are in use.")
POOL_WAITED = counter("pool_wait_seconds", "Seconds that threads waited since all connections were in use.")
POOL_TIMEOUTS = counter("pool_timeouts", "Times that a thread gave up waiting for a connection.")

REQUESTS = counter("requests", "Requests answered.", "route", "method", "status")
REQUEST_SECONDS = Histogram(
    "caloria_request_seconds",
    "Seconds until a request was answered.",
    ("route", "method"),
    registry=REGISTRY,
    buckets=SECONDS,
)
STATEMENTS = counter("statements", "Statements sent to the database within requests.", "route")
STATEMENT_SECONDS = counter("statement_seconds", "Seconds that those statements took.", "route")

ERRORS = counter("errors", "Requests that failed: by our code, or for want of the database.", "kind")
SIGN_INS = counter("sign_ins", "Attempts to sign in with a password.", "result")
ENTRIES = counter("entries_logged", "Entries that people logged.")
PAYMENT_EVENTS = counter("payment_events", "Events sent to the webhook of payments.", "result")

# An increase from nothing is no increase to Prometheus: what may stay at nothing for long begins at 0.
for kind in ("code", "database"):
    ERRORS.labels(kind)
for result in ("ok", "refused", "throttled"):
    SIGN_INS.labels(result)
for result in ("processed", "ignored", "unmatched", "duplicate", "failed", "refused", "other_mode"):
    PAYMENT_EVENTS.labels(result)


@event.listens_for(Session, "after_commit")
def count_entries(session: Session) -> None:
    """Count what was logged, once it is stored for good."""
    if not session.in_nested_transaction() and (number := session.info.pop(LOGGED, 0)):
        ENTRIES.inc(number)


@event.listens_for(Session, "after_rollback")
def forget_entries(session: Session) -> None:
    session.info.pop(LOGGED, None)
