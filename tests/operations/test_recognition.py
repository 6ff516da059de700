import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from caloria.guard import revisions
from caloria.operations.recognition import described, recognise, references


@pytest.fixture
def connection(make_database, migrated_url):
    engine = create_engine(make_database(copy_of=migrated_url), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def test_the_newest_revision_is_recognised_and_nothing_is_left_of_the_comparison(connection):
    before = described(connection)

    assert recognise(connection) == revisions.head()
    assert described(connection) == before


def changes(dialect: str) -> list[str]:
    """What somebody may have done by hand; SQLite has less of it."""
    both = [
        "ALTER TABLE throttles ADD COLUMN colour TEXT",
        "ALTER TABLE foods RENAME COLUMN caffeine_mg TO coffee",
        "DROP INDEX ix_sessions_user_id",
        "CREATE INDEX quick ON foods (source)",
        "DROP TABLE password_resets",
        "CREATE TABLE notes (id INTEGER)",
    ]
    if dialect == "sqlite":
        return [*both, "DROP TRIGGER audit_events_append_only"]
    return [
        *both,
        "DROP TRIGGER audit_events_append_only ON audit_events",
        "ALTER TABLE entries SET UNLOGGED",
        "ALTER TABLE audit_events ALTER COLUMN sequence DROP DEFAULT",
        "ALTER TABLE audit_events DISABLE TRIGGER ALL",
    ]


def test_what_differs_in_anything_is_no_revision(connection):
    known = [made for _, made in references(connection)]
    assert described(connection) == known[-1]
    for change in changes(connection.dialect.name):
        with connection.begin_nested() as undone:
            connection.exec_driver_sql(change)
            assert described(connection) not in known, change
            undone.rollback()
    assert described(connection) == known[-1]


def test_of_what_was_changed_nothing_is_recognised(connection):
    connection.exec_driver_sql("CREATE TABLE notes (id INTEGER)")

    assert recognise(connection) is None
