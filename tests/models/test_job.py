"""Jobs: wanted with an act or not at all, taken by one worker, tried again, given up, forgotten at last."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from caloria.extensions import db
from caloria.models import AuditEvent, Job, QueueStanding, Server
from caloria.models.clock import utc_now
from caloria.models.ids import new_id
from caloria.models.job import FINISHED_KEPT_FOR, GIVEN_UP_KEPT_FOR, LEASE, PAUSES
from caloria.models.server import the_time, worker_name

EARLIER, MINUTE = timedelta(minutes=3), timedelta(minutes=1)


def jobs() -> list[Job]:
    return list(db.session.scalars(select(Job).order_by(Job.id).execution_options(populate_existing=True)))


def only() -> Job:
    [job] = jobs()
    return job


def change(**said) -> None:
    db.session.execute(update(Job).values(said))


def test_a_job_is_put_with_the_act_that_wants_it_or_not_at_all(app):
    assert Job.put("knead", loaf="a")
    db.session.rollback()
    assert jobs() == []

    Job.put("knead", loaf="a")
    db.session.commit()
    assert only().arguments == '{"loaf": "a"}'


def test_what_happens_once_is_put_once(app):
    assert [Job.put("bake", key="today"), Job.put("bake", key="today"), Job.put("bake")] == [
        True,
        False,
        True,
    ]
    assert len(jobs()) == 2


def test_who_puts_the_same_at_the_same_moment_puts_it_once(make_app):
    app = make_app()

    def put(_number) -> bool:
        with app.app_context():
            is_new = Job.put("bake", key="today")
            db.session.commit()
            return is_new

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(put, range(8))) == [False] * 7 + [True]


def test_each_job_is_taken_by_one_worker(make_app):
    app = make_app()
    with app.app_context():
        for _ in range(12):
            Job.put("bake")
        db.session.commit()

    def take(number: int) -> list:
        taken = []
        with app.app_context():
            while job := Job.take(f"worker {number}"):
                db.session.commit()
                taken.append(job.id)
        return taken

    with ThreadPoolExecutor(4) as threads:
        taken = [each for found in threads.map(take, range(4)) for each in found]
    assert len(taken) == len(set(taken)) == 12


def test_what_waits_longest_is_taken_first_but_every_reminder_after_all_else(app):
    tasks = ("reminder", "password_reset", "bake", "reminder")
    for minutes, task in enumerate(tasks):
        Job.put(task, key=str(minutes), due_at=the_time() - timedelta(minutes=minutes + 1))
    assert [Job.take("ann").key for _ in tasks] == ["2", "1", "3", "0"]


def test_to_take_one_reads_no_more_than_the_first_of_its_index(app, engine_name):
    if engine_name != "sqlite":
        pytest.skip("PostgreSQL chooses by how many rows there are")
    said = []
    event.listen(db.engine, "before_cursor_execute", listener := lambda *all: said.append(all[2:4]))
    Job.take("ann")
    event.remove(db.engine, "before_cursor_execute", listener)
    asked = [each for each in said if each[0].startswith("UPDATE")]
    plans = [
        str(db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", values).all())
        for words, values in asked
    ]
    assert ["ix_jobs_first (due_at<?)" in plan for plan in plans] == [True, False]
    assert ["ix_jobs_reminders (due_at<?)" in plan for plan in plans] == [False, True]
    assert "ORDER BY" not in str(plans)


def test_what_a_worker_still_has_at_hand_it_does_not_take_again(app):
    Job.put("bake")
    mine = Job.take("ann")
    change(leased_until=the_time() - timedelta(seconds=1))
    assert Job.take("ann", [mine.id]) is None
    assert Job.take("bob").id == mine.id


def test_what_is_not_due_yet_waits(app):
    Job.put("bake", due_at=utc_now() + timedelta(minutes=1))
    assert Job.take("ann") is None


def test_the_job_of_a_worker_that_was_killed_is_taken_by_another_once_its_lease_has_run_out(app):
    Job.put("bake")
    lost = Job.take("ann")
    assert Job.take("bob") is None

    change(leased_until=the_time() - timedelta(seconds=1))
    db.session.expunge(lost)
    assert Job.take("bob").attempts == 2
    assert not lost.finish()
    assert not lost.fail("Late")
    assert only().leased_by == "bob"
    assert only().finished_at is None


def test_a_worker_that_is_still_at_it_keeps_its_lease(app):
    Job.put("bake")
    mine = Job.take("ann")
    ends = the_time() + timedelta(seconds=1)
    change(leased_until=ends)
    for worker, ids in (("bob", [mine.id]), ("ann", [new_id()])):
        Job.renew(worker, ids)
        assert only().leased_until == ends
    Job.renew("ann", [mine.id])
    assert only().leased_until == the_time() + LEASE


def test_a_failure_is_tried_again_later_and_later_and_given_up_after_a_day(app):
    Job.put("bake")
    for pause in PAUSES:
        assert Job.take("ann").fail("Burnt")
        assert only().due_at == the_time() + pause
        change(due_at=the_time())
    assert timedelta(hours=20) < sum(PAUSES, timedelta()) < timedelta(hours=28)

    Job.take("ann").fail("Burnt")
    assert only().given_up_at
    assert only().last_error == "Burnt"
    assert Job.take("ann") is None
    assert QueueStanding().given_up == 1

    assert only().retry()
    assert not only().retry()
    assert Job.take("ann").attempts == 1


def test_what_will_not_pass_is_given_up_at_once_and_can_be_forgotten(app):
    Job.put("bake")
    assert not Job.take("ann").forget()
    only().fail("Burnt", is_last=True)
    assert only().given_up_at

    assert only().forget()
    assert jobs() == []
    noted = select(AuditEvent.before).where(AuditEvent.act == "job forget")
    assert "Burnt" in str(db.session.scalar(noted))


def test_a_copy_holds_nothing_that_its_original_has_yet_to_do_or_may_try_again(app):
    for key in ("done", "given up", "open"):
        Job.put("bake", key=key)
    for key, column in (("done", Job.finished_at), ("given up", Job.given_up_at)):
        db.session.execute(update(Job).where(Job.key == key).values({column: the_time()}))
    Job.forget_unfinished(db.session.connection())
    assert [job.key for job in jobs()] == ["done"]


def test_what_is_given_back_is_free_at_once_and_was_no_attempt(app):
    Job.put("bake")
    assert Job.take("ann").give_back()
    assert Job.take("bob").attempts == 1


def test_what_ended_long_ago_is_forgotten(app):
    for key in ("old", "given up", "lately", "fresh", "open"):
        Job.put("bake", key=key)
    for key, ago in (("given up", GIVEN_UP_KEPT_FOR + MINUTE), ("lately", GIVEN_UP_KEPT_FOR - MINUTE)):
        said = {"given_up_at": the_time() - ago}
        db.session.execute(update(Job).where(Job.key == key).values(said))
    ended = the_time() - FINISHED_KEPT_FOR - timedelta(days=1)
    db.session.execute(update(Job).where(Job.key == "old").values(finished_at=ended))
    db.session.execute(update(Job).where(Job.key == "fresh").values(finished_at=the_time()))
    Job.prune()
    assert [job.key for job in jobs()] == ["lately", "fresh", "open"]


@pytest.mark.parametrize(
    ("due", "seen", "nobody"),
    [
        (EARLIER, None, True),
        (EARLIER, EARLIER, True),
        (EARLIER, timedelta(), False),
        (timedelta(), None, False),
    ],
)
def test_it_is_told_when_nobody_works_and_jobs_wait(app, due, seen, nobody):
    Job.put("bake", due_at=the_time() - due)
    if seen is not None:
        said = {"version": "1", "environment": "test", "booted_at": utc_now()}
        Server.note(db.session.connection(), worker_name("web-1"), **said)
        db.session.execute(update(Server).values(last_seen_at=the_time() - seen))

    assert QueueStanding().nobody_works is nobody


def test_how_the_queue_stands(app):
    for _ in range(3):
        Job.put("bake")
    Job.take("ann")
    change_one = Job.take("bob")
    change_one.finish()
    standing = QueueStanding()
    assert (standing.waiting, standing.running, standing.given_up) == (1, 1, 0)
    assert sorted(standing.state(job) for job in standing.shown) == ["running", "waiting"]
