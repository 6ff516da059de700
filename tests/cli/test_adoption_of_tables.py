"""Tables that no migration made: the accident that Caloria was made for."""

import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool
from surroundings import flask, start

pytestmark = pytest.mark.slow


def execute(url: str, *statements: str) -> list:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        results = [connection.exec_driver_sql(statement) for statement in statements]
        return results[-1].all() if results[-1].returns_rows else []


@pytest.fixture
def unrevised(make_database, migrated_url):
    """A database with all of the tables, and no revision nor identity."""
    url = make_database(copy_of=migrated_url)
    execute(url, "DROP TABLE alembic_version", "DELETE FROM identity")
    assert start(url) == 82
    return url


def adopt(url: str, *words: str, name: str | None = None):
    return flask("database", "adopt", *words, "--name", name or make_url(url).database, url=url)


def test_tables_that_equal_a_revision_are_adopted_with_their_rows(unrevised, migrated_url):
    [(revision,)] = execute(migrated_url, "SELECT version_num FROM alembic_version")
    execute(unrevised, "INSERT INTO throttles VALUES ('one', 1, '2026-11-21'), ('two', 2, '2026-11-21')")
    adopted = adopt(unrevised)

    assert adopted.returncode == 0, adopted.stderr
    assert f"revision {revision}" in adopted.stdout
    database_id = adopted.stdout.strip().rpartition("CALORIA_DB_ID=")[2]
    assert start(unrevised, CALORIA_DB_ID=database_id) == 0
    assert execute(unrevised, "SELECT key FROM throttles ORDER BY key") == [("one",), ("two",)]
    assert execute(unrevised, "SELECT act FROM audit_events ORDER BY sequence")[-1] == ("database adopt",)


def test_tables_of_an_older_revision_are_adopted_as_that_and_upgraded(make_database, migrated_url):
    url = make_database(copy_of=migrated_url)
    assert flask("db", "downgrade", "0001", url=url).returncode == 0
    execute(url, "DROP TABLE alembic_version")

    adopted = adopt(url)

    assert adopted.returncode == 0, adopted.stderr
    assert "revision 0001" in adopted.stdout
    assert start(url) == 80
    assert flask("db", "upgrade", url=url).returncode == 0
    assert start(url) == 0


def test_tables_that_equal_no_revision_are_left_alone(unrevised):
    execute(unrevised, "CREATE TABLE notes (id INTEGER)")

    refused = adopt(unrevised)

    assert refused.returncode == 1, refused.stdout
    assert "no version of Caloria" in refused.stderr
    assert start(unrevised) == 82


def test_nothing_is_adopted_under_another_name(unrevised):
    assert adopt(unrevised, name="another").returncode == 1
    assert start(unrevised) == 82


def test_a_database_with_a_revision_needs_a_word_on_what_became_of_it(make_database, migrated_url):
    refused = adopt(make_database(copy_of=migrated_url))

    assert refused.returncode == 1
    assert "--moved or --copy" in refused.stderr
