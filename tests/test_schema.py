"""What `flask db check` does not see: CHECKs, indexes, triggers and keys in the real catalogues."""

import re

import pytest
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, inspect, text
from sqlalchemy.exc import DBAPIError

from caloria.extensions import db
from caloria.models import AuditEvent
from caloria.models.ownership import Owned


@pytest.fixture
def connection(app):
    return db.session.connection()


def expected(kind) -> set[str]:
    """The names that the code gives, after the naming convention."""
    compiler = db.engine.dialect.identifier_preparer
    return {
        compiler.format_constraint(each) if kind is not Index else each.name
        for table in db.metadata.tables.values()
        for each in (table.indexes if kind is Index else table.constraints)
        if isinstance(each, kind) and each.name
    }


def in_postgresql(connection, sql: str) -> set[str]:
    return {name for name in connection.scalars(text(sql)) if not name.startswith("search_")}


def in_sqlite(connection, pattern: str) -> set[str]:
    tables = connection.scalars(text("SELECT sql FROM sqlite_master WHERE type = 'table'"))
    return {name for sql in tables for name in re.findall(pattern, sql)}


def test_every_check_is_in_the_database(connection, engine_name):
    if engine_name == "postgresql":
        found = in_postgresql(connection, "SELECT conname FROM pg_constraint WHERE contype = 'c'")
        found = {name for name in found if name.startswith("ck_")}
    else:
        found = in_sqlite(connection, r'CONSTRAINT "?(ck_\w+)"? CHECK')

    assert found == expected(CheckConstraint)


def test_every_unique_rule_is_in_the_database(connection, engine_name):
    if engine_name == "postgresql":
        sql = (
            "SELECT conname FROM pg_constraint WHERE contype = 'u' AND connamespace = 'public'::regnamespace"
        )
        found = in_postgresql(connection, sql)
    else:
        found = in_sqlite(connection, r'CONSTRAINT "?(uq_\w+)"? UNIQUE')

    assert found == expected(UniqueConstraint)


def test_every_index_is_in_the_database_and_no_other(connection, engine_name):
    if engine_name == "postgresql":
        sql = "SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname LIKE 'ix_%'"
    else:
        sql = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"

    assert set(connection.scalars(text(sql))) == expected(Index)


TRIGGERS = {
    "postgresql": {"audit_events_append_only", "audit_seals_append_only"},
    "sqlite": {
        f"audit_{table}_{which}"
        for table in ("events", "seals")
        for which in ("append_only", "no_delete", "no_replace")
    },
}


def test_there_are_no_triggers_that_the_code_does_not_know(connection, engine_name):
    if engine_name == "postgresql":
        sql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    else:
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger'"

    assert set(connection.scalars(text(sql))) == TRIGGERS[engine_name]


def test_an_event_is_not_replaced(connection, engine_name):
    AuditEvent.note("try", "nothing")
    db.session.flush()
    replace = "INSERT OR REPLACE" if engine_name == "sqlite" else "INSERT"
    columns = "sequence, at, actor, act, object, server, request_id"

    with pytest.raises(DBAPIError):
        connection.exec_driver_sql(
            f"{replace} INTO audit_events ({columns}) SELECT {columns} FROM audit_events"
        )


@pytest.mark.parametrize("change", ["UPDATE audit_events SET act = 'x'", "DELETE FROM audit_events"])
def test_the_audit_can_only_be_added_to(connection, change):
    AuditEvent.note("try", "nothing")
    db.session.flush()

    with pytest.raises(DBAPIError, match="can only be added to"):
        connection.exec_driver_sql(change)


@pytest.mark.parametrize("model", Owned.__subclasses__(), ids=lambda model: model.__name__)
def test_what_a_person_owns_is_keyed_by_the_person_first(connection, model):
    key = inspect(connection).get_pk_constraint(model.__tablename__)

    assert key["constrained_columns"] == ["user_id", "id"]


@pytest.mark.parametrize("model", Owned.__subclasses__(), ids=lambda model: model.__name__)
def test_relations_among_what_a_person_owns_carry_the_person(connection, model):
    owned = {each.__tablename__ for each in Owned.__subclasses__()}
    for foreign_key in inspect(connection).get_foreign_keys(model.__tablename__):
        if foreign_key["referred_table"] in owned:
            assert foreign_key["constrained_columns"][0] == "user_id"
            assert foreign_key["referred_columns"] == ["user_id", "id"]


def test_nothing_cascades(connection):
    for table in inspect(connection).get_table_names():
        for foreign_key in inspect(connection).get_foreign_keys(table):
            assert not foreign_key["options"].get("ondelete"), (table, foreign_key)
