"""The queue: huey's threads and clock at work on the table `jobs`.

huey's own stores make their tables themselves, and forget a task as soon as it is taken: a worker that is
killed loses it. Here a job stays in the table until it is done, under a lease that runs out.
"""

import json
import logging
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import Any

from flask import Flask
from huey import Huey
from huey.api import Task
from huey.signals import SIGNAL_INTERRUPTED
from huey.storage import BlackHoleStorage
from sqlalchemy.exc import SQLAlchemyError

from caloria.extensions import db
from caloria.jobs.failures import lasts, tell
from caloria.jobs.letter import Letter
from caloria.models import Job
from caloria.models.audit_event import Origin, origin
from caloria.models.job import LOST
from caloria.models.server import the_time

log = logging.getLogger(__name__)
TASKS: dict[str, Callable[..., Letter | None]] = {}
BY_THE_CLOCK: set[str] = set()


def task(function: Callable) -> Callable:
    """Have this done for jobs of its name. It gets the job and its arguments, and never commits.

    What it changes is stored together with the note that it is done, or not at all. The Letter that it may
    return is sent once its changes are stored.
    """
    TASKS[function.__name__] = function
    return function


def every(is_due: Callable[[datetime], bool], once_per: str) -> Callable[[Callable], Callable]:
    """Put such a job when the clock says so, once for what `once_per` prints: all workers have a clock."""

    def decorate(function: Callable) -> Callable:
        BY_THE_CLOCK.add(function.__name__)
        queue.periodic_task(is_due, name=function.__name__, once_per=once_per)(function)
        return task(function)

    return decorate


class Queue(Huey):
    """What huey takes from the table, and puts there. There are no results, and no schedule beside it."""

    app: Flask

    def __init__(self) -> None:
        super().__init__("caloria", results=False, storage_class=BlackHoleStorage)
        self.held: dict[str, Job] = {}
        self.is_away, self.telling = False, Lock()

    def serve(self, app: Flask, is_home: Callable[[], bool] = lambda: True) -> None:
        """Work on the database of this app while it is that one, under a name that no other process has."""
        self.is_home = is_home
        self.app, self.server = app, app.extensions["caloria_config"].server
        self.worker = f"{self.server}/{os.getpid()}/{secrets.token_hex(4)}"

    def enqueue(self, task: Any) -> None:
        """What the clock says is put as every job is."""
        if not self.is_home():
            return
        # By the database's clock, which all workers have in common.
        self.ask(lambda: Job.put(task.name, f"{task.name} {the_time():{task.once_per}}"))

    def dequeue(self) -> Task | None:
        # A lease may lapse, while the database was away, at what another thread here is still doing.
        held = [each.id for each in list(self.held.values())]
        job = self.ask(lambda: Job.take(self.worker, held)) if self.is_home() else None
        if job is None:
            return None
        self.held[str(job.id)] = job
        return perform.s(str(job.id), id=str(job.id))

    def read_schedule(self, timestamp: datetime | None = None) -> list:
        """huey's clock asks every few seconds: time to say that this worker is still at what it took."""
        # Only those: of what it took without hearing so, the lease is to run out.
        ids = [job.id for job in list(self.held.values())]
        if ids:
            self.ask(lambda: Job.renew(self.worker, ids))
        return []

    def ask(self, question: Callable[[], Any]) -> Any:
        """What the database says, committed; None while it is away."""
        try:
            with self.app.app_context():
                answer = question()
                db.session.commit()
        except SQLAlchemyError as error:
            self.note_trouble(type(error).__name__)
            return None
        self.note_trouble(None)
        return answer

    def note_trouble(self, trouble: str | None) -> None:
        """Say once that the database is away, and once that it is back, whichever threads find out."""
        with self.telling:
            if trouble and not self.is_away:
                log.warning("The queue waits: the database does not answer (%s)", trouble)
            elif self.is_away and not trouble:
                log.warning("The queue goes on: the database answers again")
            self.is_away = bool(trouble)


queue = Queue()


@queue.task()
def perform(job_id: str) -> None:
    """Do a job that this worker has taken, and note what became of it."""
    job = queue.held[job_id]
    try:
        with queue.app.app_context(), acting(queue.server, job):
            complete(job)
    except SQLAlchemyError as error:  # its lease runs out, and somebody does it again
        log.warning("Job %s (%s) was not brought to its end (%s)", job.id, job.task, type(error).__name__)
    finally:
        queue.held.pop(job_id, None)


def complete(job: Job) -> None:
    try:
        if job.was_lost_too_often:
            job.fail(LOST)
        else:
            done(job)
    except Exception as error:
        db.session.rollback()
        tell(job, error)
        note_failure(job, error)
    db.session.commit()


def note_failure(job: Job, error: Exception) -> None:
    """What the clock wants is not tried again: the next minute or night does the same."""
    is_last = job.task in BY_THE_CLOCK or lasts(error)
    if job.task in BY_THE_CLOCK:
        Job.forget_given_up(job.task)
    job.fail(type(error).__name__, is_last)


def done(job: Job) -> None:
    letter = TASKS[job.task](job, **json.loads(job.arguments))
    if letter:
        db.session.commit()  # nobody waits for locks while a mail server thinks
        post(letter, job)
    if job.task in BY_THE_CLOCK:
        Job.forget_given_up(job.task)
    if not job.finish():
        db.session.rollback()
        log.warning("Job %s (%s) took so long that another worker has it", job.id, job.task)


def post(letter: Letter, job: Job) -> None:
    """Mail it; where that fails, what was stored for it is taken back."""
    try:
        letter.post(job.id)
    except Exception:
        letter.unsent()
        db.session.commit()
        raise
    letter.sent()


@contextmanager
def acting(server: str, job: Job) -> Iterator[None]:
    """What the job does is noted in the audit as a worker's act, under the job's id."""
    token = origin.set(Origin("worker", server, str(job.id)))
    try:
        yield
    finally:
        origin.reset(token)


@queue.signal(SIGNAL_INTERRUPTED)
def give_back(_signal: str, interrupted: Task) -> None:
    """Told to stop while at a job: another worker may have it at once."""
    job = queue.held.get(interrupted.id)
    if job:
        log.warning("Job %s (%s) was interrupted, and is given back", job.id, job.task)
        queue.ask(job.give_back)
