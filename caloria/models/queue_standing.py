from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, not_, or_, select

from caloria.extensions import db
from caloria.models.job import Job
from caloria.models.server import SILENT_AFTER, Server, the_time

SHOWN = 50
WAITING, RUNNING, GIVEN_UP = "waiting", "running", "given up"
# Whoever works takes a job sooner.
UNTAKEN = timedelta(minutes=2)


class QueueStanding:
    """How the jobs stand, and whether anybody works on them."""

    waiting: int
    running: int
    given_up: int
    waits_since: datetime | None

    def __init__(self, over: Any = None) -> None:
        over = over or db.session
        self.as_of = the_time(over)
        given_up, is_run = Job.given_up_at.is_not(None), Job.leased_until > self.as_of
        waits = Job.is_open() & or_(Job.leased_until.is_(None), not_(is_run))
        counted = select(
            func.count().filter(waits),
            func.count().filter(Job.is_open(), is_run),
            func.count().filter(given_up),
            func.min(Job.due_at).filter(waits, Job.due_at <= self.as_of),
        ).where(Job.finished_at.is_(None))
        self.waiting, self.running, self.given_up, self.waits_since = over.execute(counted).one()
        self.worker_seen_at: datetime | None = over.scalar(Server.newest_worker())

    @property
    def is_worked_on(self) -> bool:
        """Whether a worker was here just now."""
        return self.worker_seen_at is not None and self.as_of - self.worker_seen_at <= SILENT_AFTER

    @property
    def nobody_works(self) -> bool:
        """Whether a job waits that nobody will take."""
        waits = self.waits_since is not None and self.as_of - self.waits_since > UNTAKEN
        return waits and not self.is_worked_on

    def state(self, job: Job) -> str:
        if job.given_up_at:
            return GIVEN_UP
        return RUNNING if job.leased_until and job.leased_until > self.as_of else WAITING

    @property
    def shown(self) -> list[Job]:
        """What has not been done: what was given up first, then in the order in which it is due."""
        undone = select(Job).where(Job.finished_at.is_(None))
        return list(
            db.session.scalars(undone.order_by(Job.given_up_at.is_(None), Job.due_at, Job.id).limit(SHOWN))
        )
