"""What the clock has done: once, however many workers look at it, and noted as a worker's."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

import pytest
from sqlalchemy import func, select, update
from working import do_jobs

from caloria.extensions import db
from caloria.integrations.mail import NoMailServer
from caloria.jobs import worker  # noqa: F401  it brings along what is done
from caloria.jobs.failures import lasts
from caloria.jobs.letter import NoPublicUrl
from caloria.jobs.queue import BY_THE_CLOCK, TASKS, queue, task
from caloria.models import AuditEvent, Job, PasswordReset, Session, Throttle
from caloria.models.clock import utc_now
from caloria.models.job import LOST
from caloria.models.server import the_time


def number_of(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def at(hour: int, minute: int = 0) -> list[str]:
    """What the clock wants at this time of the day."""
    return sorted(each.name for each in queue.read_periodic(datetime(2026, 11, 22, hour, minute, tzinfo=UTC)))


def test_the_night_forgets_what_has_ended_and_keeps_what_has_not(app, alice):
    long_ago = utc_now() - timedelta(days=400)
    for when in (long_ago, utc_now()):
        Session.start(alice).created_at = when
        PasswordReset.begin(alice)
    db.session.flush()
    resets = db.session.scalars(select(PasswordReset)).all()
    resets[0].created_at = long_ago
    Throttle.is_exceeded({"sign-in": 5})
    Job.put("nightly")
    db.session.commit()

    assert do_jobs(app) == 1

    assert [number_of(model) for model in (Session, PasswordReset, Throttle, Job)] == [1, 1, 1, 1]
    assert db.session.scalar(select(Job.finished_at))


def test_several_workers_look_at_the_clock_and_it_is_put_once(app):
    queue.serve(app)
    always = {"count_days", "reminders", "seal_audit"}
    assert set(at(2)) == always
    nightly = {"nightly", "sort_foods"}
    assert set(at(3, 10)) == always | nightly
    assert set(at(4, 10)) == set(at(23, 50)) == always | nightly | {"reconcile"}
    wanted = [each for each in queue._registry.periodic_tasks if each.name == "nightly"]
    for _ in range(2):
        queue.enqueue(wanted[0])
    assert db.session.scalars(select(Job.key)).all() == [f"nightly {the_time():%Y-%m-%d}"]


def test_what_a_job_changes_is_stored_with_its_end_or_not_at_all(app, alice, caplog):
    @task
    def rename(job):
        AuditEvent.note("rename", alice)
        alice.name = "Alicia"
        db.session.flush()
        if job.attempts == 1:
            raise RuntimeError("alice@example.org")

    try:
        Job.put("rename")
        db.session.commit()
        do_jobs(app)
        assert db.session.scalar(select(func.count()).where(AuditEvent.act == "rename")) == 0
        assert db.session.scalar(select(Job.last_error)) == "RuntimeError"
        assert "alice@example.org" not in caplog.text
    finally:
        del TASKS["rename"]


@pytest.fixture
def clock(app):
    """Have the worker do something by the clock, which can fail."""

    @task
    def ring(_job, breaks=False):
        if breaks:
            raise RuntimeError("alice@example.org")

    BY_THE_CLOCK.add("ring")

    def run(**said) -> list[tuple]:
        Job.put("ring", **said)
        db.session.commit()
        do_jobs(app)
        return list(db.session.execute(select(Job.attempts, Job.given_up_at.is_not(None))).all())

    yield run
    BY_THE_CLOCK.discard("ring")
    del TASKS["ring"]


def test_what_the_clock_wants_is_tried_once_and_a_failure_stands_until_the_next_is_done(clock, caplog):
    assert clock(breaks=True) == [(1, True)]
    assert clock(breaks=True) == [(1, True)]
    assert clock() == [(1, False)]
    [error, _again] = [record for record in caplog.records if getattr(record, "errors", None)]
    [described] = error.errors
    assert described["class"] == "builtins.RuntimeError"
    assert described["frames"][-1].endswith(" ring")


@pytest.mark.parametrize(
    ("error", "is_lasting"),
    [
        (SMTPRecipientsRefused({"a": (550, b"no")}), True),
        (SMTPRecipientsRefused({"a": (451, b"later")}), False),
        (SMTPDataError(554, b"no"), True),
        (SMTPSenderRefused(421, b"later", "a"), False),
        (ValueError("no address"), True),
        (NoMailServer("not set"), False),
        (NoPublicUrl(), False),
        (ConnectionRefusedError(), False),
        (KeyError("task"), False),
    ],
)
def test_what_a_mail_server_refuses_for_good_is_not_sent_again(error, is_lasting):
    assert lasts(error) is is_lasting


def test_a_job_that_nobody_knows_is_tried_again_for_a_newer_worker_may(app):
    Job.put("not_yet_written")
    db.session.commit()
    do_jobs(app)
    job = db.session.scalar(select(Job))
    assert (job.last_error, job.given_up_at) == ("KeyError", None)


def test_what_ends_every_worker_is_given_up(app):
    Job.put("nightly")
    db.session.execute(Job.__table__.update().values(attempts=7))
    db.session.commit()
    do_jobs(app)
    job = db.session.scalar(select(Job))
    assert (job.last_error, bool(job.given_up_at)) == (LOST, True)


def test_whatever_takes_long_keeps_its_lease_while_the_worker_lives(app):
    queue.serve(app)
    Job.put("nightly")
    db.session.commit()
    taken = queue.dequeue()
    db.session.execute(update(Job).values(leased_until=the_time()))
    db.session.commit()

    queue.read_schedule()

    assert db.session.scalar(select(Job.leased_until)) > the_time()
    db.session.execute(update(Job).values(leased_until=the_time() - timedelta(seconds=1)))
    db.session.commit()
    assert queue.dequeue() is None  # this worker's other thread
    queue.execute(taken)
    assert db.session.scalar(select(Job.finished_at))
