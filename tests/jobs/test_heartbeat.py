from uuid import uuid4

import pytest
from sqlalchemy import delete, select, text, update

from caloria.extensions import db
from caloria.jobs.queue import queue
from caloria.models import Identity, Job, Server


@pytest.fixture
def heartbeat(make_app):
    return make_app(CALORIA_SERVER="web-1").extensions["caloria_heartbeat"]


def servers(heartbeat) -> list[str]:
    with heartbeat.app.app_context():
        return list(db.session.scalars(select(Server.name)))


def change(heartbeat, statement) -> None:
    with heartbeat.app.app_context():
        db.session.execute(statement)
        db.session.commit()


def test_a_server_is_noted_once_however_often_it_says_so(heartbeat):
    heartbeat.beat()
    heartbeat.beat()

    assert servers(heartbeat) == ["web-1"]


def test_nothing_is_noted_in_a_database_that_took_its_place(heartbeat, caplog):
    heartbeat.beat()
    change(heartbeat, delete(Server))
    change(heartbeat, update(Identity).values(uuid=uuid4()))

    heartbeat.beat()

    assert servers(heartbeat) == []
    assert "start this server anew" in caplog.text


def test_a_beat_that_fails_is_followed_by_others(heartbeat):
    change(heartbeat, text("ALTER TABLE servers RENAME TO servers_away"))
    heartbeat.beat()
    change(heartbeat, text("ALTER TABLE servers_away RENAME TO servers"))

    heartbeat.beat()

    assert servers(heartbeat) == ["web-1"]


def test_no_job_is_taken_from_a_database_that_took_its_place(heartbeat):
    with heartbeat.app.app_context():
        Job.put("nightly")
        db.session.commit()
    heartbeat.beat()
    queue.serve(heartbeat.app, lambda: heartbeat.is_home)
    change(heartbeat, update(Identity).values(uuid=uuid4()))
    heartbeat.beat()
    assert queue.dequeue() is None

    queue.serve(heartbeat.app)
    assert queue.dequeue()
