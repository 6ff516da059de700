"""`flask database check` finds each kind of damage, counts it, and shows it with a query that works."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool
from surroundings import ROOT, environment

import caloria.models  # noqa: F401  so that the metadata knows every table
from caloria.extensions import db
from caloria.guard import StartupRefused
from caloria.models.clock import utc_now
from caloria.operations import consistency
from config import Config

pytestmark = pytest.mark.slow
ENGINES_OWN = ("rows that SQLite's", "faults that SQLite's")
SOMEONE = "0190" + "0" * 28
ALMONDS = "name = 'Almonds'"
NOW = "2026-11-21 12:00:00.000000"


@pytest.fixture
def url(make_database, demo_url) -> str:
    return make_database(copy_of=demo_url)


@pytest.fixture
def run(url, engine_name, request) -> Callable:
    """Run SQL that no rule of the database holds back; return the last answer's first value."""
    if engine_name == "sqlite":

        def on_sqlite(*statements: str):
            with closing(sqlite3.connect(make_url(url).database, isolation_level=None)) as connection:
                connection.execute("PRAGMA foreign_keys=OFF")
                connection.execute("PRAGMA ignore_check_constraints=ON")
                rows = [connection.execute(statement).fetchone() for statement in statements]
                return rows[-1][0] if rows[-1] else None

        return on_sqlite
    server = request.getfixturevalue("postgres")

    def on_postgresql(*statements: str):
        place = server.url.set(database=make_url(url).database)
        engine = create_engine(place, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("SET session_replication_role = replica")
            results = [connection.exec_driver_sql(statement) for statement in statements]
            return results[-1].scalar() if results[-1].returns_rows else None

    return on_postgresql


@pytest.fixture
def without_check(run, engine_name):
    """Take a CHECK away; on SQLite none is looked at here anyway."""

    def without_check(table: str, name: str) -> None:
        if engine_name == "postgresql":
            run(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{name}")

    return without_check


@pytest.fixture
def found(url, run):
    """What is found beside what SQLite says of itself; each query gives as many rows as were counted."""

    def found() -> dict[str, int | None]:
        config = Config.load(environment(url), root=ROOT)
        every = consistency.find(config, consistency.passes(config, db.metadata))
        findings = [finding for finding in every if not finding.name.startswith(ENGINES_OWN)]
        for finding in findings:
            if finding.count is not None and "whose address" not in finding.name:
                assert run(f"SELECT count(*) FROM ({finding.query}) AS shown") == finding.count, finding.query
        return {finding.name: finding.count for finding in findings}

    return found


@pytest.fixture
def stranger(run) -> str:
    """Somebody else, with a meal; returns the id that both have."""
    run(
        "INSERT INTO users (id, email, email_key, name, password_hash, time_zone, day_starts_at, units,"
        f" is_admin, active, created_at) VALUES ('{SOMEONE}', 'b@example.org', 'b@example.org', 'Bob', '',"
        f" 'UTC', '00:00:00.000000', 'metric', false, true, '{NOW}')",
        f"INSERT INTO meals (user_id, id, position, name) VALUES ('{SOMEONE}', '{SOMEONE}', 1, 'Breakfast')",
    )
    return SOMEONE


def one(run, table: str, where: str = "true") -> str:
    """A condition that one row of a table meets."""
    key = run(f"SELECT min(CAST(id AS text)) FROM {table} WHERE {where}")
    return f"CAST(id AS text) = '{key}'"


def test_a_healthy_diary_has_no_findings(found):
    assert found() == {}


def test_entries_whose_meal_is_gone(found, run):
    breakfasts = run(
        "SELECT count(*) FROM entries WHERE meal_id IN (SELECT id FROM meals WHERE position = 1)"
    )
    run("DELETE FROM meals WHERE position = 1")

    assert found() == {"entries whose meal is missing or somebody else's": breakfasts}


def test_an_entry_at_the_meal_of_somebody_else(found, run, stranger):
    run(f"UPDATE entries SET meal_id = '{stranger}' WHERE {one(run, 'entries')}")

    assert found() == {"entries whose meal is missing or somebody else's": 1}


def test_everything_of_a_person_who_is_gone(found, run):
    counts = {
        table: run(f"SELECT count(*) FROM {table}")
        for table in ("bodies", "entries", "meals", "targets", "weights")
    }
    run("DELETE FROM users")

    assert found() == {f"{table} whose user is missing": count for table, count in counts.items()}


def test_rows_that_point_at_nothing(found, run):
    run(
        f"UPDATE entries SET food_id = '{SOMEONE}' WHERE {one(run, 'entries')}",
        f"UPDATE portions SET food_id = '{SOMEONE}' WHERE {one(run, 'portions')}",
        f"UPDATE foods SET owner_id = '{SOMEONE}', source = 'own' WHERE {ALMONDS}",
    )
    almonds = run(f"SELECT count(*) FROM entries JOIN foods ON foods.id = food_id WHERE foods.{ALMONDS}")

    assert found() == {
        "entries whose food is missing": 1,
        "portions whose food is missing": 1,
        "foods whose owner is missing": 1,
        "entries of somebody else's own food": almonds,
    }


def test_entries_of_a_food_that_somebody_else_made(found, run, stranger):
    eaten = run(f"SELECT count(*) FROM entries JOIN foods ON foods.id = food_id WHERE foods.{ALMONDS}")
    run(f"UPDATE foods SET owner_id = '{stranger}', source = 'own' WHERE {ALMONDS}")

    assert eaten > 0
    assert found() == {"entries of somebody else's own food": eaten}


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ("saturated_fat_g = fat_g + 2", {"saturated fat than fat", "kinds of fat than fat"}),
        ("polyunsaturated_fat_g = fat_g, monounsaturated_fat_g = fat_g", {"kinds of fat than fat"}),
        (
            "sugars_g = carbohydrate_g + 2",
            {"sugars than carbohydrate", "sugars and fibre than carbohydrate"},
        ),
        ("fiber_g = carbohydrate_g + 2", {"sugars and fibre than carbohydrate"}),
    ],
)
def test_a_total_that_is_less_than_its_parts(found, run, change, names):
    run(f"UPDATE foods SET {change} WHERE {ALMONDS}")
    assert found() == {f"shared foods with more {name}": 1 for name in names}

    eaten = change.replace("+ 2", "+ gram_weight / 50")
    run(f"UPDATE entries SET {eaten} WHERE {one(run, 'entries', ALMONDS)}")
    shared = {f"shared foods with more {name}": 1 for name in names}
    assert found() == shared | {f"entries of shared foods with more {name}": 1 for name in names}


def test_fibre_beside_available_carbohydrate_is_no_contradiction(found, run):
    run(f"UPDATE foods SET fiber_g = carbohydrate_g + 2, carbohydrate_basis = 'available' WHERE {ALMONDS}")

    assert found() == {}


def test_a_label_of_ones_own_may_round(found, run, stranger):
    run(
        f"UPDATE foods SET owner_id = '{stranger}', source = 'own', sugars_g = carbohydrate_g + 9"
        " WHERE name = 'Surimi crab sticks'"
    )

    assert found() == {}


def test_more_than_everything(found, run):
    run(
        f"UPDATE foods SET water_g = 100 WHERE {ALMONDS}",
        f"UPDATE entries SET protein_g = gram_weight, water_g = gram_weight WHERE {one(run, 'entries')}",
    )

    assert found() == {
        "foods that hold more than 100 g in 100 g": 1,
        "entries that hold more than they weigh": 1,
    }


def test_weights_that_no_portion_explains(found, run):
    first = one(run, "entries")
    second = one(run, "entries", f"NOT ({first})")
    run(
        f"UPDATE entries SET portion_amount = NULL WHERE {first}",
        f"UPDATE entries SET portion_unit = 'g', portion_amount = gram_weight * 2 WHERE {second}",
    )

    assert found() == {
        "entries with an amount but no weight, or the other way round": 1,
        "entries in grams that weigh something else": 1,
    }


@pytest.mark.parametrize("amount", ["'NaN'", "'Infinity'", "-1", "1e300"])
def test_an_amount_that_a_missing_check_let_through(found, run, without_check, engine_name, amount):
    without_check("foods", "energy_kcal")
    on_sqlite = {"'NaN'": "'NaN'", "'Infinity'": "9e999"}
    said = on_sqlite.get(amount, amount) if engine_name == "sqlite" else amount
    run(f"UPDATE foods SET energy_kcal = {said} WHERE {ALMONDS}")

    assert found() == {"foods that break energy_kcal BETWEEN 0 AND 1000": 1}


def test_a_rule_of_words_that_was_taken_away(found, run, without_check):
    without_check("users", "units")
    run("UPDATE users SET units = 'furlongs'")

    assert found() == {"users that break units IN ('metric', 'us')": 1}


def test_days_outside_life(found, run, without_check):
    without_check("weights", "day")
    later = utc_now().date() + timedelta(days=3 * 365)
    first = one(run, "weights")
    run(
        f"UPDATE entries SET day = '{later}' WHERE {one(run, 'entries')}",
        f"UPDATE weights SET day = '1899-12-31' WHERE {first}",
        f"UPDATE weights SET day = '1989-12-31' WHERE {one(run, 'weights', f'NOT ({first})')}",
        "UPDATE targets SET starts_on = '1950-01-01'",
    )

    assert found() == {
        "entries whose day is before 1900, or more than two years ahead": 1,
        "weights whose day is before 1900, or more than two years ahead": 1,
        "weights whose day is before the person was born": 2,
        "weights that break day BETWEEN '1900-01-01' AND '2200-12-31'": 1,
        "targets whose starts_on is before the person was born": 1,
    }


def test_where_no_birth_year_is_told_any_day_since_1900_will_do(found, run):
    run("UPDATE bodies SET birth_year = NULL", "UPDATE targets SET starts_on = '1950-01-01'")

    assert found() == {}


def test_moments_that_have_yet_to_come(found, run):
    run(
        "UPDATE users SET created_at = '2190-01-01 00:00:00.000000'",
        f"UPDATE entries SET deleted_at = '2190-01-01 00:00:00.000000' WHERE {one(run, 'entries')}",
    )

    assert found() == {
        "users whose created_at lies in the future": 1,
        "entries whose deleted_at lies in the future": 1,
    }


def test_addresses_that_differ_only_in_case_and_blanks(found, run, stranger):
    run(f"UPDATE users SET email = ' DEMO@Caloria.EXAMPLE ' WHERE id = '{stranger}'")

    assert found() == {
        "users whose address an earlier account has, but for case and blanks": 1,
        "users whose email_key is not what their address folds to": 1,
    }


def test_a_key_that_only_python_folds(found, run):
    run("UPDATE users SET email = 'STRASSE@ﬁrm.example', email_key = 'strasse@firm.example'")
    assert found() == {}

    run("UPDATE users SET email = 'Straße@firm.example', email_key = 'straße@firm.example'")
    assert found() == {"users whose email_key is not what their address folds to": 1}


def test_what_cannot_be_looked_at_is_unknown_and_the_rest_goes_on(found, run):
    run(
        "ALTER TABLE weights RENAME TO lost_weights",
        "UPDATE users SET units = 'us', created_at = '2190-01-01 00:00:00.000000'",
    )

    (unknown, *_) = [name for name, count in found().items() if count is None]
    assert unknown.startswith("weights could not be looked at (")
    assert found()["users whose created_at lies in the future"] == 1


def test_a_database_that_went_away_is_told_without_secrets():
    config = Config.load(environment("postgresql://caloria:very-secret@127.0.0.1:1/caloria"), root=ROOT)

    with pytest.raises(StartupRefused) as caught:
        consistency.find(config, consistency.passes(config, db.metadata))

    assert caught.value.exit_code == 69
    assert "very-secret" not in str(caught.value)


def test_nothing_is_written(url, engine_name, found):
    if engine_name != "sqlite":
        pytest.skip("its transactions are read-only")
    file = Path(make_url(url).database)
    before = file.read_bytes(), list(file.parent.iterdir())

    found()

    assert (file.read_bytes(), list(file.parent.iterdir())) == before


class TestOfPostgresql:
    """What only its catalogue knows."""

    @pytest.fixture(autouse=True)
    def only_there(self, engine_name):
        if engine_name != "postgresql":
            pytest.skip("SQLite has no such catalogue")

    def test_a_role_that_may_only_read_is_enough(self, url, run):
        if not run("SELECT count(*) FROM pg_roles WHERE rolname = 'checks_reader'"):
            run("CREATE ROLE checks_reader LOGIN")
        run("GRANT SELECT ON ALL TABLES IN SCHEMA public TO checks_reader")
        run("GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO checks_reader")
        address = make_url(url).set(username="checks_reader").render_as_string(False)
        config = Config.load(environment(address), root=ROOT)

        assert consistency.find(config, consistency.passes(config, db.metadata)) == []

    def test_a_constraint_that_never_saw_the_rows(self, found, run):
        run("ALTER TABLE users ADD CONSTRAINT later CHECK (name <> 'Demo') NOT VALID")

        assert found() == {"constraints that were never checked against the rows that were there": 1}

    def test_a_trigger_that_was_switched_off(self, found, run):
        run("ALTER TABLE meals DISABLE TRIGGER ALL")
        off = run("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'meals'::regclass")

        assert off > 0
        assert found() == {"triggers that are switched off": off}

    def test_an_index_that_was_left_unfinished(self, found, run):
        run("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_weights_user_id_day'::regclass")

        assert found() == {"indexes that were left unfinished": 1}

    @pytest.mark.parametrize("kind", ["serial", "integer GENERATED BY DEFAULT AS IDENTITY"])
    def test_a_sequence_behind_its_column(self, found, run, kind):
        run(f'CREATE TABLE "My notes" (id {kind} PRIMARY KEY)', 'INSERT INTO "My notes" VALUES (1)')
        assert found() == {}  # a table that Caloria may not read is none of its own

        run('ALTER TABLE "My notes" OWNER TO caloria')
        assert found() == {'sequence "My notes_id_seq" behind "My notes".id': 1}

        run("""SELECT setval('"My notes_id_seq"', 1)""")
        assert found() == {}

        run('INSERT INTO "My notes" VALUES (2)')
        assert found() == {'sequence "My notes_id_seq" behind "My notes".id': 1}


class TestOfSqlite:
    """What it says of itself, beside what is found on both engines."""

    @pytest.fixture(autouse=True)
    def only_there(self, engine_name):
        if engine_name != "sqlite":
            pytest.skip("PostgreSQL does not look for these itself")

    def names(self, url) -> set[str]:
        config = Config.load(environment(url), root=ROOT)
        return {each.name for each in consistency.find(config, consistency.passes(config, db.metadata))}

    def test_its_own_checks_are_asked(self, url, run):
        run(f"UPDATE foods SET owner_id = '{SOMEONE}', energy_kcal = -1, source = 'own' WHERE {ALMONDS}")

        assert len([name for name in self.names(url) if name.startswith(ENGINES_OWN)]) == 2
