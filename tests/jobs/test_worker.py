"""A worker in a process of its own, before a mail server: killed, told to stop, and without its database."""

import signal
from datetime import timedelta
from email import message_from_bytes

import pytest
from proxy import Proxy
from serving import wait_for
from smtp_server import smtp_server
from sqlalchemy import func, select, update
from surroundings import PASSWORD
from working import worker

from caloria.extensions import db
from caloria.models import Job, PasswordReset, Server, Signup
from caloria.models.server import the_time

pytestmark = pytest.mark.slow
ROOT_URL = "http://localhost/"
WAITS = "The queue waits: the database does not answer (OperationalError)\n"


@pytest.fixture
def server():
    with smtp_server() as mailbox:
        yield mailbox


@pytest.fixture
def told(server) -> dict[str, str]:
    mail = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(server.port), "MAIL_TLS": "off"}
    return {**mail, "MAIL_FROM": "Caloria <caloria@example.org>"}


@pytest.fixture
def app(make_app, password_hash):
    app = make_app()
    with app.app_context():
        signup = Signup("Alice", "alice@example.org", PASSWORD, "Europe/Madrid")
        signup.password_hash = password_hash
        app.alice = str(signup.complete().id)
        db.session.commit()
    return app


@pytest.fixture
def url(app) -> str:
    with app.app_context():
        return db.engine.url.render_as_string(False).replace("+psycopg2", "")


def want_mail(app, number: int = 1) -> None:
    with app.app_context():
        for _ in range(number):
            Job.put("password_reset", user_id=app.alice, root=ROOT_URL)
        db.session.commit()


def jobs(app) -> list[Job]:
    with app.app_context():
        return list(db.session.scalars(select(Job).where(Job.task == "password_reset").order_by(Job.id)))


def finished(app) -> int:
    return sum(job.finished_at is not None for job in jobs(app))


def resets(app) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(PasswordReset))


def servers(app) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Server.name)))


def let_leases_run_out(app) -> None:
    with app.app_context():
        ended = the_time() - timedelta(seconds=1)
        db.session.execute(update(Job).where(Job.leased_until.is_not(None)).values(leased_until=ended))
        db.session.commit()


def said_until(process, line: str) -> str:
    """What a worker says before this line, once it has said it."""
    return "".join(iter(process.stdout.readline, line))


def ids_of(mails: list[bytes]) -> list[str]:
    return [message_from_bytes(mail)["Message-ID"] for mail in mails]


def test_a_worker_that_is_killed_loses_no_mail_and_a_second_copy_can_be_told(app, url, server, told):
    want_mail(app)
    for moment in ("MAIL", "KEPT"):
        server.holds_at = moment
        server.holds.clear()
        server.goes_on.clear()
        with worker(url, **told) as process:
            wait_for(server.holds.is_set, process)
            process.kill()
        server.let_go()
        let_leases_run_out(app)
    want_mail(app, 3)
    with worker(url, **told) as process:
        wait_for(lambda: finished(app) == 4, process)

    expected = [f"<{job.id}@example.org>" for job in jobs(app)]
    found = ids_of(server.mails)
    assert sorted(found) == sorted([expected[0], *expected])
    assert [job.attempts for job in jobs(app)] == [3, 1, 1, 1]


def test_told_to_stop_it_finishes_what_is_under_way_and_takes_nothing_new(app, url, server, told):
    want_mail(app)
    server.holds_at = "KEPT"
    with worker(url, **told) as process:
        wait_for(server.holds.is_set, process)
        assert resets(app) == 1  # whoever is as fast as the mail finds the link working
        process.send_signal(signal.SIGTERM)
        said_until(process, "The worker finishes what is under way, and stops\n")
        want_mail(app)
        server.let_go()
        assert process.wait(30) == 0

    assert [job.finished_at is not None for job in jobs(app)] == [True, False]
    assert len(server.mails) == 1


def test_told_to_stop_at_once_it_gives_back_what_is_under_way(app, url, server, told):
    want_mail(app)
    server.holds_at = "MAIL"
    with worker(url, **told) as process:
        wait_for(server.holds.is_set, process)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0

    [job] = jobs(app)
    assert (job.leased_by, job.attempts, job.finished_at) == (None, 0, None)
    server.let_go()


@pytest.mark.parametrize(("goes", "comes_back"), [("cut", "mend"), ("fall_silent", "speak")])
def test_while_the_database_is_away_it_waits_says_so_once_and_goes_on(
    engine_name, app, url, server, told, goes, comes_back
):
    if engine_name != "postgresql":
        pytest.skip("a file does not go away")
    proxy = Proxy(url)
    want_mail(app)
    told |= {"CALORIA_SERVER": "web-1", "DATABASE_STATEMENT_TIMEOUT": "1", "DATABASE_CONNECT_TIMEOUT": "2"}
    with worker(proxy.url, **told) as process:
        wait_for(lambda: finished(app) == 1, process)
        assert "web-1 (jobs)" in servers(app)
        getattr(proxy, goes)()
        said = said_until(process, WAITS)
        getattr(proxy, comes_back)()
        want_mail(app)
        wait_for(lambda: finished(app) == 2, process)
        process.terminate()
        said += process.stdout.read()
        assert process.wait(30) == 0
    proxy.cut()
    # A thread that was still waiting on a connection of before says so once more.
    again = said.count("The queue waits")
    assert again <= (1 if goes == "fall_silent" else 0)
    assert said.count("The queue goes on: the database answers again") == 1 + again
    assert "Traceback" not in said
