"""Real processes: each exit code by each way of starting."""

from pathlib import Path

import pytest
from processes import WAYS, told
from sqlalchemy import make_url

pytestmark = pytest.mark.slow
# One code of each kind comes by every way: of what was said, of the connection and of the schema.
BY_EVERY_WAY = (69, 78, 80)
CODES = (69, 70, 78, 80, 81, 82, 83, 84, 85)
OTHER = "018f0000-0000-7000-8000-000000000000"
NOWHERE = "postgresql://caloria:secret-word@127.0.0.1:1/caloria"


class States:
    """One database for each exit code, with what a process is told about it."""

    def __init__(self, url, empty, execute, migrate_further):
        self.url, self.empty, self.execute, self.migrate_further = url, empty, execute, migrate_further

    def e78(self):
        return told(None), "database_url_missing"

    def e69(self):
        return told(NOWHERE), "connection_refused"

    def e70(self):
        if not self.url.startswith("sqlite"):
            pytest.skip("PostgreSQL does not hold a broken UUID")
        self.execute(self.url, "UPDATE identity SET uuid = 'broken'")
        return told(self.url), "check_failed"

    def e80(self):
        if self.empty.startswith("sqlite"):
            Path(make_url(self.empty).database).touch()
        return told(self.empty), "not_migrated"

    def e81(self):
        self.migrate_further(self.url)
        return told(self.url), "newer_than_code"

    def e82(self):
        self.execute(self.empty, "CREATE TABLE wp_posts (id INTEGER)")
        return told(self.empty), "foreign_tables"

    def e83(self):
        return told(self.url, "development"), "other_environment"

    def e84(self):
        return told(self.empty, CALORIA_DB_ID=OTHER), "pinned_database_absent"

    def e85(self):
        if self.url.startswith("sqlite"):
            pytest.skip("root writes where nobody may")
        name = make_url(self.url).database
        self.execute(self.url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        return told(self.url), "database_read_only"


def ways_of(code: int, engine: str) -> list[str]:
    """The ways to try: all of them, or two, each time others."""
    if code in BY_EVERY_WAY and engine == "postgresql":
        # An option of gunicorn's more, which asks in the same place.
        return [way for way in WAYS if way != "gunicorn --preload" or code != 78]
    ways, number = ["flask run", "gunicorn", "a command", "create_app()", "a cron line"], CODES.index(code)
    return [ways[number % 5], ways[(number + 1) % 5]]


@pytest.mark.parametrize("code", CODES)
def test_every_way_of_starting_ends_with_the_code_of_the_state(
    refused, env_file, migrated, empty, execute, migrate_further, engine_name, code
):
    if engine_name == "sqlite" and code not in (70, 80):
        pytest.skip("its real starts are tried on PostgreSQL")
    said, state = getattr(States(migrated, empty, execute, migrate_further), f"e{code}")()
    env_file(**said)
    for way in ways_of(code, engine_name):
        environ = {} if way == "a cron line" else said
        outcome = refused(way, environ, url=said.get("DATABASE_URL"))
        assert outcome.exit_code == code, (way, outcome.output)
        assert f"[{code} {state}]" in outcome.output, way
        assert "Traceback" not in outcome.output, (way, outcome.output)


def test_an_unhandled_refusal_in_python_tells_no_more_than_a_handled_one(refused):
    outcome = refused(("-c", "from caloria import create_app; create_app()"), told(NOWHERE))
    assert outcome.exit_code == 1
    assert "[69 connection_refused]" in outcome.output
    assert "secret-word" not in outcome.output
    assert "During handling" not in outcome.output


def test_help_is_there_in_every_state_and_hides_no_command(refused):
    for words in (
        ["--help"],
        ["users", "--help"],
        ["users", "create", "--help"],
        ["db", "upgrade", "--help"],
    ):
        outcome = refused(("-m", "flask", *words), told(None))
        assert outcome.exit_code == 0, outcome.output
        assert "Usage:" in outcome.output
        if words == ["--help"]:
            assert all(f"\n  {name} " in outcome.output for name in ("db", "demo", "foods", "users", "run"))
