"""Databases in every state that the guard knows, and proof that asking changed nothing."""

import compileall
import shutil
from pathlib import Path

import pytest
from evidence import files, snapshot
from forked import CODE_THAT_STAYS
from processes import KEY, WAYS, start
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

import caloria.models  # noqa: F401  so that the metadata knows every table
from caloria import guard
from caloria.extensions import db
from config import Config

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("caloria", "settings", "migrations", "config.py", "wsgi.py", "gunicorn.conf.py")


@pytest.fixture(scope="session")
def house(tmp_path_factory) -> Path:
    """A copy of the code, whose folder may hold a .env of its own."""
    folder = tmp_path_factory.mktemp("house")
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, folder / part)
    compileall.compile_dir(folder, quiet=2)
    CODE_THAT_STAYS.add(folder)
    return folder


@pytest.fixture
def env_file(house):
    path = house / ".env"
    yield lambda **said: path.write_text("\n".join(f"{name}={text}" for name, text in said.items()) + "\n")
    path.unlink(missing_ok=True)


@pytest.fixture
def refused(house):
    """A start by one way that is refused, changes nothing and never listens."""

    def refused(way: str, environ: dict[str, str], folder: Path | None = None, url: str | None = None):
        before = snapshot(url), files(house)
        arguments = WAYS.get(way, way)
        outcome = start(arguments, folder or house, environ)
        assert not outcome.listened
        assert (snapshot(url), files(house)) == before, outcome.output
        return outcome

    return refused


def execute(url, *statements: str) -> list:
    """Run SQL on a database, as its owner, and return the last answer's rows."""
    engine = create_engine(make_url(str_of(url)), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        results = [connection.exec_driver_sql(statement) for statement in statements]
        return results[-1].all() if results[-1].returns_rows else []


def str_of(url) -> str:
    text = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    return text.replace("postgresql://", "postgresql+psycopg2://")


@pytest.fixture(name="execute")
def give_execute():
    return execute


@pytest.fixture
def empty(make_database) -> str:
    return make_database()


@pytest.fixture
def migrated(make_database, migrated_url) -> str:
    """A fresh migrated database, bound to the server as if it had been made here."""
    url = make_database(copy_of=migrated_url)
    if url.startswith("postgres"):
        oid = "(SELECT oid::bigint FROM pg_database WHERE datname = current_database())"
        execute(url, f"UPDATE identity SET database_oid = {oid}")
    return url


@pytest.fixture
def migrate_further(execute):
    """Leave a database as a newer version does, which lets code from one revision on still run on it."""

    def migrate_further(url: str, oldest: str = "f00f00f00f00") -> None:
        execute(
            url,
            "UPDATE alembic_version SET version_num = 'f00f00f00f00'",
            f"UPDATE identity SET oldest_compatible_revision = '{oldest}'",
        )

    return migrate_further


@pytest.fixture
def database_id(migrated) -> str:
    return str(execute(migrated, "SELECT uuid FROM identity")[0][0])


@pytest.fixture
def labelled(migrated):
    """The migrated database, as one of another environment."""

    def label(environment: str) -> str:
        execute(migrated, f"UPDATE identity SET environment = '{environment}'")
        return migrated

    return label


@pytest.fixture
def told(tmp_path):
    """The configuration of a process that was told this much."""

    def tell(url: str | None = None, environment: str | None = "test", **more: str | None) -> Config:
        said = {
            "CALORIA_ENV": environment,
            "DATABASE_URL": url,
            "SECRET_KEY": KEY,
            "TRUSTED_HOSTS": "localhost",
        }
        said |= more
        return Config.load({name: text for name, text in said.items() if text is not None}, root=tmp_path)

    return tell


@pytest.fixture
def require():
    return lambda config: guard.require(config, db.metadata)


@pytest.fixture
def refusal(require):
    """The refusal of a start, which left everything as it was."""

    def refuse(config: Config) -> guard.StartupRefused:
        before = snapshot(config.database_url)
        with pytest.raises(guard.StartupRefused) as caught:
            require(config)
        assert snapshot(config.database_url) == before
        assert caught.value.__context__ is None
        return caught.value

    return refuse


@pytest.fixture
def state(refusal):
    """The exit code and the state in which a start is refused."""

    def state(config: Config) -> tuple[int, str]:
        refused = refusal(config)
        return refused.exit_code, refused.state

    return state
