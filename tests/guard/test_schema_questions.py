"""Tables and revisions, in the variants that test_every_row.py leaves out."""

from uuid import uuid4

import pytest
from surroundings import flask

from caloria import guard
from caloria.guard import revisions
from caloria.guard.connection import opened
from caloria.guard.subject import Subject


def test_a_migrated_database_starts(require, told, migrated):
    assert require(told(migrated)) == []


def test_tables_that_were_lost_are_named(refusal, told, migrated, execute):
    execute(migrated, "DROP TABLE password_resets")
    refused = refusal(told(migrated))
    assert (refused.exit_code, refused.state) == (82, "tables_differ")
    assert "table password_resets is missing" in refused.message


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("ALTER TABLE throttles ADD COLUMN colour TEXT", "column throttles.colour is not ours"),
        ("ALTER TABLE foods RENAME COLUMN caffeine_mg TO coffee", "column foods.caffeine_mg is missing"),
    ],
)
def test_columns_that_changed_are_named(refusal, told, migrated, execute, change, words):
    execute(migrated, change)
    refused = refusal(told(migrated))
    assert (refused.exit_code, refused.state) == (82, "tables_differ")
    assert words in refused.message


@pytest.mark.parametrize("change", ["TYPE numeric", "DROP NOT NULL"])
def test_a_column_that_holds_other_values_is_named(refusal, told, migrated, execute, engine_name, change):
    if engine_name == "sqlite":
        pytest.skip("SQLite cannot change a column")
    execute(migrated, f"ALTER TABLE throttles ALTER COLUMN attempts {change}")
    assert "column throttles.attempts is changed" in refusal(told(migrated)).message


def test_at_most_five_differences_are_named(refusal, told, migrated, execute):
    names = ["protein_g", "fat_g", "fiber_g", "iron_mg", "zinc_mg", "water_g", "alcohol_g"]
    execute(migrated, *(f"ALTER TABLE foods RENAME COLUMN {name} TO old_{name}" for name in names))
    message = refusal(told(migrated)).message
    assert message.count("column foods.") == 5
    assert "and 9 more" in message


def test_a_role_that_may_only_look_is_refused(state, told, migrated, execute, engine_name, request):
    if engine_name == "sqlite":
        pytest.skip("SQLite has no roles")
    role = f"looker_{uuid4().hex[:8]}"
    request.getfixturevalue("postgres").run(f"CREATE ROLE {role} LOGIN")
    execute(migrated, f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
    assert state(told(migrated.replace("caloria@", f"{role}@"))) == (78, "database_access")


def test_what_the_operator_added_is_no_difference(require, told, migrated, execute):
    execute(migrated, "CREATE TABLE notes (id INTEGER)", "CREATE INDEX quick ON foods (source)")
    assert require(told(migrated)) == []


def test_another_applications_tables_are_refused_and_named(refusal, told, empty, execute):
    execute(empty, "CREATE TABLE wp_posts (id INTEGER)", "CREATE TABLE wp_users (id INTEGER)")
    refused = refusal(told(empty))
    assert (refused.exit_code, refused.state) == (82, "foreign_tables")
    assert "wp_posts, wp_users" in refused.message


def test_another_applications_migrations_are_refused(state, told, empty, execute):
    execute(
        empty,
        "CREATE TABLE users (id INTEGER)",
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
        "INSERT INTO alembic_version VALUES ('f00f00f00f00')",
    )
    assert state(told(empty)) == (82, "foreign_tables")


def test_a_database_behind_the_code_is_refused(refusal, told, migrated, monkeypatch):
    monkeypatch.setattr(revisions, "head", lambda: "9999")
    monkeypatch.setattr(revisions, "between", lambda revision: 3)
    refused = refusal(told(migrated))
    assert (refused.exit_code, refused.state) == (80, "behind")
    assert "3 behind" in refused.message
    assert "flask db upgrade" in refused.message


@pytest.mark.parametrize("oldest", ["f00f00f00f00", "0000", "NULL"])
def test_a_database_newer_than_the_code_is_refused(state, told, migrated, migrate_further, execute, oldest):
    migrate_further(migrated, oldest)
    execute(
        migrated,
        "UPDATE identity SET oldest_compatible_revision = nullif(oldest_compatible_revision, 'NULL')",
    )
    assert state(told(migrated)) == (81, "newer_than_code")


class TestTheWindowOfANewerRevision:
    """A newer revision may let older code run: then the deploy can go server by server."""

    @pytest.fixture(autouse=True)
    def _newer(self, migrated, migrate_further):
        migrate_further(migrated, oldest=revisions.head())

    def test_the_code_before_starts_with_a_warning(self, require, told, migrated):
        (notice,) = require(told(migrated))
        assert notice.state == "ahead_of_code"
        assert "f00f00f00f00" in notice.text

    def test_what_the_newer_revision_added_is_no_difference(self, require, told, migrated, execute):
        execute(migrated, "ALTER TABLE throttles ADD COLUMN colour TEXT", "CREATE TABLE notes (id INTEGER)")
        assert require(told(migrated))

    def test_what_this_code_needs_must_still_be_there(self, state, told, migrated, execute):
        execute(migrated, "ALTER TABLE foods RENAME COLUMN caffeine_mg TO coffee")
        assert state(told(migrated)) == (82, "tables_differ")

    def test_the_code_before_does_not_migrate(self, told, migrated):
        with pytest.raises(guard.StartupRefused) as caught:
            guard.require_for_migration(told(migrated), "upgrade")
        assert caught.value.exit_code == 81


def test_a_file_that_is_no_database_is_refused(state, told, tmp_path):
    (tmp_path / "caloria.db").write_text("Dear diary, " * 100)
    assert state(told("sqlite:///caloria.db")) == (82, "not_a_database")


def test_a_folder_in_place_of_the_file_is_refused(state, told, tmp_path):
    (tmp_path / "caloria.db").mkdir()
    assert state(told("sqlite:///caloria.db")) == (78, "database_file_closed")


def test_a_half_of_what_is_moved_is_refused_and_the_command_that_goes_on_is_named(
    refusal, told, migrated, execute, engine_name
):
    if engine_name == "sqlite":
        pytest.skip("a move goes to PostgreSQL")
    execute(
        migrated,
        "CREATE SCHEMA caloria_transfer",
        "COMMENT ON SCHEMA caloria_transfer IS '/srv/old caloria.db'",
    )
    refused = refusal(told(migrated))
    assert [(refused.exit_code, refused.state)] == [(82, "transfer_unfinished")]
    assert "flask transfer 'sqlite:////srv/old caloria.db'" in refused.message


def test_a_schema_that_cannot_be_read_is_refused(state, told, migrated, execute, engine_name, request):
    if engine_name == "sqlite":
        pytest.skip("SQLite has no grants")
    postgres = request.getfixturevalue("postgres")
    execute(migrated, "REVOKE ALL ON identity FROM caloria")
    assert state(told(migrated)) == (78, "database_access")
    assert postgres


def test_an_upgrade_that_ends_between_two_looks_is_not_half_seen(told, empty, engine_name):
    """Else a start beside a deploy would be refused for good, with tables that are missing."""
    if engine_name == "sqlite":
        pytest.skip("whoever reads a SQLite file keeps the upgrade waiting")
    config = told(empty)
    with opened(config, config.database_url) as connection:
        subject = Subject(config, config.database_url, connection, None)
        assert subject.tables == set()
        assert flask("db", "upgrade", url=empty).returncode == 0

        assert subject.stamped == []
