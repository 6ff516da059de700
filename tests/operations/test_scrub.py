"""A scrubbed copy of a database says nothing of the people who are in it, and is like it in all else."""

import re

import pytest
from scrub_canaries import copied, found_in, plant
from scrub_life import DAY, live
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool
from surroundings import start

from caloria.extensions import db
from caloria.guard.refusal import OTHER_ENVIRONMENT
from caloria.models import (
    AuditEvent,
    Body,
    Entry,
    Food,
    Identity,
    Meal,
    OwnPortion,
    Portion,
    Session,
    User,
    Weight,
)
from caloria.operations import consistency
from caloria.operations.recognition import described
from caloria.operations.scrub import ScrubRefused, scrub
from caloria.operations.scrub.catalogue import columns_of
from caloria.operations.scrub.fakes import PORTIONS
from caloria.operations.scrub.policy import EMPTIED, LISTED, POLICY
from caloria.operations.triggers import without_triggers

# Caloria itself says these: they are kept, and nobody types them.
KEPT = {
    "alembic_version.version_num",
    "food_words.remains",
    "food_words.word",
    "identity.oldest_compatible_revision",
    *(
        f"open_foods.{name}"
        for name in ("gtin", "code", "name", "folded_name", "brand", "category", "serving_name")
    ),
}
# A CHECK names the few words that these may hold.
CHECKED = {
    "audit_archives.last_digest",
    "audit_seals.digest",
    "backup_runs.kind",
    "backup_runs.state",
    "bodies.activity",
    "bodies.aim",
    "bodies.sex",
    "diary_imports.tracker",
    "foods.carbohydrate_basis",
    "food_requests.state",
    "foods.source",
    "identity.environment",
    "jobs.leased_by",
    "measurements.unit",
    "payment_customers.provider",
    "payment_events.provider",
    "payment_events.state",
    "payments.currency",
    "payments.kind",
    "payments.provider",
    "subscriptions.billed_per",
    "subscriptions.currency",
    "subscriptions.provider",
    "subscriptions.status",
    "users.energy_unit",
    "users.language",
    "users.units",
}


@pytest.fixture
def original(make_app):
    """An app with somebody in it, in whose context the test is."""
    app = make_app()
    with app.app_context():
        live("Ann")
        yield app
        db.session.remove()


@pytest.fixture
def url(original) -> str:
    return db.engine.url.render_as_string(False)


@pytest.fixture
def scrubbed(original):
    """The same app on the same database, which is scrubbed now."""
    scrub_it()
    return original


def scrub_it() -> None:
    """Scrub over a connection as an operation has it, without what the app tells its own."""
    db.session.remove()
    engine = create_engine(db.engine.url, poolclass=NullPool)
    with engine.begin() as connection:
        scrub(connection)


def counted() -> dict[str, int]:
    tables = db.metadata.tables.values()
    return {each.name: db.session.scalar(select(func.count()).select_from(each)) for each in tables}


def test_the_policy_names_every_column_that_there_is_and_no_other(app):
    there = columns_of(db.session.connection())

    assert {table for table, _column in there} == set(POLICY)
    assert {each for each in there if each[0] not in EMPTIED} == LISTED


def test_nothing_that_anybody_wrote_is_left(original, url, tmp_path):
    with db.engine.begin() as connection, without_triggers(connection):
        planted, refused = plant(connection, but=KEPT)
        uuid = str(connection.scalar(select(Identity.uuid)))
        connection.execute(text("ANALYZE"))
    assert refused == CHECKED
    assert found_in(planted, copied(url, tmp_path)) == set(planted)

    scrub_it()

    left = copied(url, tmp_path)
    assert found_in(planted, left) == set()
    assert not any(known.encode() in left for known in (uuid, uuid.replace("-", "")))


@pytest.mark.parametrize(
    "change", ["ALTER TABLE users ADD COLUMN nickname TEXT", "CREATE TABLE friends (nickname TEXT)"]
)
def test_a_column_that_nobody_decided_about_is_refused_and_nothing_changes(original, url, tmp_path, change):
    with db.engine.begin() as connection:
        connection.execute(text(change))
    before = contents()

    with pytest.raises(ScrubRefused, match=r"(users|friends)\.nickname"):
        scrub_it()

    assert contents() == before


def contents() -> dict[str, list]:
    """Every row of our tables."""
    with db.engine.connect() as connection:
        tables = db.metadata.tables.values()
        return {table.name: connection.execute(select(table)).all() for table in tables}


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("CREATE SCHEMA drawer CREATE TABLE letters (words TEXT)", "drawer.letters.words"),
        ("CREATE MATERIALIZED VIEW names AS SELECT name FROM users", "names.name"),
        ("SELECT lo_create(0)", "pg_largeobject.data"),
    ],
)
def test_what_a_dump_takes_along_beside_the_tables_is_refused(original, engine_name, change, name):
    if engine_name == "sqlite":
        pytest.skip("SQLite has no such place")
    with db.engine.begin() as connection:
        connection.execute(text(change))

    with pytest.raises(ScrubRefused, match=re.escape(name)):
        scrub_it()


def test_a_database_that_is_behind_is_refused(original):
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE users DROP COLUMN is_admin"))
        connection.execute(text("DROP TABLE sessions"))

    with pytest.raises(ScrubRefused, match=r"no sessions\.\*, users\.is_admin\. Upgrade"):
        scrub_it()


def test_the_tables_their_rules_and_their_triggers_are_as_before(original):
    before = everything_made()

    scrub_it()

    assert everything_made() == before
    AuditEvent.note("try", "nothing")
    db.session.commit()
    for change in ("UPDATE audit_events SET act = 'x'", "DELETE FROM audit_events"):
        with pytest.raises(DBAPIError, match="can only be added to"):
            db.session.execute(text(change))
        db.session.rollback()


def everything_made() -> set:
    with db.engine.connect() as connection:
        made = described(connection)
        if connection.dialect.name == "sqlite":
            made |= set(connection.execute(text("SELECT name, sql FROM sqlite_master")).all())
        return made


def test_what_fails_on_the_way_leaves_the_triggers_where_they_were(original, monkeypatch):
    before = everything_made()
    monkeypatch.setitem(POLICY, "users", {**POLICY["users"], "name": "no_such_function(name)"})

    with pytest.raises(DBAPIError):
        scrub_it()

    assert everything_made() == before
    assert db.session.scalar(select(User.name)) == "Ann"


def test_rows_days_and_amounts_stay_and_go_together(original):
    before, eaten = counted(), shape_of_entries()
    live("Bea")
    two = {table: 2 * rows for table, rows in before.items()}

    scrub_it()

    after = counted()
    for table in before.keys() - EMPTIED - {"identity", "food_words", "open_foods"}:
        assert after[table] == two[table] > 0, table
    assert {after[table] for table in EMPTIED} == {0}
    assert set(eaten) <= set(shape_of_entries())
    config = original.extensions["caloria_config"]
    assert consistency.find(config, consistency.passes(config, db.metadata)) == []


def shape_of_entries() -> list:
    columns = (Entry.user_id, Entry.id, Entry.day, Entry.food_id, Entry.energy_kcal, Entry.gram_weight)
    return list(db.session.execute(select(*columns, Entry.portion_amount)).all())


def test_samples_that_sqlite_keeps_for_its_planner_are_forgotten(original, engine_name):
    if engine_name == "postgresql":
        pytest.skip("PostgreSQL leaves them out of a dump")
    with db.engine.begin() as connection:
        # As a SQLite that was built with STAT4 makes it at ANALYZE.
        connection.exec_driver_sql("PRAGMA writable_schema=ON")
        connection.exec_driver_sql("CREATE TABLE sqlite_stat4 (tbl, idx, neq, nlt, ndlt, sample)")
        connection.exec_driver_sql("INSERT INTO sqlite_stat4 (sample) VALUES ('ann@example.org')")
        connection.exec_driver_sql("PRAGMA writable_schema=OFF")

    scrub_it()

    assert db.session.scalar(text("SELECT count(*) FROM sqlite_stat4")) == 0


def test_a_body_is_known_roughly(scrubbed):
    body = db.session.scalars(select(Body)).one()

    assert (body.height_cm, body.birth_year, body.sex) in [(170, 1985, "female"), (175, 1985, "female")]
    assert db.session.scalars(select(Weight.weight_kg)).all() == [71]


def test_a_food_is_called_the_same_wherever_it_is_named(scrubbed):
    eaten = db.session.execute(select(Entry.name, Food.name).join(Food, Food.id == Entry.food_id)).all()
    assert {ours for ours, theirs in eaten if ours == theirs} == {ours for ours, _theirs in eaten}
    assert "Oats, dry" in {ours for ours, _theirs in eaten}

    assert set(db.session.scalars(select(Entry.portion_unit))) > {"cup", None}
    unit = select(Portion.unit).join(Food).where(Food.owner_id.is_not(None)).distinct()
    assert set(db.session.scalars(unit)) <= set(PORTIONS.split())
    assert db.session.scalar(select(OwnPortion.unit)) in PORTIONS.split()


def test_the_meals_that_everybody_has_keep_their_names(original):
    db.session.scalars(select(Meal).where(Meal.position == 4)).one().name = "after the night shift"
    db.session.scalars(select(Meal).where(Meal.position == 3)).one().name = "Cena"
    db.session.commit()

    scrub_it()

    names = list(db.session.scalars(select(Meal.name).order_by(Meal.position)))
    assert names[:3] == ["Breakfast", "Lunch", "Cena"]
    assert names[3].endswith(" meal")


def test_an_address_that_somebody_typed_may_be_one_that_is_made_up(original):
    live("Bea").set_email("user1@example.invalid")
    db.session.commit()

    scrub_it()

    addresses = db.session.execute(select(User.email, User.email_key).order_by(User.id)).all()
    assert addresses == [(f"user{number}@example.invalid",) * 2 for number in (1, 2)]


def test_a_developer_opens_the_diary_of_somebody(original, url, make_app):
    assert start(url, CALORIA_ENV="development") == OTHER_ENVIRONMENT

    scrub_it()

    assert start(url, CALORIA_ENV="development") == 0
    developing = make_app(url, CALORIA_ENV="development")
    with developing.app_context():
        person = db.session.scalars(User.with_email("user1@example.invalid")).one()
        started = Session.start(person)
        db.session.commit()
        browser = developing.test_client()
        with browser.session_transaction() as session:
            session["_user_id"], session["_fresh"] = started.token, True
        page = browser.get(f"/diary/{DAY}").get_data(as_text=True)
    assert "Oats, dry" in page
    assert "The weather" in page


def test_the_copy_is_a_database_of_its_own(original):
    before = db.session.scalars(select(Identity)).one().uuid

    scrub_it()

    identity = db.session.scalars(select(Identity)).one()
    assert identity.uuid != before
    assert (identity.environment, identity.epoch) == ("development", 0)
    assert (identity.system_identifier, identity.database_oid) == (None, None)
    assert "scrubbed" in identity.restored_from
