"""A SQLite file in which somebody has lived, and an empty PostgreSQL that it can move into."""

import sqlite3
from contextlib import closing
from datetime import time
from pathlib import Path

import pytest
from living import live_a_month
from surroundings import ROOT, environment, flask

from caloria.operations.transfer.move import Wanted, transfer
from config import Config


@pytest.fixture(scope="session", autouse=True)
def server(engine_name):
    if engine_name != "postgresql":
        pytest.skip("a move goes to PostgreSQL")


@pytest.fixture(scope="session")
def lived_in(server, tmp_path_factory) -> Path:
    """A month of diary in a file. Copy it; do not change it."""
    from caloria import create_app
    from caloria.extensions import db
    from caloria.models import Reminders, Signup
    from caloria.models.ids import new_id

    file = tmp_path_factory.mktemp("source") / "caloria.db"
    url = f"sqlite:///{file}"
    assert flask("db", "upgrade", url=url).returncode == 0
    app = create_app(Config.load(environment(url), root=ROOT))
    live_a_month(app)
    with app.app_context():
        signup = Signup("Zoë\\N\t“Tab”\n", "Zoë@Example.org", "correct horse battery", "Europe/Madrid")
        Reminders(signup.complete()).add(time(20, 30), None, new_id(), "digest")
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return file


class Source:
    """The file that is moved, and what a test does to it first."""

    def __init__(self, file: Path):
        self.file = file

    def run(self, *statements: str) -> list:
        with closing(sqlite3.connect(self.file, isolation_level=None)) as connection:
            return [connection.execute(statement).fetchall() for statement in statements][-1]

    def take_back(self) -> None:
        """Make it what an older version of Caloria left."""
        taken_back = flask("db", "downgrade", "0003", url=f"sqlite:///{self.file}")
        assert taken_back.returncode == 0, taken_back.stderr

    @property
    def folder(self) -> set[str]:
        return {path.name for path in self.file.parent.iterdir()}


@pytest.fixture
def source(lived_in, tmp_path) -> Source:
    (tmp_path / "source").mkdir()
    file = tmp_path / "source" / "caloria.db"
    file.write_bytes(lived_in.read_bytes())
    return Source(file)


class Destination:
    def __init__(self, url: str, execute, kept: Path):
        self.url, self.execute, self.kept = url, execute, kept

    @property
    def config(self) -> Config:
        return Config.load(environment(self.url, BACKUP_DIR=str(self.kept)), root=ROOT)

    def run(self, *statements: str) -> list:
        return self.execute(self.url, *statements)

    def rows(self) -> dict[str, int]:
        """How many rows there are in each table, but for those that tell of the database itself."""
        names = self.run("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        own = {"alembic_version", "identity", "audit_events"}
        return {
            name: self.run(f'SELECT count(*) FROM "{name}"')[0][0] for (name,) in names if name not in own
        }

    @property
    def is_empty(self) -> bool:
        events = self.run("SELECT count(*) FROM audit_events WHERE act <> 'db upgrade'")[0][0]
        schemas = self.run("SELECT count(*) FROM pg_namespace WHERE nspname = 'caloria_transfer'")[0][0]
        return not any(self.rows().values()) and not events and not schemas


@pytest.fixture
def target(make_database, migrated_url, tmp_path) -> Destination:
    from clusters import execute
    from sqlalchemy import make_url

    return Destination(
        make_database(copy_of=migrated_url),
        lambda url, *said: execute(make_url(url), *said),
        tmp_path / "kept",
    )


@pytest.fixture
def move(source, target):
    """Move the one into the other, in this process."""

    def move(progress=lambda *_: None, **wanted):
        return transfer(target.config, source.file, Wanted(**wanted), progress)

    return move
