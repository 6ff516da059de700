"""`flask database verify`: production and staging on one server, and what is found where they mix."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager

import psycopg2
import pytest
from clusters import cluster, execute, folders
from surroundings import ROOT, flask

from caloria.operations.environments.finding import UNPROVEN, WORTH_KNOWING, WRONG
from caloria.operations.environments.separation import NotPostgresql, verify_separation
from caloria.operations.environments.setup import set_up
from config import Config

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(engine_name):
    """The superuser of a server of the newest version found here."""
    if engine_name != "postgresql":
        pytest.skip("SQLite has no roles")
    with cluster(folders()[-1]) as url:
        execute(
            url,
            "CREATE ROLE maker LOGIN CREATEDB CREATEROLE",
            "REVOKE CONNECT ON DATABASE caloria FROM PUBLIC",
        )
        yield url


@pytest.fixture(scope="module")
def production(server, tmp_path_factory):
    return environment_of("production", server, tmp_path_factory.mktemp("production"))


@pytest.fixture(scope="module")
def staging(server, tmp_path_factory):
    """Made by a role that is no superuser."""
    maker = server.set(username="maker")
    return environment_of("staging", maker, tmp_path_factory.mktemp("staging"))


def environment_of(name, administrator, folder):
    """An environment's folder, with a .env; its database is made and migrated."""
    write(folder, name, administrator)
    made = set_up(Config.load({}, root=folder), name)
    addresses = (made.address(role) for role in (made.roles.app, made.roles.owner, made.roles.proof))
    write(folder, name, *addresses)
    owner = made.address(made.roles.owner)
    upgraded = flask("db", "upgrade", url=owner, CALORIA_ENV=name, TRUSTED_HOSTS="x.example", PUBLIC_URL="")
    assert upgraded.returncode == 0, upgraded.stderr
    return folder


def write(folder, name, url, owner="", proof=""):
    url = url if isinstance(url, str) else url.render_as_string(False)
    lines = (f"CALORIA_ENV={name}", f"DATABASE_URL={url}", f"MIGRATION_DATABASE_URL={owner}")
    lines += (f"BACKUP_PROOF_URL={proof}",)
    (folder / ".env").write_text("\n".join(lines) + "\n")


def findings(folder, *beside):
    return list(verify_separation(*configs(folder, beside)))


def configs(folder, beside):
    return Config.load({}, root=folder), [Config.load({}, root=other) for other in beside]


def wrong(folder, *beside):
    return [finding for finding in findings(folder, *beside) if not finding.is_fine]


def mend(finding, **told) -> None:
    """Paste the line that was printed, as the administrator that stands in it in capitals."""
    line = re.sub(r"\bUSER\b", "postgres", finding.mend).replace(":PASSWORD", "")
    path = os.pathsep.join([os.path.dirname(sys.executable), str(folders()[-1]), os.environ["PATH"]])
    environ = {"PATH": path, "FLASK_SKIP_DOTENV": "1", **told}
    done = subprocess.run(line, shell=True, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def verify(folder, *words):
    """The command itself, where this .env was read."""
    told = dict(line.split("=", 1) for line in (folder / ".env").read_text().splitlines() if "=" in line)
    return flask("database", "verify", *words, url=told.pop("DATABASE_URL"), **told)


def passwords_in(folder) -> list[str]:
    config = Config.load({}, root=folder)
    urls = (config.database_url, config.migration_database_url, config.backup_proof_url)
    return [url.password for url in urls]


def test_environments_that_were_set_up_are_apart(production, staging):
    result = verify(production, "--beside", str(staging / ".env"))

    assert result.returncode == 0, result.stdout + result.stderr
    assert 'production_app cannot open "staging"' in result.stdout
    assert 'staging_owner cannot open "production" of production' in result.stdout
    assert 'production_proof cannot open "staging"' in result.stdout
    assert "production_proof has no more power over the whole server than CREATEDB" in result.stdout
    assert "production_app cannot truncate any of " in result.stdout
    assert {line[:5].strip() for line in result.stdout.splitlines()} == {"ok"}
    for password in (*passwords_in(production), *passwords_in(staging)):
        assert password not in result.stdout + result.stderr


def test_a_door_that_is_open_to_all_is_found(server, production, staging):
    execute(server, "GRANT CONNECT ON DATABASE staging TO PUBLIC")

    found = verify(production)
    assert found.returncode == 1
    assert 'FAIL  production_app opens "staging", which holds data of Caloria' in found.stdout
    mend(wrong(production)[0])

    assert not wrong(production)


def test_a_door_is_found_from_the_side_of_either(server, production, staging):
    execute(server, "GRANT CONNECT ON DATABASE production TO staging_app")

    assert not wrong(production)
    [finding] = wrong(production, staging)
    assert finding.text.startswith('staging_app opens "production" of production')
    mend(finding)

    assert not wrong(production, staging)


def test_another_applications_open_database_is_only_named(server, production):
    execute(server, "CREATE DATABASE wiki")
    try:
        told = [finding.text for finding in findings(production) if finding.mark == WORTH_KNOWING]
        assert 'production_app opens "wiki", which is not Caloria\'s' in told
        assert not wrong(production)
    finally:
        execute(server, "DROP DATABASE wiki")


ON_TABLES = (
    "GRANT TRUNCATE ON foods TO production_app",
    "GRANT UPDATE ON audit_events TO production_app",
    "GRANT INSERT ON identity TO production_app",
    "GRANT DELETE ON alembic_version TO PUBLIC",
)
ON_THE_SCHEMA = ("GRANT CREATE ON SCHEMA public TO production_app",)
ON_THE_DATABASE = ("GRANT CREATE ON DATABASE production TO production_app",)
OF_THE_OWNER = ("GRANT production_owner TO production_app",)
LENT = ("GRANT pg_execute_server_program TO production_app",)


@pytest.mark.parametrize(
    ("granted", "count"),
    [(ON_TABLES, 4), (ON_THE_SCHEMA, 1), (ON_THE_DATABASE, 1), (OF_THE_OWNER, 10), (LENT, 1)],
)
def test_whatever_the_app_may_do_too_much_is_found_taken_back_and_mended(server, production, granted, count):
    inside = server.set(database="production")
    before = held(inside)
    execute(inside, *granted)

    found = wrong(production)
    assert [finding.mark for finding in found] == [WRONG] * count
    assert held(inside) == before
    mend(found[0], CALORIA_ENV="production")

    assert not wrong(production)


def held(url) -> list:
    """The tables with their columns, and rows of those that were tried."""
    tables = "SELECT relname, relnatts FROM pg_class WHERE relkind = 'r' ORDER BY 1"
    rows = "SELECT uuid, (SELECT count(*) FROM alembic_version), (SELECT count(*) FROM foods) FROM identity"
    return execute(url, tables) + execute(url, rows)


def test_an_app_that_owns_a_table_is_found(server, production):
    execute(server.set(database="production"), "ALTER TABLE foods OWNER TO production_app")

    found = wrong(production)
    assert len(found) == 4  # it owns, alters, drops and truncates
    mend(found[0], CALORIA_ENV="production")

    assert not wrong(production)
    app = Config.load({}, root=production).database_url
    assert execute(app, "SELECT count(*) FROM foods") == [(0,)]


@pytest.mark.parametrize(
    ("role", "power"), [("app", "SUPERUSER"), ("app", "CREATEDB"), ("proof", "CREATEROLE")]
)
def test_a_role_with_power_over_the_server_is_found(server, production, role, power):
    execute(server, f"ALTER ROLE production_{role} {power}")

    found = wrong(production)
    assert found[0].text == f"production_{role} has the power of {power}"
    mend(found[0])

    assert not wrong(production)


@contextmanager
def somebody_reads_foods(server):
    connection = psycopg2.connect(
        server.set(drivername="postgresql", database="production").render_as_string(False)
    )
    connection.cursor().execute("SELECT count(*) FROM foods")
    yield
    connection.close()


def test_a_permission_is_found_without_waiting_for_those_who_read(server, production):
    """The lock is given up after a second: whoever comes next would wait behind it."""
    execute(server.set(database="production"), "GRANT TRUNCATE ON foods TO production_app")
    try:
        with somebody_reads_foods(server):
            [finding] = wrong(production)
        assert 'TRUNCATE "foods" was permitted' in finding.text
    finally:
        execute(server.set(database="production"), "REVOKE TRUNCATE ON foods FROM production_app")


def test_a_database_of_one_role_gets_an_owner_of_its_own(server, tmp_path):
    execute(server, "CREATE ROLE single LOGIN", "CREATE DATABASE single OWNER single TEMPLATE template0")
    execute(server, "CREATE DATABASE beside OWNER single TEMPLATE template0")
    url = server.set(username="single", database="single").render_as_string(False)
    assert flask("db", "upgrade", url=url).returncode == 0
    write(tmp_path, "test", url)
    [owns, *_] = wrong(tmp_path)

    mend(owns, CALORIA_ENV="test")

    roles = [url.replace("single@", f"single_{role}@") for role in ("app", "owner")]
    write(tmp_path, "test", *roles)
    assert not wrong(tmp_path)
    of_the_other = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'beside'"
    assert execute(server, of_the_other) == [("single",)]


def test_an_empty_database_proves_little(server, tmp_path):
    write(tmp_path, "staging", server)
    made = set_up(Config.load({}, root=tmp_path), "empty")
    write(tmp_path, "staging", made.address(made.roles.app), made.address(made.roles.owner))

    [finding] = wrong(tmp_path)

    assert (finding.mark, finding.mend) == (UNPROVEN, "flask db upgrade")


def test_what_cannot_be_asked_is_not_proven(production, staging, tmp_path):
    shutil.copy(staging / ".env", tmp_path / ".env")
    away = (tmp_path / ".env").read_text().replace("host=%2Ftmp", "host=%2Fnowhere")
    (tmp_path / ".env").write_text(away)

    assert {finding.mark for finding in wrong(production, tmp_path)} == {UNPROVEN}
    result = verify(tmp_path)
    assert result.returncode == 1
    assert not [word for word in passwords_in(staging) if word in result.stdout + result.stderr]


def test_environments_without_roles_or_addresses_are_named(production, tmp_path):
    for name, url in (("sqlite", "sqlite:///instance/x.db"), ("broken", "mysql://nobody")):
        (tmp_path / name).mkdir()
        write(tmp_path / name, "development", url)

    marks = [finding.mark for finding in findings(production, tmp_path / "sqlite", tmp_path / "broken")]

    assert marks[-2:] == [WORTH_KNOWING, UNPROVEN]


def test_another_file_than_env_is_a_mistake(runner, tmp_path):
    (tmp_path / "settings.txt").touch()

    assert (
        runner.invoke(args=["database", "verify", "--beside", str(tmp_path / "settings.txt")]).exit_code == 2
    )


def test_sqlite_has_no_roles_to_keep_apart(tmp_path):
    write(tmp_path, "test", "sqlite:///caloria.db")

    with pytest.raises(NotPostgresql, match="no roles"):
        findings(tmp_path)
