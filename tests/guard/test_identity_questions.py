"""Which database this is, in the variants that test_every_row.py leaves out; and what `flask db` may do."""

import pytest

from caloria import guard
from caloria.guard import revisions

OTHER = "018f0000-0000-7000-8000-000000000000"


@pytest.fixture(autouse=True)
def _only_where_it_applies(request, engine_name):
    if engine_name == "sqlite" and "postgresql_only" in request.fixturenames:
        pytest.skip("SQLite is refused in production, and may be moved")


@pytest.fixture
def postgresql_only():
    """Marks a test of what PostgreSQL alone has."""


@pytest.mark.parametrize("theirs", ["development", "staging", "production"])
def test_a_database_of_another_environment_is_refused(refusal, told, labelled, theirs):
    refused = refusal(told(labelled(theirs), "test"))
    assert (refused.exit_code, refused.state) == (83, "other_environment")
    assert f"belongs to {theirs}" in refused.message


def test_production_must_say_which_database_it_means(refusal, told, labelled, database_id, postgresql_only):
    refused = refusal(told(labelled("production"), "production"))
    assert (refused.exit_code, refused.state) == (78, "database_id_missing")
    assert f"CALORIA_DB_ID={database_id}" in refused.message
    assert "with 0 people" in refused.message


def test_production_starts_on_the_database_it_means(require, told, labelled, database_id, postgresql_only):
    config = told(
        labelled("production"),
        "production",
        CALORIA_DB_ID=database_id,
        MAIL_SERVER="localhost",
        MAIL_FROM="a@example.org",
    )
    assert require(config) == []


def test_production_does_not_start_on_another_database(refusal, told, labelled, database_id, postgresql_only):
    refused = refusal(told(labelled("production"), "production", CALORIA_DB_ID=OTHER))
    assert (refused.exit_code, refused.state) == (84, "other_database")
    assert OTHER in refused.message
    assert database_id in refused.message


def test_a_server_that_does_not_say_which_it_is_is_noticed(require, told, labelled, postgresql_only, request):
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    url = labelled("development")
    boss = request.getfixturevalue("postgres").url
    name = url.rpartition("/")[2].partition("?")[0]
    engine = create_engine(boss.set(database=name), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM public")
    assert "binding_unknown" in {notice.state for notice in require(told(url, "development"))}


def test_notices_are_logged_but_for_the_footers(require, told, labelled, caplog):
    require(told(labelled("development"), "development", CALORIA_DB_ID=OTHER))
    assert OTHER in caplog.text
    assert "not backed up" not in caplog.text


class TestMigrations:
    """What `flask db` may do in a refused state."""

    def test_an_upgrade_mends_what_it_mends(self, told, empty, migrated, monkeypatch):
        guard.require_for_migration(told(empty), "upgrade")
        guard.require_for_migration(told("sqlite:///missing.db"), "upgrade")
        guard.require_for_migration(told(migrated), "upgrade")
        monkeypatch.setattr(revisions, "head", lambda: "9999")
        guard.require_for_migration(told(migrated), "upgrade")

    def test_an_upgrade_goes_to_no_database_of_another_environment(self, told, labelled, monkeypatch):
        monkeypatch.setattr(revisions, "head", lambda: "9999")
        monkeypatch.setattr(revisions, "between", lambda revision: 1)
        with pytest.raises(guard.StartupRefused) as caught:
            guard.require_for_migration(told(labelled("production"), "test"), "upgrade")
        assert caught.value.exit_code == 83

    def test_an_upgrade_fills_no_database_in_place_of_the_pinned_one(self, told, empty):
        for url in (empty, "sqlite:///missing.db"):
            with pytest.raises(guard.StartupRefused) as caught:
                guard.require_for_migration(told(url, CALORIA_DB_ID=OTHER), "upgrade")
            assert caught.value.exit_code == 84

    def test_the_first_upgrade_of_production_comes_before_its_pin(self, told, labelled, postgresql_only):
        guard.require_for_migration(told(labelled("production"), "production"), "upgrade")

    @pytest.mark.parametrize("command", ["current", "history", "check"])
    def test_commands_that_read_need_a_connection_alone(self, told, migrated, execute, command):
        execute(migrated, "DELETE FROM identity", "UPDATE alembic_version SET version_num = 'f00f00f00f00'")
        guard.require_for_migration(told(migrated, SECRET_KEY=None), command)
        with pytest.raises(guard.StartupRefused) as caught:
            guard.require_for_migration(told("postgresql://caloria@127.0.0.1:1/caloria"), command)
        assert caught.value.exit_code == 69

    @pytest.mark.parametrize("command", ["downgrade", "stamp"])
    def test_production_is_taken_back_by_name_alone(
        self, told, labelled, database_id, command, postgresql_only
    ):
        config = told(labelled("production"), "production", CALORIA_DB_ID=database_id)
        with pytest.raises(guard.StartupRefused) as caught:
            guard.require_for_migration(config, command)
        assert caught.value.state == "database_unnamed"
        guard.require_for_migration(config, command, config.database_url.database)
