"""A database with its roles, made by `flask database setup`."""

from uuid import uuid4

import psycopg2
import pytest
from clusters import execute
from serving import Browser, gunicorn
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError
from surroundings import PASSWORD, environment, flask

from caloria.operations.environments.roles import Roles
from caloria.operations.environments.setup import SetupRefused, set_up
from config import Config

pytestmark = pytest.mark.slow
NOT_PERMITTED = "42501"
ANOTHER_PASSWORD = "another horse, another battery"
CAROL = {"email": "carol@example.org", "password": PASSWORD, "time_zone": "Europe/Madrid"}


@pytest.fixture(scope="module")
def administrator(engine_name, request):
    if engine_name != "postgresql":
        pytest.skip("SQLite has no roles")
    return request.getfixturevalue("postgres").url


def told(url, tmp_path, **more) -> Config:
    said = environment(url.render_as_string(False), **{"CALORIA_ENV": "staging", **more})
    return Config.load(said, root=tmp_path)


@pytest.fixture
def make(administrator, tmp_path):
    """Set up a database as this administrator, or a role of the server that may."""

    def make(name, url=administrator, environment="staging", **more):
        return set_up(told(url, tmp_path, CALORIA_ENV=environment), name, **more)

    return make


@pytest.fixture
def name():
    return f"Set_up_{uuid4().hex[:12]}"


@pytest.fixture(scope="module")
def live(administrator, tmp_path_factory):
    """A database that was set up and migrated, and stays as it is."""
    made = set_up(told(administrator, tmp_path_factory.mktemp("live")), f"live_{uuid4().hex[:12]}")
    upgraded = flask("db", "upgrade", url=made.address(made.roles.owner))
    assert upgraded.returncode == 0, upgraded.stderr
    return made


def answer(url: str, statement: str) -> str | None:
    """The SQLSTATE with which the server refuses, None where it does what was said."""
    try:
        execute(make_url(url), statement)
    except DBAPIError as error:
        return error.orig.pgcode
    return None


def test_each_role_is_for_one_thing(live):
    owner, app, read, _proof = (live.address(role) for role in live.roles)

    assert answer(owner, "CREATE TABLE notes (id integer)") is None
    assert answer(app, "INSERT INTO notes VALUES (1)") is None
    assert answer(app, "DROP TABLE notes") == NOT_PERMITTED
    assert answer(app, "CREATE TABLE others (id integer)") == NOT_PERMITTED
    assert answer(app, "CREATE TEMPORARY TABLE others (id integer)") == NOT_PERMITTED
    assert answer(read, "SELECT * FROM notes") is None
    assert answer(read, "INSERT INTO notes VALUES (2)") == "25006"
    assert answer(read, "BEGIN READ WRITE; INSERT INTO notes VALUES (2); COMMIT") == NOT_PERMITTED
    assert answer(owner, "DROP TABLE notes") is None


def test_the_role_of_proofs_makes_databases_for_the_owner_and_renames_them(live):
    proof, name = live.address(live.roles.proof), f"beside_{uuid4().hex[:12]}"
    assert make_url(proof).database == "postgres"

    assert answer(proof, f'CREATE DATABASE "{name}" OWNER "{live.roles.owner}" TEMPLATE template0') is None
    assert answer(proof, f'ALTER DATABASE "{name}" RENAME TO "{name}_renamed"') is None
    assert answer(proof, f'DROP DATABASE "{name}_renamed"') is None
    assert answer(proof, f'CREATE ROLE "{name}"') == NOT_PERMITTED
    assert answer(proof, 'ALTER DATABASE "caloria" RENAME TO "taken"') == NOT_PERMITTED


@pytest.mark.parametrize("table", ["identity", "alembic_version"])
@pytest.mark.parametrize("statement", ["INSERT INTO {} DEFAULT VALUES", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_app_does_not_write_what_says_which_database_this_is(live, table, statement):
    app = live.address(live.roles.app)

    assert answer(app, f"SELECT * FROM {table}") is None
    assert answer(app, statement.format(table)) == NOT_PERMITTED


def test_the_app_can_only_add_to_the_audit(live):
    app = live.address(live.roles.app)
    for act in ("UPDATE", "DELETE", "TRUNCATE"):
        granted = f"SELECT has_table_privilege('audit_events', '{act}')"
        assert execute(make_url(app), granted) == [(False,)]
    assert execute(make_url(app), "SELECT has_table_privilege('audit_events', 'INSERT')") == [(True,)]


def test_what_was_granted_by_hand_is_gone_after_the_next_upgrade(live):
    owner, app = make_url(live.address(live.roles.owner)), live.address(live.roles.app)
    execute(
        owner, "GRANT UPDATE (epoch) ON identity TO PUBLIC", f"GRANT DELETE ON identity TO {live.roles.read}"
    )
    assert answer(app, "UPDATE identity SET epoch = epoch") is None

    assert flask("db", "upgrade", url=live.address(live.roles.owner)).returncode == 0

    assert answer(app, "UPDATE identity SET epoch = epoch") == NOT_PERMITTED
    assert answer(app, "SELECT * FROM identity") is None


def test_migrating_is_for_the_owner(make, name):
    made = make(name)

    refused = flask("db", "upgrade", url=made.address(made.roles.app))
    assert refused.returncode == 1
    assert "MIGRATION_DATABASE_URL" in refused.stderr
    assert "Traceback" not in refused.stderr

    migrating = {"MIGRATION_DATABASE_URL": made.address(made.roles.owner)}
    upgraded = flask("db", "upgrade", url=made.address(made.roles.app), **migrating)
    assert upgraded.returncode == 0, upgraded.stderr


def test_an_administrator_need_not_be_a_superuser(administrator, make, name):
    execute(administrator, f'CREATE ROLE "{name}_maker" LOGIN CREATEDB CREATEROLE')
    maker = administrator.set(username=f"{name}_maker")

    made = make(name, url=maker)
    again = make(name, url=maker)

    assert all(made.passwords.values())
    assert not any(again.passwords.values())
    assert answer(made.address(made.roles.owner), "CREATE TABLE notes (id integer)") is None
    assert answer(made.address(made.roles.app), "SELECT * FROM notes") is None


def test_setting_up_again_changes_no_password(administrator, make, name):
    first = make(name)
    before = stored(administrator, name)

    again = make(name)

    assert again.unchanged == list(Roles.of(name))
    assert stored(administrator, name) == before
    assert ":PASSWORD@" in again.address(again.roles.app)
    assert ":PASSWORD@" not in first.address(first.roles.app)


def test_new_passwords_replace_those_of_before(administrator, make, name):
    make(name)
    before = stored(administrator, name)

    again = make(name, new_passwords=True)

    assert not again.unchanged
    assert not {hashed for _, hashed in before} & {hashed for _, hashed in stored(administrator, name)}


def stored(administrator, name) -> list:
    """What the server keeps of the passwords."""
    return execute(
        administrator, f"SELECT rolname, rolpassword FROM pg_authid WHERE rolname ~ '^{name}_' ORDER BY 1"
    )


def test_the_server_never_hears_a_password(administrator, make, name):
    made = make(name)

    for role, hashed in stored(administrator, name):
        assert hashed.startswith("SCRAM-SHA-256$"), role
        assert made.passwords[role] not in hashed


def test_what_was_interrupted_is_finished(administrator, make, name):
    execute(administrator, f'CREATE ROLE "{name}_owner"', f'CREATE ROLE "{name}_app"')

    made = make(name)

    assert made.unchanged == [f"{name}_owner", f"{name}_app"]
    assert made.passwords[f"{name}_proof"]
    assert answer(made.address(made.roles.owner), "CREATE TABLE notes (id integer)") is None
    assert answer(made.address(made.roles.app), "SELECT * FROM notes") is None
    assert answer(made.address(made.roles.read), "SELECT * FROM notes") is None


def test_an_empty_database_is_taken_over(administrator, make, name):
    execute(administrator, f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0")

    made = make(name)

    assert answer(made.address(made.roles.owner), "CREATE TABLE notes (id integer)") is None


def test_a_database_of_somebody_else_is_refused_and_left_alone(administrator, make, name):
    execute(administrator, f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0")
    execute(administrator.set(database=name), "CREATE TABLE theirs (id integer)")

    with pytest.raises(SetupRefused, match="belongs to postgres"):
        make(name)

    assert execute(administrator, f"SELECT rolname FROM pg_roles WHERE rolname ~ '^{name}_'") == []


def test_a_database_of_another_environment_is_refused(make, live):
    with pytest.raises(SetupRefused, match="belongs to test"):
        make(live.place.database, environment="production")


def test_what_an_extension_brings_is_left_to_it(administrator, make, name):
    if not execute(administrator, "SELECT 1 FROM pg_available_extensions WHERE name = 'pg_stat_statements'"):
        pytest.skip("this PostgreSQL comes without extensions")
    make(name)
    inside = administrator.set(database=name)
    execute(
        inside, "CREATE EXTENSION pg_stat_statements", f'SET ROLE "{name}_owner"; CREATE TABLE notes (id int)'
    )

    made = make(name)

    assert answer(made.address(made.roles.app), "INSERT INTO notes VALUES (1)") is None


def test_an_administrator_who_may_not_open_the_database_is_told_so(administrator, make, name):
    make(name)
    execute(administrator, f'CREATE ROLE "{name}_maker" LOGIN CREATEDB CREATEROLE')

    with pytest.raises(SetupRefused, match="run it as a superuser"):
        make(name, url=administrator.set(username=f"{name}_maker"))


def test_a_role_that_may_not_is_told_so(administrator, make, name):
    with pytest.raises(SetupRefused, match="CREATEDB and CREATEROLE"):
        make(name, url=administrator.set(username="caloria", database="caloria"))


@pytest.mark.parametrize(
    "name",
    ["", "1st", "with-hyphen", "semi;colon", 'quo"te', "postgres", "template1", "pg_mine", "x" * 58, "é"],
)
def test_a_name_that_cannot_serve_is_refused(make, name):
    with pytest.raises(SetupRefused, match="named with"):
        make(name)


def test_the_longest_name_serves(make):
    name = uuid4().hex.rjust(57, "x")

    made = make(name)

    assert answer(made.address(made.roles.owner), "SELECT 1") is None


def test_the_addresses_lead_where_the_administrators_did(administrator, make, name):
    url = administrator.update_query_dict({"sslmode": "prefer", "user": "postgres", "dbname": "postgres"})

    made = make(name, url=url)

    address = make_url(made.address(made.roles.app))
    assert address.database == name
    assert dict(address.query) == {"host": administrator.query["host"], "sslmode": "prefer"}


def test_another_machine_is_reached_over_tls_alone(administrator, make, name):
    far = make_url("postgresql+psycopg2://postgres@db.example.org/postgres")

    with pytest.raises(SetupRefused, match="sslmode"):
        make(name, url=far)


def test_what_the_command_prints_is_an_env_file(administrator, name, tmp_path):
    told = {"CALORIA_ENV": "staging", "MIGRATION_DATABASE_URL": administrator.render_as_string(False)}
    first, again = (flask("database", "setup", name, url="", **told) for _ in range(2))
    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr

    (tmp_path / ".env").write_text(first.stdout + again.stdout)

    config = Config.load({}, root=tmp_path)
    assert not config.mistakes
    assert config.environment == "staging"
    assert config.database_url.username == f"{name}_app"
    assert config.migration_database_url.username == f"{name}_owner"
    assert (config.backup_proof_url.username, config.backup_proof_url.database) == (
        f"{name}_proof",
        "postgres",
    )
    assert "PASSWORD" not in (config.database_url.password, config.migration_database_url.password)
    psycopg2.connect(config.database_url.set(drivername="postgresql").render_as_string(False)).close()
    assert "keeps its password" in again.stderr


def test_sqlite_needs_none(tmp_path):
    with pytest.raises(SetupRefused, match="needs no setup"):
        set_up(told(make_url("sqlite:///caloria.db"), tmp_path), "caloria")


def test_people_use_the_app_through_its_own_role(live):
    """Sign up, log what was eaten, change the password, sign out and in again, as gunicorn serves it."""
    migrating = live.address(live.roles.owner)
    with gunicorn(live.address(live.roles.app), MIGRATION_DATABASE_URL=migrating) as port:
        browser = Browser(port)
        assert browser.post("/signup", {"id": str(uuid4()), "name": "Carol", **CAROL}).status == 303
        browser.token = browser.get("/account").field("csrf_token")
        [(meal,)] = execute(make_url(migrating), "SELECT id FROM meals ORDER BY position LIMIT 1")
        soup = {"id": str(uuid4()), "meal_id": str(meal), "name": "Soup", "energy_kcal": "300"}
        assert browser.post("/diary/2026-11-21/quick-entries", soup).status == 303
        assert "Soup" in browser.get("/diary/2026-11-21").text
        changed = {"current_password": PASSWORD, "password": ANOTHER_PASSWORD}
        assert browser.post("/password/change", changed).status == 303
        again = Browser(port)
        assert again.sign_in(CAROL["email"], ANOTHER_PASSWORD).status == 303
        assert again.post("/logout").status == 303
        assert browser.get("/health/database").status == 200


def test_commands_of_every_day_use_the_apps_role(live):
    app = live.address(live.roles.app)
    words = ("--email", "ada@example.org", "--name", "Ada", "--admin", "--password", PASSWORD)

    for command in (("foods", "import", "starter"), ("users", "create", *words), ("database", "show")):
        result = flask(*command, url=app)
        assert result.returncode == 0, result.stderr
