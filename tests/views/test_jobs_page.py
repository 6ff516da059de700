"""/admin/jobs: what waits, what was given up and why, and another try."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from caloria.extensions import db
from caloria.models import AuditEvent, Job
from caloria.models.server import the_time


@pytest.fixture
def given_up(app) -> Job:
    Job.put("password_reset")
    said = {"given_up_at": the_time(), "attempts": 7, "last_error": "SMTPServerDisconnected"}
    db.session.execute(update(Job).values(said))
    db.session.commit()
    return db.session.scalar(select(Job))


def words_of(client, path: str = "/admin/jobs") -> str:
    page = client.get(path).text
    return " ".join(unescape(re.sub("<[^>]+>", " ", page)).split())


def test_what_was_given_up_is_shown_with_the_class_of_its_last_error_and_can_be_tried_again(
    sign_in, ada, given_up
):
    admin = sign_in(ada)
    assert "given up" in words_of(admin)
    assert "7 attempts, the last ended in SMTPServerDisconnected" in words_of(admin)

    for _ in range(2):
        answer = admin.post(f"/admin/jobs/{given_up.id}/retries")
        assert (answer.status_code, answer.location) == (303, "/admin/jobs")

    assert Job.take("ann").id == given_up.id
    noted = select(AuditEvent.actor).where(AuditEvent.act == "job retry")
    assert db.session.scalars(noted).all() == [f"user {ada.id}"]


def test_what_was_given_up_can_be_forgotten_and_what_was_not_cannot(sign_in, ada, given_up):
    admin, address = sign_in(ada), f"/admin/jobs/{given_up.id}/delete"
    assert (admin.post(address).status_code, admin.post(address).status_code) == (303, 404)
    assert "Everything is done." in words_of(admin)

    Job.put("password_reset")
    db.session.commit()
    assert admin.post(f"/admin/jobs/{db.session.scalar(select(Job.id))}/delete").status_code == 404


def test_nobody_but_admins_sees_retries_or_forgets_jobs(sign_in, bob, given_up):
    assert sign_in(bob).get("/admin/jobs").status_code == 403
    for act in ("retries", "delete"):
        assert sign_in(bob).post(f"/admin/jobs/{given_up.id}/{act}").status_code == 403


def test_a_job_that_never_was_is_a_404(sign_in, ada):
    assert sign_in(ada).post(f"/admin/jobs/{uuid4()}/retries").status_code == 404


def test_admins_are_told_on_every_page_that_nobody_works_while_jobs_wait(app, sign_in, ada, bob):
    Job.put("password_reset", due_at=the_time() - timedelta(minutes=3))
    db.session.commit()
    app.extensions["caloria_queue_watch"].asked_at = float("-inf")

    assert "Nobody works on the queue: mails wait." in words_of(sign_in(ada), "/targets")
    assert "Nobody works" not in words_of(sign_in(bob), "/targets")
    app.extensions["caloria_queue_watch"].found = None


def test_the_terminal_forgets(runner, given_up):
    assert runner.invoke(args=["jobs", "forget", str(given_up.id)]).output == "password_reset is forgotten.\n"
    assert runner.invoke(args=["jobs", "forget", str(given_up.id)]).exit_code == 1


def test_the_terminal_lists_and_retries(runner, given_up):
    listed = runner.invoke(args=["jobs", "list"])
    assert "0 wait, 0 run, 1 were given up." in listed.output
    assert f"{given_up.id}  given up" in listed.output

    assert runner.invoke(args=["jobs", "retry", str(given_up.id)]).exit_code == 0
    again = runner.invoke(args=["jobs", "retry", str(given_up.id)])
    assert again.exit_code == 1
    assert "flask jobs list" in again.output
