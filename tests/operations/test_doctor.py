"""What the doctor asks beside the guard's questions."""

import re
import time
from time import monotonic

import pytest
from clusters import execute as run_sql
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool
from surroundings import ROOT, environment
from working import A_JOB_WAITS

from caloria.operations.doctor import machine, outside, pools, queue, server
from caloria.operations.doctor.check import OK, UNKNOWN, WARN, Check, Errand
from config import Config

UNUSED = "sqlite:///unused.db"


@pytest.fixture
def told(tmp_path):
    return lambda url=UNUSED, **more: Config.load(environment(url, **more), root=tmp_path)


@pytest.fixture
def database(make_database, migrated_url, engine_name):
    if engine_name != "postgresql":
        pytest.skip("only PostgreSQL has roles, pools and a clock of its own")
    return make_database(copy_of=migrated_url)


@pytest.fixture
def reader(postgres):
    """An address whose role reads and writes rows, and can do nothing else."""

    def reader(url: str) -> str:
        if not postgres.run("SELECT 1 FROM pg_roles WHERE rolname = 'doctors_reader'"):
            postgres.run("CREATE ROLE doctors_reader LOGIN")
        return make_url(url).set(username="doctors_reader").render_as_string(False)

    return reader


def checks(config) -> dict[str, Check]:
    return {check.name: check for check in server.server_checks(config)}


def execute(url: str, sql: str) -> None:
    address = url.replace("postgresql://", "postgresql+psycopg2://")
    engine = create_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(sql)


def pooled(told, limits, **more) -> Check:
    return pools.pools(told(**more), limits, used=3)


# Six that serve, and the worker.
SEVEN = {"WEB_CONCURRENCY": "3", "CALORIA_SERVERS": "web-1, web-2"}


def test_every_process_of_every_server_may_fill_its_pool(told):
    assert pooled(told, {"the server": 70}, **SEVEN).status == OK
    check = pooled(told, {"the server": 69}, **SEVEN)

    assert check.status == WARN
    assert (
        check.detail
        == "7 processes × 10 connections = 70; the server allows 69; 3 are in use on the server now"
    )


def test_without_a_list_of_servers_there_is_one(told):
    assert pooled(told, {"the server": 97}).detail.startswith("3 processes × 10 connections = 30;")


def test_the_least_limit_counts(told):
    check = pooled(told, {"the server": 97, "this role": 12, "this database": 40})

    assert (check.status, "this role allows 12" in check.detail) == (WARN, True)


@pytest.mark.parametrize("limit", [7, 20, 69])
def test_pools_that_were_mended_fit(told, limit):
    mend = pooled(told, {"the server": limit}, **SEVEN).mend

    settings = dict(re.findall(r"(DATABASE_\w+)='?(\d+)", mend))
    assert len(settings) == 2
    assert pooled(told, {"the server": limit}, **SEVEN, **settings).status == OK


def test_where_no_pool_is_small_enough_the_mend_says_so(told):
    mend = pooled(told, {"the server": 5}, **SEVEN).mend

    assert "WEB_CONCURRENCY" in mend
    assert "max_connections" in mend


def test_the_limits_are_the_servers_own(told, database, postgres):
    most = int(postgres.run("SHOW max_connections")) - int(
        postgres.run("SHOW superuser_reserved_connections")
    )

    check = checks(told(database))[pools.POOLS]

    assert (check.status, f"the server allows {most};" in check.detail) == (OK, True)


def test_a_limit_of_the_database_is_seen(told, database):
    execute(database, f"ALTER DATABASE {make_url(database).database} CONNECTION LIMIT 7")

    check = checks(told(database))[pools.POOLS]

    assert (check.status, "this database allows 7;" in check.detail) == (WARN, True)


def test_a_role_that_owns_the_tables_is_more_than_the_app_needs(told, database, reader):
    owner = checks(told(database))[server.ROLE]
    ours = checks(told(reader(database)))[server.ROLE]

    assert owner.status == WARN
    assert re.fullmatch(r"caloria owns \d+ tables and may create tables", owner.detail)
    assert owner.mend.startswith("flask database setup")
    assert (ours.status, ours.mend) == (OK, "")


def test_extensions_are_named_whether_they_are_there_or_not(told, database, postgres):
    check = checks(told(database))[server.EXTENSIONS]

    names = "SELECT count(*) FROM pg_available_extensions WHERE name IN ('pg_trgm', 'unaccent')"
    assert check.status == (OK if postgres.run(names) == 2 else WARN)
    assert "pg_trgm " in check.detail
    assert "unaccent " in check.detail
    assert bool(check.mend) == ("missing" in check.detail)


def test_the_clocks_of_one_machine_agree(told, database):
    assert checks(told(database))[server.CLOCK].status == OK


@pytest.mark.parametrize(
    ("theirs", "status"),
    [(100.5, OK), (102.4, OK), (98.6, OK), (102.6, WARN), (98.4, WARN), (50, WARN)],
)
def test_a_clock_is_compared_with_the_middle_of_the_round_trip(theirs, status):
    check = server.clocks(theirs, before=100, after=101)

    assert (check.status, bool(check.mend)) == (status, status == WARN)


def test_after_a_long_round_trip_the_difference_is_unknown():
    assert server.clocks(100, before=100, after=105).status == UNKNOWN


@pytest.mark.parametrize(
    ("free", "total", "status"),
    [(10, 100, OK), (9.9, 100, WARN), (0.9, 2, WARN), (1.1, 2, OK), (60, 1000, WARN)],
)
def test_a_disk_is_short_of_space_by_share_or_by_size(tmp_path, free, total, status):
    check = machine.space("disk", tmp_path, int(free * 1e9), int(total * 1e9))

    assert (check.status, bool(check.mend)) == (status, status == WARN)
    assert str(tmp_path) in check.detail


def test_the_disk_of_a_folder_that_is_not_there_yet_is_that_of_the_nearest(tmp_path):
    assert str(tmp_path) in machine.disk_has_space("disk", tmp_path / "not" / "yet").detail


def test_each_folder_that_is_written_is_looked_at(told, tmp_path):
    assert list(machine.folders(told(f"sqlite:///{tmp_path}/a.db"))) == [
        "the instance folder",
        "the SQLite file",
    ]
    assert list(machine.folders(told("postgresql://a@localhost/b"))) == ["the instance folder"]


def test_migrations_that_go_the_same_way_are_not_asked_twice(told):
    assert outside.migrations_reach_the_database(told(), True).status == "-"


def test_migrations_have_a_role_of_their_own(told, database, reader):
    config = told(reader(database), MIGRATION_DATABASE_URL=database)

    check = outside.migrations_reach_the_database(config, True)

    assert (check.status, check.detail.endswith("as the role caloria")) == (OK, True)


def test_a_role_that_may_make_no_table_is_of_no_use_to_migrations(told, database, reader):
    config = told(database, MIGRATION_DATABASE_URL=reader(database))

    check = outside.migrations_reach_the_database(config, True)

    assert (check.status, "may not make tables" in check.detail) == (WARN, True)


def test_migrations_of_another_database_are_noticed(told, make_database, migrated_url):
    here, elsewhere = (make_database(copy_of=migrated_url) for _ in range(2))

    check = outside.migrations_reach_the_database(told(here, MIGRATION_DATABASE_URL=elsewhere), True)

    assert (check.status, outside.ANOTHER in check.detail) == (WARN, True)
    assert "MIGRATION_DATABASE_URL" in check.mend


def test_a_database_for_migrations_that_is_away_is_a_warning_without_secrets(told):
    config = told(MIGRATION_DATABASE_URL="postgresql://owner:very-secret@127.0.0.1:1/caloria")

    check = outside.migrations_reach_the_database(config, False)

    assert check.status == WARN
    assert "owner" in check.detail
    assert "very-secret" not in check.detail + check.mend


def test_what_fails_is_unknown_and_tells_no_secret():
    errand = Errand(["one", "two"], lambda: int("very-secret"))

    found = list(errand.checks(monotonic() + 5))

    assert [(check.name, check.status) for check in found] == [("one", UNKNOWN), ("two", UNKNOWN)]
    assert "ValueError" in found[0].detail
    assert "secret" not in found[0].detail


def test_what_takes_too_long_is_unknown():
    errand = Errand(["slow"], lambda: time.sleep(30))

    (check,) = errand.checks(monotonic() + 0.1)

    assert check.status == UNKNOWN


def test_a_question_that_fails_leaves_the_others_their_turn(told, database):
    execute(database, "CREATE SCHEMA hidden")
    execute(database, f"ALTER DATABASE {make_url(database).database} SET search_path = nowhere")

    found = checks(told(database))

    assert found[server.ROLE].status == UNKNOWN
    assert found[server.CLOCK].status == OK


def test_the_house_itself_has_an_instance_folder():
    assert machine.folders(Config.load(environment(UNUSED), root=ROOT))["the instance folder"].is_dir()


@pytest.mark.parametrize(("waits", "status"), [(True, WARN), (False, OK)])
def test_jobs_that_nobody_does_are_told(make_database, migrated_url, told, waits, status):
    url = make_database(copy_of=migrated_url)
    if waits:
        run_sql(url, A_JOB_WAITS, "UPDATE jobs SET due_at = '2026-11-01 00:00:00'")
    found = queue.checks(told(url))
    assert [(check.status, check.mend) for check in found] == [
        (status, "flask jobs work" if waits else ""),
        (OK, ""),
    ]
