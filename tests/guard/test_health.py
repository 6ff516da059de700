"""/health and /health/database, for machines."""

import pytest
from fake_server import server, silent
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from caloria.guard import revisions

TOKEN = "a-token-for-monitoring"
FIGURES = {"engine", "environment", "revision", "latency_ms", "pool", "database_id"}


@pytest.fixture
def serve(told):
    """An app that already runs, whatever its database is like by now."""
    from caloria import create_app

    def serve(url, **more):
        return create_app(told(url, METRICS_TOKEN=TOKEN, **more)).test_client()

    return serve


@pytest.fixture
def worker(serve, monkeypatch):
    """An app in a worker of gunicorn, which never asks the guard."""
    import os

    monkeypatch.setenv("CALORIA_GUARDED_BY", str(os.getppid()))
    return serve


def reasons(browser):
    answer = browser.get("/health/database")
    assert answer.status_code == (503 if answer.json["reasons"] else 200)
    assert answer.json["status"] == ("unavailable" if answer.json["reasons"] else "ok")
    return answer.json["reasons"]


def test_a_process_is_healthy_without_its_database(worker):
    browser = worker("postgresql://caloria@127.0.0.1:1/caloria")
    assert browser.get("/health").json == {"status": "ok"}
    assert reasons(browser) == ["unreachable"]
    assert browser.get("/login").status_code in (200, 503)


def test_a_database_in_order_is_ready(serve, migrated):
    assert reasons(serve(migrated)) == []


def test_what_changed_since_the_start_is_a_reason(worker, migrated, execute, migrate_further):
    migrate_further(migrated)
    assert reasons(worker(migrated)) == ["revision"]
    execute(migrated, "DELETE FROM identity")
    assert reasons(worker(migrated)) == ["revision", "identity"]
    execute(migrated, "DROP TABLE alembic_version")
    assert reasons(worker(migrated)) == ["revision"]


def test_a_newer_revision_that_lets_this_code_run_is_no_reason(worker, migrated, migrate_further):
    migrate_further(migrated, oldest=revisions.head())
    assert reasons(worker(migrated)) == []


def test_another_environments_database_is_a_reason(worker, labelled):
    assert reasons(worker(labelled("production"))) == ["identity"]


def test_a_read_only_database_is_a_reason(worker, migrated, execute, engine_name):
    if engine_name == "sqlite":
        pytest.skip("root writes where nobody may")
    name = migrated.rpartition("/")[2].partition("?")[0]
    execute(migrated, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    assert reasons(worker(migrated)) == ["read_only"]


def test_a_silent_database_is_given_up_and_asked_once(worker):
    import threading
    import time

    with server(silent) as port:
        browser = worker(f"postgresql://caloria@127.0.0.1:{port}/caloria")
        assert reasons(browser) == ["unreachable"]  # the driver alone would wait for ever
        time.sleep(1.1)
        before = threading.active_count()
        assert reasons(browser) == ["unreachable"]
        assert threading.active_count() == before


def test_the_answer_is_kept_for_a_second(serve, migrated, execute):
    browser = serve(migrated)
    assert reasons(browser) == []
    probe = browser.application.extensions["caloria_probe"]
    probe.looked_at += 60  # so that a busy machine has the second too
    execute(migrated, "DELETE FROM identity")
    assert reasons(browser) == []
    probe.looked_at -= 62
    assert reasons(browser) == ["identity"]


def test_it_does_not_wait_for_who_writes(serve, migrated):
    browser = serve(migrated)
    engine = create_engine(migrated, poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("UPDATE identity SET epoch = 1")
        assert reasons(browser) == []


@pytest.mark.parametrize(
    ("address", "headers", "expected"),
    [
        ("127.0.0.1", {}, FIGURES),
        ("::1", {}, FIGURES),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, set()),
        ("127.0.0.1", {"Forwarded": "for=203.0.113.9"}, set()),
        ("203.0.113.9", {}, set()),
        ("", {}, set()),
        ("203.0.113.9", {"Authorization": f"Bearer {TOKEN}"}, FIGURES),
        ("203.0.113.9", {"Authorization": f"bearer {TOKEN}"}, FIGURES),
        ("203.0.113.9", {"Authorization": "Bearer another"}, set()),
        ("203.0.113.9", {"Authorization": "Bearer ünïcode"}, set()),
        ("203.0.113.9", {"Authorization": f"Basic {TOKEN}"}, set()),
        ("127.0.0.1", {"Authorization": "Bearer another"}, set()),
    ],
)
def test_figures_are_for_monitoring_and_for_this_machine(serve, migrated, address, headers, expected):
    browser = serve(migrated, TRUSTED_HOSTS="caloria.example.org")
    answer = browser.get("/health/database", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == 200
    assert set(answer.json) - {"status", "reasons"} == expected


def test_the_figures_are_right(serve, migrated, execute, engine_name):
    answer = serve(migrated, DATABASE_POOL_SIZE="3").get("/health/database").json
    assert answer["engine"] == engine_name
    assert answer["environment"] == "test"
    assert answer["database_id"].replace("-", "") == str(
        execute(migrated, "SELECT uuid FROM identity")[0][0]
    ).replace("-", "")
    assert set(answer["pool"]) == {"size", "checked_in", "checked_out", "overflow", "invalid"}
    assert answer["pool"]["size"] == 3
