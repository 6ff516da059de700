"""The doctor asks what a start asks, and ends with the same code, in every state."""

import json

import pytest
from fake_server import server, silent
from processes import told as environ_of
from test_starts import CODES, NOWHERE, OTHER, States

from caloria import guard
from caloria.extensions import db
from caloria.guard import table
from caloria.operations import doctor
from config import Config

QUESTIONS = (*table.CONFIGURATION, *table.CONNECTION, *table.SCHEMA, *table.IDENTITY)


def starts_with(config) -> int:
    try:
        guard.require(config, db.metadata)
    except guard.StartupRefused as refused:
        return refused.exit_code
    return 0


def examined(config) -> list:
    return list(doctor.examine(config, db.metadata))


def guards_code(environ: dict[str, str], folder) -> int:
    """What a start there ends with; that its process ends so as well is tried with the starts."""
    return starts_with(Config.load(environ, root=folder))


def named(checks, words):
    (check,) = [check for check in checks if check.name == words]
    return check


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
def test_the_doctor_exits_as_the_guard_does(refused, house, migrated, empty, execute, migrate_further, code):
    environ, _state = getattr(States(migrated, empty, execute, migrate_further), f"e{code}")()
    url = environ.get("DATABASE_URL")

    doctors = refused(("-m", "flask", "doctor"), environ, url=url)

    assert (guards_code(environ, house), doctors.exit_code) == (code, code), doctors.output
    assert f"refused with exit code {code}" in doctors.output
    assert "\nFAIL " in doctors.output
    assert "secret-word" not in doctors.output


@pytest.mark.slow
def test_where_a_start_goes_on_the_doctor_ends_well(refused, migrated):
    outcome = refused(("-m", "flask", "doctor", "--json"), environ_of(migrated), url=migrated)

    said = json.loads(outcome.output)
    assert outcome.exit_code == said["exit_code"] == 0
    assert set(said) == {"environment", "server", "database", "exit_code", "checks"}
    assert {frozenset(check) for check in said["checks"]} == {frozenset(("name", "status", "detail", "mend"))}
    assert not [check for check in said["checks"] if check["status"] in ("FAIL", "unknown")]


def test_every_question_of_the_guard_is_a_line(told, migrated):
    healthy, away = examined(told(migrated)), examined(told(None))

    for checks in (healthy, away):
        names = [check.name for check in checks]
        assert len(set(names)) == len(names)
        for question in QUESTIONS:
            last_words = question.__name__.partition("_")[2].replace("_", " ")
            assert [name for name in names if name.endswith(last_words)], question


@pytest.mark.parametrize("environment", ["development", "staging", "production"])
def test_they_agree_on_a_database_of_each_environment(told, labelled, database_id, environment):
    url = labelled("staging")
    for more in ({}, {"CALORIA_DB_ID": database_id}, {"CALORIA_DB_ID": OTHER}, {"FLASK_DEBUG": "1"}):
        config = told(url, environment, **more)

        checks = examined(config)

        assert doctor.exit_code(checks) == starts_with(config)
        refusals = [check for check in checks if check.exit_code]
        assert all(check.mend for check in refusals)
        assert bool(refusals) == bool(doctor.exit_code(checks))


def test_all_that_is_wrong_with_an_identity_is_told_at_once(told, labelled, execute):
    url = labelled("staging")
    if url.startswith("sqlite"):
        pytest.skip("a SQLite file is refused earlier")
    execute(url, "UPDATE identity SET database_oid = 1")

    checks = examined(told(url, "production", PUBLIC_URL="https://localhost"))

    assert doctor.exit_code(checks) == 83
    assert [check.exit_code for check in checks if check.exit_code] == [83, 78, 84]
    pinned = named(checks, "database is pinned")
    assert pinned.mend.startswith("echo 'CALORIA_DB_ID=")


def test_what_an_earlier_phase_refused_leaves_later_questions_unasked(told, empty, execute):
    execute(empty, "CREATE TABLE wp_posts (id INTEGER)")

    checks = examined(told(empty))

    states = [check.status for check in checks]
    assert states.count("FAIL") == 1
    assert {check.status for check in checks if check.name.startswith("database is of")} == {"-"}
    assert named(checks, "database answers").status == "ok"


def test_what_is_only_said_is_a_warning_and_no_refusal(told, migrated, migrate_further):
    migrate_further(migrated, oldest="0001")
    config = told(migrated)

    checks = examined(config)

    assert (doctor.exit_code(checks), starts_with(config)) == (0, 0)
    assert named(checks, "database is not too new").status == "warn"


def test_a_database_in_memory_is_not_asked(told):
    checks = examined(told("sqlite://"))

    assert doctor.exit_code(checks) == 0
    assert named(checks, "database can be written").status == "-"
    assert "of its own" in named(checks, "database can be written").detail


@pytest.mark.slow
def test_silent_servers_cost_seconds_and_no_more(refused):
    with server(silent) as port:
        environ = environ_of(f"postgresql://caloria:secret-word@127.0.0.1:{port}/caloria")
        environ |= {
            "MAIL_SERVER": "127.0.0.1",
            "MAIL_PORT": str(port),
            "MAIL_FROM": "a@b.c",
            "MIGRATION_DATABASE_URL": f"postgresql://owner:secret-word@127.0.0.1:{port}/caloria",
        }
        outcome = refused(("-m", "flask", "doctor", "--json"), environ)

    checks = {check["name"]: check for check in json.loads(outcome.output)["checks"]}
    assert outcome.exit_code == 69
    assert checks["mail server answers"]["status"] == "warn"
    assert checks["migrations reach the database"]["status"] == "unknown"
    assert "secret-word" not in outcome.output


@pytest.mark.slow
def test_no_part_of_a_password_is_said(refused):
    word = "p%40ss%2Fw0rd%3Fx"
    url = NOWHERE.replace("secret-word", word)
    outcome = refused(("-m", "flask", "doctor"), environ_of(url, MIGRATION_DATABASE_URL=f"{url}2"))

    for part in ("p%40s", "p@ss", "w0rd", "%3Fx", "?x"):
        assert part not in outcome.output


@pytest.mark.parametrize(
    "settings",
    [
        {"CALORIA_ENV": "prod ", "WEB_CONCURRENCY": "many", "CALORIA_SERVERS": "web/1", "MAIL_TLS": "no"},
        {"DATABASE_URL": "postgresql://caloria@localhost:99999/caloria"},
        {"DATABASE_URL": "postgresql://caloria@localhost/caloria?colour=red"},
        {"DATABASE_URL": "postgresql://caloria@/caloria?host=127.0.0.1:1,127.0.0.1:2"},
        {"DATABASE_URL": "sqlite:////nowhere/at/all.db"},
    ],
)
@pytest.mark.slow
def test_they_agree_on_settings_that_make_no_sense(refused, house, migrated, settings):
    environ = environ_of(migrated) | settings

    doctors = refused(("-m", "flask", "doctor", "--json"), environ)

    assert doctors.exit_code == guards_code(environ, house) != 0, doctors.output
    assert json.loads(doctors.output)["exit_code"] == doctors.exit_code
