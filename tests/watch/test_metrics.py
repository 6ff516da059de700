"""What /metrics says of one process and of its database."""

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from proxy import Proxy
from scraping import everything, families, samples, value
from serving import wait_for
from sqlalchemy import insert, text, update
from sqlalchemy.exc import TimeoutError
from surroundings import PASSWORD, ROOT

from caloria.extensions import db
from caloria.jobs.heartbeat import Heartbeat
from caloria.metrics import files, tables
from caloria.models import BackupRun, Job
from caloria.models.act import Act
from caloria.models.clock import utc_now
from caloria.models.ids import new_id
from caloria.models.server import worker_name

TOKEN = "a-token-for-monitoring"


def scrape(app) -> str:
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    return answer.text


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, 401),
        ("203.0.113.9", {}, 401),
        ("203.0.113.9", {"Authorization": f"Bearer {TOKEN}"}, 200),
        ("127.0.0.1", {"Authorization": "Bearer another"}, 401),
    ],
)
def test_the_figures_are_for_whoever_may_see_those_of_health(make_app, address, headers, status):
    app = make_app(METRICS_TOKEN=TOKEN, TRUSTED_HOSTS="caloria.example.org")
    answer = app.test_client().get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status
    assert ("caloria_" in answer.text) == (status == 200)


def test_the_page_for_operators_lists_every_metric_with_its_labels(make_app):
    page = (ROOT / "docs" / "watching.md").read_text(encoding="utf-8")
    listed = {
        name: set(re.findall(r"`(\w+)`", labels))
        for name, labels in re.findall(r"^\| `(caloria_\w+)` \|([^|]*)\|", page, re.MULTILINE)
    }
    there: dict[str, set[str]] = {}
    for family in families(everything(make_app)).values():
        name = f"{family.name}_total" if family.type == "counter" else family.name
        there[name] = {label for sample in family.samples for label in sample.labels} - {"le"}
    assert listed == there


def test_the_database_says_which_it_is_and_how_its_keepers_do(make_app):
    app = make_app(CALORIA_SERVERS="web-1,web-2", CALORIA_SERVER="web-1")
    app.extensions["caloria_heartbeat"].beat()
    now = utc_now()
    with app.app_context():
        proven = {"kind": "backup", "state": "proven", "snapshot_at": now - timedelta(hours=5)}
        passed = {"kind": "drill", "state": "passed", "at": now - timedelta(days=3)}
        failed = {"kind": "drill", "state": "failed", "at": now - timedelta(hours=1)}
        for run in (proven, passed, failed):
            db.session.execute(insert(BackupRun).values(id=new_id(), server="web-1", **({"at": now} | run)))
        Job.put("nightly", due_at=now - timedelta(hours=1))
        Job.put("nightly", "given up", due_at=now - timedelta(days=2))
        db.session.execute(update(Job).where(Job.key == "given up").values(given_up_at=now))
        Heartbeat(app, worker_name("web-1")).beat()
        db.session.commit()
        uuid = str(db.session.execute(text("SELECT uuid FROM identity")).scalar())
    told = scrape(app)
    info = next(iter(families(told)["caloria_database_info"].samples)).labels
    assert info["uuid"].replace("-", "") == uuid.replace("-", "")
    assert info["environment"] == "test"
    assert 5 * 3600 <= value(told, "backup_age_seconds") < 5 * 3600 + 600
    assert 72 * 3600 <= value(told, "drill_age_seconds") < 72 * 3600 + 600
    assert value(told, "drill_failed") == 1
    assert {worry: value(told, "backup_worry", worry=worry) for worry in tables.WORRIES} == dict.fromkeys(
        tables.WORRIES, 0
    )
    assert (value(told, "servers_expected"), value(told, "servers_seen")) == (2, 1)
    assert (value(told, "server_up", server="web-1"), value(told, "server_up", server="web-2")) == (1, 0)
    assert 0 <= value(told, "worker_seen_seconds") < 600
    states = {state: value(told, "jobs", state=state) for state in ("waiting", "running", "given up")}
    assert states == {"waiting": 1, "running": 0, "given up": 1}
    assert 3600 <= value(told, "jobs_wait_seconds") < 4200
    assert value(told, "database_up") == 1


def test_while_the_database_is_away_the_rest_is_told(make_app, make_database, migrated_url):
    proxy = Proxy(make_database(copy_of=migrated_url))
    app = make_app(proxy.url)
    seen = value(scrape(app), "servers_seen")
    proxy.cut()
    app.extensions["caloria_probe"].looked_at = app.extensions["caloria_tables"].read_at = float("-inf")
    told = scrape(app)
    assert value(told, "database_up") == 0
    assert value(told, "database_problem", reason="unreachable") == 1
    assert value(told, "requests_total", route="/metrics", method="GET", status="2xx") >= 1
    assert value(told, "servers_seen") == seen
    assert "caloria_database_info{" not in told


def test_a_table_that_cannot_be_read_leaves_its_figures_unknown(make_app):
    app = make_app()
    with app.app_context():
        db.session.execute(text("ALTER TABLE backup_runs RENAME TO away"))
        db.session.commit()
    told = scrape(app)
    assert value(told, "database_up") == 1
    assert value(told, "backup_worry", worry="missing") is None
    assert value(told, "drill_failed") is None


def test_what_the_tables_say_is_read_with_nine_statements_and_kept(make_app):
    app, asked = make_app(), []
    with app.app_context():
        from sqlalchemy import event

        event.listen(db.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    scrape(app)
    scrape(app)
    assert len(asked) == 9


def test_whoever_waits_for_a_connection_is_counted(make_app):
    app = make_app(DATABASE_POOL_SIZE="1", DATABASE_MAX_OVERFLOW="0", DATABASE_POOL_TIMEOUT="1")

    def figures():
        from prometheus_client import generate_latest

        from caloria.metrics.counted import REGISTRY

        told = generate_latest(REGISTRY).decode()
        names = ("pool_in_use", "pool_waiting", "pool_timeouts_total")
        return [value(told, name) for name in names]

    def wait_in_vain():
        with app.app_context(), pytest.raises(TimeoutError):
            db.engine.connect()

    before = figures()[2]
    with app.app_context(), db.engine.connect():
        thread = Thread(target=wait_in_vain)
        thread.start()
        wait_for(lambda: figures()[:2] == [1, 1])
        thread.join()
        assert figures() == [1, 0, before + 1]
    assert figures() == [0, 0, before + 1]


def test_connections_that_break_are_not_counted_for_ever(make_app):
    app = make_app()
    with app.app_context():
        connection = db.engine.connect()
        connection.invalidate()
        connection.close()
        detached = db.engine.raw_connection()
        detached.detach()
        detached.close()
        assert db.engine.pool.checkedout() == 0
    assert value(scrape(app), "pool_in_use") == 0


def test_what_was_rolled_back_was_not_logged(make_app):
    app = make_app()
    before = value(scrape(app), "entries_logged_total")
    with app.app_context():
        Act.note_logged(2)
        db.session.execute(text("SELECT 1"))
        db.session.rollback()
        Act.note_logged(3)
        db.session.execute(text("SELECT 1"))
        db.session.commit()
        db.session.commit()
    assert value(scrape(app), "entries_logged_total") == before + 3


def test_errors_of_both_kinds_are_counted(make_app, monkeypatch):
    app = make_app(LOG_FORMAT="json")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    before = {kind: value(scrape(app), "errors_total", kind=kind) for kind in ("code", "database")}
    with app.app_context():
        db.session.execute(text("ALTER TABLE users RENAME TO away"))
        db.session.commit()
    form = {"email": "a@example.org", "password": PASSWORD}
    assert app.test_client().post("/login", data=form).status_code == 500
    assert value(scrape(app), "errors_total", kind="code") == before["code"] + 1
    assert value(scrape(app), "errors_total", kind="database") == before["database"]


COUNT = """
from caloria.metrics import counted
counted.SIGN_INS.labels("ok").inc(2)
counted.REQUEST_SECONDS.labels("/a", "GET").observe(0.02)
counted.WORKERS.set(1)
"""


@pytest.mark.slow
def test_what_processes_counted_that_have_gone_becomes_one_file(tmp_path, monkeypatch):
    told = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PATH": "/usr/bin", "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", COUNT], env=told, cwd=ROOT, check=True)
    (counter,), (histogram,) = tmp_path.glob("counter_*"), tmp_path.glob("histogram_*")
    for number in range(files.LEFT_APART + 1):
        (tmp_path / f"counter_{999999990 + number}.db").write_bytes(counter.read_bytes())
        (tmp_path / f"histogram_{999999990 + number}.db").write_bytes(histogram.read_bytes())
    monkeypatch.setenv(files.FOLDER, str(tmp_path))
    from caloria.metrics.scrape import of_all_processes

    number = files.LEFT_APART + 2
    for _ in range(2):
        found = samples(of_all_processes().decode())
        assert found[("caloria_sign_ins_total", ("result", "ok"))] == 2 * number
        of_a = (("method", "GET"), ("route", "/a"))
        assert found[("caloria_request_seconds_count", *of_a)] == number
        assert found[("caloria_request_seconds_bucket", ("le", "0.01"), *of_a)] == 0
        assert found[("caloria_request_seconds_bucket", ("le", "0.025"), *of_a)] == number
    assert {file.name for file in tmp_path.glob("counter_*")} == {"counter_ended.db"}


def test_a_process_for_which_there_is_no_room_counts_for_itself(monkeypatch, tmp_path):
    monkeypatch.setenv(files.FOLDER, str(tmp_path / "gone"))
    files.make_room()
    assert files.folder() is None
    assert not Path(tmp_path / "gone").exists()
