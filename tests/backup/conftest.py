"""A database in which somebody has lived, and what a process that backs it up is told."""

from uuid import uuid4

import pytest
from backups import config_for
from clusters import execute
from living import live_a_month
from sqlalchemy import make_url
from surroundings import ROOT, environment

from caloria.operations.backup.source import MOMENT


@pytest.fixture(scope="session")
def lived_in(make_database, migrated_url) -> str:
    """A database with a month of diary in it. Copy it; do not change it."""
    from caloria import create_app
    from config import Config

    url = make_database(copy_of=migrated_url)
    live_a_month(create_app(Config.load(environment(url), root=ROOT)))
    return url


@pytest.fixture
def url(make_database, lived_in) -> str:
    url = make_database(copy_of=lived_in)
    if url.startswith("postgres"):
        oid = "(SELECT oid::bigint FROM pg_database WHERE datname = current_database())"
        execute(url, f"UPDATE identity SET database_oid = {oid}")
    return url


@pytest.fixture
def config(url, tmp_path):
    return config_for(url, tmp_path / "shelf")


@pytest.fixture
def beside(url, tmp_path) -> tuple[str, str]:
    """A name that is free, as --into and as an address."""
    if url.startswith("sqlite"):
        return str(tmp_path / "restored.db"), f"sqlite:///{tmp_path / 'restored.db'}"
    name = f"restored_{uuid4().hex[:12]}"
    return name, make_url(url).set(database=name).render_as_string(False)


@pytest.fixture
def server(engine_name):
    """Asked for by what is about PostgreSQL's server and programs."""
    if engine_name != "postgresql":
        pytest.skip("SQLite has neither a server nor programs")


@pytest.fixture
def clock(monkeypatch):
    """Let the clock of the database's server be so many days off."""

    def set_clock(days: float) -> None:
        monkeypatch.setitem(MOMENT, "postgresql", f"SELECT statement_timestamp() + interval '{days} days'")
        now = f"SELECT strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', '{days:+} days')"
        monkeypatch.setitem(MOMENT, "sqlite", now)

    return set_clock
