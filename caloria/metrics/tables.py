"""What the database says of itself and of its keepers: read on request, at most every few seconds."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import NamedTuple

from flask import Flask
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from caloria.extensions import db
from caloria.guard.deadline import within
from caloria.models.backup_run import FAILED as RUN_FAILED
from caloria.models.backup_run import BackupRun
from caloria.models.backup_standing import DOUBTFUL, FAILED, MISSING, OLD, BackupStanding
from caloria.models.clock import utc_now
from caloria.models.payment_event import PaymentEvent
from caloria.models.queue_standing import GIVEN_UP, RUNNING, WAITING, QueueStanding
from caloria.models.server import WORKER, Server, Sighting
from caloria.version import VERSION
from settings.payments import STRIPE

KEPT_FOR_SECONDS = 5
PATIENCE = 2
WORRIES = (MISSING, FAILED, DOUBTFUL, OLD)
REASONS = ("unreachable", "read_only", "revision", "identity")


class Said(NamedTuple):
    """What the tables said when they were last read."""

    backup_at: datetime | None
    worry: str | None
    drill_at: datetime | None
    drill_failed: bool
    servers: list[Sighting]
    queue: QueueStanding
    payment_events_failed: int
    payments_wait: bool


class Tables:
    """Reads them with few statements; while the database is away, what they said before is told."""

    def __init__(self, app: Flask):
        self.app, self.lock = app, Lock()
        self.said: Said | None = None
        self.read_at, self.is_reading = float("-inf"), False

    def latest(self, is_there: bool) -> Said | None:
        with self.lock:
            is_due = is_there and not self.is_reading and monotonic() - self.read_at > KEPT_FOR_SECONDS
            if is_due:
                self.is_reading, self.read_at = True, monotonic()
                self.said = within(PATIENCE, self.read, otherwise=None) or self.said
            return self.said

    def read(self) -> Said | None:
        """Read in a thread of its own, with a session of its own."""
        try:
            with self.app.app_context():
                return self.ask()
        except Exception:
            return None  # whatever it is: the figures of this process must still be told
        finally:
            self.is_reading = False

    def ask(self) -> Said:
        standing = BackupStanding()
        passed = db.session.scalar(BackupRun.newest_passed_drill())
        return Said(
            standing.newest.snapshot_at if standing.newest else None,
            standing.worry,
            passed.at if passed else None,
            standing.drill is not None and standing.drill.state == RUN_FAILED,
            Server.sightings(db.session.connection(), self.app.extensions["caloria_config"].servers),
            QueueStanding(),
            db.session.scalar(PaymentEvent.failed_ones()) or 0,
            self.takes_payments and PaymentEvent.waits_for_comparison(),
        )

    @property
    def takes_payments(self) -> bool:
        return self.app.extensions["caloria_config"].payments == STRIPE


class DatabaseFigures(Collector):
    """The figures that are read rather than counted."""

    def __init__(self, app: Flask):
        self.config = app.extensions["caloria_config"]
        self.finding = app.extensions["caloria_probe"].latest()
        is_there = "unreachable" not in self.finding.reasons
        self.said = app.extensions["caloria_tables"].latest(is_there)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from self.of_the_database()
        yield from self.of_the_backups()
        yield from self.of_the_servers()
        yield from self.of_the_queue()
        yield from self.of_the_payments()

    def of_the_database(self) -> Iterator[GaugeMetricFamily]:
        reasons, details = self.finding.reasons, self.finding.details
        yield figure("database_up", "Whether the database answers.", "unreachable" not in reasons)
        problems = {reason: reason in reasons for reason in REASONS}
        yield figures("database_problem", "Why the database cannot be used.", "reason", problems)
        latency = details.get("latency_ms") if "unreachable" not in reasons else None
        in_seconds = None if latency is None else latency / 1000
        yield figure("database_seconds", "Seconds that the last look at the database took.", in_seconds)
        info = GaugeMetricFamily(
            "caloria_database_info",
            "Which database this process reads, and what of it.",
            labels=["uuid", "revision", "environment", "version"],
        )
        if details.get("database_id"):
            said = [details["database_id"], details.get("revision", ""), self.config.environment, VERSION]
            info.add_metric(said, 1)
        yield info

    def of_the_backups(self) -> Iterator[GaugeMetricFamily]:
        said = self.said
        backup_at, drill_at = (said.backup_at, said.drill_at) if said else (None, None)
        yield figure("backup_age_seconds", "Age of the data of the newest proven backup.", age(backup_at))
        worries = {worry: said.worry == worry for worry in WORRIES} if said else {}
        yield figures("backup_worry", "What is wrong with the backups.", "worry", worries)
        yield figure("drill_age_seconds", "Age of the last drill that passed.", age(drill_at))
        failed = said.drill_failed if said else None
        yield figure("drill_failed", "Whether the last drill failed.", failed)

    def of_the_servers(self) -> Iterator[GaugeMetricFamily]:
        seen = {each.name: each.is_here for each in self.said.servers} if self.said else {}
        expected = len(self.config.servers)
        yield figure("servers_expected", "Servers named in CALORIA_SERVERS.", expected)
        here = sum(is_here for name, is_here in seen.items() if not name.endswith(WORKER))
        yield figure(
            "servers_seen", "Servers that wrote to this database lately.", here if self.said else None
        )
        yield figures("server_up", "Whether a server, seen or expected, wrote lately.", "server", seen)

    def of_the_queue(self) -> Iterator[GaugeMetricFamily]:
        queue = self.said.queue if self.said else None
        counts = {WAITING: queue.waiting, RUNNING: queue.running, GIVEN_UP: queue.given_up} if queue else {}
        yield figures("jobs", "Jobs that are not done.", "state", counts)
        waited = (age(queue.waits_since) or 0.0) if queue else None
        yield figure("jobs_wait_seconds", "How long the job has been due that waits longest.", waited)
        seen = age(queue.worker_seen_at) if queue else None
        yield figure("worker_seen_seconds", "How long ago a worker was last there.", seen)

    def of_the_payments(self) -> Iterator[GaugeMetricFamily]:
        failed, waits = (
            (self.said.payment_events_failed, self.said.payments_wait) if self.said else (None, None)
        )
        yield figure("payment_events_undone", "Events of payments that could not be heard yet.", failed)
        yield figure("payments_wait", "Whether payments wait to be compared after a restore.", waits)


def age(at: datetime | None) -> float | None:
    return (utc_now() - at).total_seconds() if at else None


def figure(name: str, words: str, value: float | None) -> GaugeMetricFamily:
    """A figure; without a sample where it is not known, since 0 would be a lie."""
    return GaugeMetricFamily(f"caloria_{name}", words, value=None if value is None else float(value))


def figures(name: str, words: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"caloria_{name}", words, labels=[label])
    for said, value in values.items():
        family.add_metric([said], float(value))
    return family
