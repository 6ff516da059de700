"""What a process was told, in the variants that test_every_row.py leaves out."""

import click
import pytest

from caloria import guard

DEPLOYED = ("staging", "production")
POSTGRESQL = "postgresql://caloria@localhost/caloria"
FAR = "postgresql://caloria@db1.example.org/caloria"


@pytest.mark.parametrize("name", ["prod", "Production", "production ", "testing", "none"])
def test_an_environment_nobody_knows_is_refused(state, told, name):
    assert state(told(POSTGRESQL, name)) == (78, "environment_unknown")


def test_an_unset_environment_has_productions_rules(state, told):
    assert state(told("sqlite:///x.db", None)) == (78, "sqlite_in_production")


def test_flasks_name_for_the_environment_is_honoured(told):
    assert told(POSTGRESQL, None, FLASK_ENV="development").environment == "development"


@pytest.mark.parametrize(
    "url",
    [
        "caloria",
        "postgresql:/caloria",
        "postgresql://",
        "postgresql://localhost",
        "postgresql://localhost:port/caloria",
        "postgresql://localhost:0/caloria",
        "postgresql://localhost:65536/caloria",
        "postgresql://caloria:p@ss@localhost/caloria",
        "postgresql://caloria:pa/ss@localhost/caloria",
        "postgresql://caloria:pa?ss@localhost/caloria",
        "postgresql://caloria:pa#ss@localhost/caloria",
        "postgresql://caloria:pa ss@localhost/caloria",
        "postgresql://caloria:pa%ss@localhost/caloria",
        "postgresql://caloria%3Apass@localhost/caloria",
        "postgresql://localhost:5432,other:5433/caloria",
        "sqlite://instance/caloria.db",
        "sqlite:///file:caloria.db?uri=true",
    ],
)
def test_an_address_that_could_be_misread_is_refused(state, told, url):
    assert state(told(url)) == (78, "database_url_invalid")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql:///caloria", "PGHOST"),
        ("postgresql://localhost/caloria", "PGPORT"),
        ("postgresql://localhost:5432/caloria", "PGUSER"),
        (POSTGRESQL, "PGSERVICE"),
    ],
)
def test_an_address_that_a_stray_variable_completes_is_refused(state, told, url, name):
    assert state(told(url, **{name: "1"})) == (78, "database_url_incomplete")
    assert (
        told("postgresql://caloria@localhost:5432/caloria", **{name: "1"}).mistakes == []
        or name == "PGSERVICE"
    )
    assert told("sqlite:///x.db", **{name: "1"}).mistakes == []


@pytest.mark.parametrize("scheme", ["mysql", "postgresql+psycopg", "postgresql+asyncpg", "mssql+pyodbc"])
def test_another_engine_is_refused(state, told, scheme):
    assert state(told(f"{scheme}://caloria@localhost/caloria")) == (78, "database_engine_unknown")


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///file::memory:?uri=true"]
)
def test_a_database_in_memory_is_for_tests_alone(state, require, told, url):
    for environment in ("development", *DEPLOYED):
        assert state(told(url, environment)) == (78, "sqlite_in_memory")
    assert require(told(url, "test")) == []


@pytest.mark.parametrize("environment", DEPLOYED)
@pytest.mark.parametrize(
    "query", ["", "?sslmode=prefer", "?sslmode=disable", "?host=db1.example.org&port=5432"]
)
def test_another_machine_is_reached_over_tls(state, told, query, environment):
    assert state(told(FAR + query, environment)) == (78, "database_without_tls")


def test_tls_is_not_asked_of_a_developer_nor_of_this_machine(told):
    from caloria.guard.configuration import other_machines_are_reached_over_tls as question

    assert question(told(FAR, "development")) is None
    assert question(told(FAR + "?sslmode=verify-full", "production")) is None
    for near in ("localhost", "127.0.0.1", "[::1]", ""):
        assert question(told(f"postgresql://caloria@{near}/caloria", "production")) is None
    assert question(told("postgresql:///caloria?host=/run/postgresql", "production")) is None
    assert question(told("postgresql://localhost,db1/caloria", "production"))


@pytest.mark.parametrize(
    "key",
    [
        None,
        "",
        "short",
        "x" * 64,
        "please-change-me-before-you-deploy-this",
        "an-example-key-an-example-key-0",
    ],
)
def test_a_key_that_is_no_secret_is_refused(state, told, key):
    for environment in ("development", *DEPLOYED):
        assert state(told(POSTGRESQL, environment, SECRET_KEY=key)) == (78, "secret_key_weak")


@pytest.mark.parametrize("option", ["reload", "debugger"])
def test_options_of_flask_run_count_as_debugging(state, told, option):
    with click.Context(click.Command("run")) as context:
        context.params = {option: True}
        assert state(told(POSTGRESQL, "production")) == (78, "debug_in_production")


def test_what_is_no_reason_to_refuse_is_noticed(told, tmp_path):
    (tmp_path / ".env").write_text("LOG_LEVEL=DEBUG\n")
    heard = {
        notice.state: notice.text
        for notice in guard.notices(told(POSTGRESQL, "production", LOG_LEVEL="INFO"))
    }
    assert set(heard) == {"mail_missing", "env_file_overridden"}
    assert "LOG_LEVEL" in heard["env_file_overridden"]


def test_every_mistake_is_told_at_once_and_the_first_row_decides(refusal, told):
    refused = refusal(told("mysql://x/y", "production", SECRET_KEY="short", DATABASE_POOL_SIZE="many"))
    assert refused.state == "database_engine_unknown"
    assert [each.state for each in refused.refusals] == [
        "database_engine_unknown",
        "setting_invalid",
        "secret_key_weak",
    ]
    for word in ("DATABASE_URL", "DATABASE_POOL_SIZE", "SECRET_KEY", "Nothing was changed."):
        assert word in refused.message
