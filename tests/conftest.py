"""A migrated database of the real kind for the suite, a clean slate for each test, and the cast.

Alice keeps a diary, Bob is a stranger to her, Ada is an admin. Oats and milk are shared foods.
"""

import fcntl
import gc
import os
from pathlib import Path
from uuid import uuid4

import pytest
from collecting import asks_for_engine, is_in, keep_together
from databases import Postgres
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine, event, make_url, update
from surroundings import PASSWORD, ROOT, environment, flask


def pytest_addoption(parser):
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")
    alone = (
        "leave out tests that ask for no database, but for those in this folder; may be said several times"
    )
    parser.addoption("--without-database-in", action="append", type=Path, metavar="PATH", help=alone)


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: starts processes of its own")


def pytest_collection_modifyitems(config, items):
    """Run once what is the same on every engine: bin/test leaves it out of the second one's tests."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        keep_together(items)
    folders = config.getoption("--without-database-in")
    if folders is None:
        return
    left_out = [item for item in items if not asks_for_engine(item) and not is_in(item, folders)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in {*left_out}]


def pytest_collection_finish():
    """What is loaded by now stays: nobody need look through it again and again for what can go."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def engine_name(request) -> str:
    return request.config.getoption("--database")


@pytest.fixture(scope="session")
def postgres(engine_name):
    if "TEST_POSTGRES_URL" not in os.environ:
        end = pytest.skip if engine_name == "sqlite" else pytest.fail
        end("TEST_POSTGRES_URL is not set: bin/test starts a PostgreSQL and sets it.")
    server = Postgres(os.environ["TEST_POSTGRES_URL"])
    yield server
    server.engine.dispose()


@pytest.fixture(scope="session")
def make_database(engine_name, tmp_path_factory, request):
    """Make an empty database and return its URL; a copy of another one if that is named."""
    folder = tmp_path_factory.mktemp("databases")
    server = request.getfixturevalue("postgres") if engine_name == "postgresql" else None

    def make(copy_of: str | None = None) -> str:
        if engine_name == "sqlite":
            path = folder / f"{uuid4().hex}.db"
            if copy_of:
                path.write_bytes(Path(make_url(copy_of).database).read_bytes())
            return f"sqlite:///{path}"
        # Not dropped: the whole server is thrown away, and each drop waits for a checkpoint.
        return server.create(make_url(copy_of).database if copy_of else "template0")

    return make


@pytest.fixture(scope="session")
def shared(tmp_path_factory) -> Path:
    """A folder of all processes of this run."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def once(shared):
    """Have one process of this run make something that takes long, and all of them told its address."""

    def once(name: str, make) -> str:
        told = shared / name
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not told.exists():
                told.write_text(make())
        return told.read_text()

    return once


@pytest.fixture(scope="session")
def with_identity(make_database):
    """Make a copy of a database that is another one: what is done with it goes by its identity."""
    from caloria.models import Identity

    identity = uuid4()

    def with_identity(url: str) -> str:
        copy = make_database(copy_of=url)
        engine = create_engine(copy)
        with engine.begin() as connection:
            connection.execute(update(Identity).values(uuid=identity))
        engine.dispose()
        return copy

    return with_identity


@pytest.fixture(scope="session")
def migrated_url(make_database, once, with_identity) -> str:
    """A database that went through every migration. Copy it; do not change it."""

    def make() -> str:
        url = make_database()
        result = flask("db", "upgrade", url=url)
        assert result.returncode == 0, result.stderr
        return url

    return with_identity(once("migrated", make))


@pytest.fixture(scope="session")
def demo_url(make_database, migrated_url, once, with_identity) -> str:
    """A database in which somebody has kept a diary for months. Copy it; do not change it."""

    def make() -> str:
        url = make_database(copy_of=migrated_url)
        for words in (("foods", "import", "starter"), ("demo", "load")):
            assert flask(*words, url=url).returncode == 0
        return url

    return with_identity(once("demo", make))


class Client(FlaskClient):
    """A browser: every request has a context of its own, and forms carry their token."""

    def open(self, *args, **kwargs):
        if kwargs.get("method") == "POST" and kwargs.pop("csrf", True) and "data" in kwargs:
            kwargs["data"] = {"csrf_token": self.csrf_token(), **kwargs["data"]}
        with self.application.app_context():
            return super().open(*args, **{"buffered": True, **kwargs})

    def post(self, *args, data=None, **kwargs):
        return super().post(*args, data=data or {}, **kwargs)

    def csrf_token(self) -> str:
        with self.session_transaction() as session:
            secret = session.setdefault("csrf_token", "0" * 40)
        key = self.application.secret_key
        return URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(secret)


@pytest.fixture(scope="session")
def prepare(shared):
    """Give an app the browser of the tests, and its templates as code, which each app would compile anew."""
    (shared / "templates").mkdir(exist_ok=True)
    compiled = FileSystemBytecodeCache(str(shared / "templates"))

    def prepare(app):
        app.test_client_class = Client
        app.jinja_env.bytecode_cache = compiled
        return app

    return prepare


@pytest.fixture(scope="session")
def suite_app(migrated_url, make_database, prepare):
    from caloria import create_app
    from config import Config

    told = environment(make_database(copy_of=migrated_url))
    return prepare(create_app(Config.load(told, root=ROOT)))


@pytest.fixture
def app(suite_app, monkeypatch, tmp_path):
    """The app on a database to which nothing has happened yet, and in which nothing stays."""
    from caloria.extensions import db

    config = suite_app.extensions["caloria_config"]
    monkeypatch.setattr(config, "mail_outbox", tmp_path / "outbox")
    with suite_app.app_context():
        engines = db._app_engines[suite_app]
        with db.engine.connect() as connection, connection.begin() as outer:
            monkeypatch.setitem(engines, None, connection)
            db.session.configure(join_transaction_mode="create_savepoint")
            yield suite_app
            db.session.remove()
            outer.rollback()


@pytest.fixture
def make_app(make_database, migrated_url, prepare, tmp_path):
    """Make an app of its own, on a database in which what is committed stays: for several at once."""
    from caloria import create_app
    from caloria.extensions import db
    from config import Config

    made = []

    def make(url: str | None = None, **more: str):
        told = environment(url or make_database(copy_of=migrated_url), **more)
        app = prepare(create_app(Config.load(told, root=ROOT)))
        app.extensions["caloria_config"].mail_outbox = tmp_path / "outbox"
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def runner(app):
    return app.test_cli_runner()


@pytest.fixture(scope="session")
def password_hash() -> str:
    """What the password of the cast is kept as: worked out once, for that takes long."""
    from caloria.models import passwords

    return passwords.hashed(PASSWORD)


@pytest.fixture
def make_person(app, password_hash):
    """Make a person with an account, as the sign-up page does."""
    from caloria.extensions import db
    from caloria.models import Signup

    def make(name: str, **more):
        signup = Signup(name, f"{name.lower()}@example.org", PASSWORD, "Europe/Madrid")
        signup.password_hash = password_hash
        person = signup.complete()
        for attribute, value in more.items():
            setattr(person, attribute, value)
        db.session.commit()
        return person

    return make


@pytest.fixture
def alice(make_person):
    return make_person("Alice")


@pytest.fixture
def bob(make_person):
    return make_person("Bob")


@pytest.fixture
def ada(make_person):
    return make_person("Ada", is_admin=True)


@pytest.fixture
def sign_in(app):
    """Give a browser in which a person is signed in already."""
    from caloria.extensions import db
    from caloria.models import Session

    def sign_in(person) -> Client:
        started = Session.start(person)
        db.session.commit()
        browser = app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"] = started.token
            session["_fresh"] = True
        return browser

    return sign_in


@pytest.fixture
def make_food(app):
    from caloria.extensions import db
    from caloria.models import Food, Portion

    def make(name: str, portions=(), owner=None, **amounts):
        food = Food(
            owner_id=owner.id if owner else None,
            source="own" if owner else "usda",
            source_id=uuid4().hex,
            carbohydrate_basis="by_difference",
            **amounts,
        )
        food.rename(name)
        food.portions = [
            Portion(position=position, amount=1, unit=unit, gram_weight=grams)
            for position, (unit, grams) in enumerate(portions, start=1)
        ]
        db.session.add(food)
        db.session.commit()
        return food

    return make


@pytest.fixture
def oats(make_food):
    return make_food(
        "Oats, dry", [("cup", 80)], energy_kcal=380, protein_g=13, fat_g=7, carbohydrate_g=68, fiber_g=10
    )


@pytest.fixture
def milk(make_food):
    """Milk of which the fibre is not known."""
    return make_food(
        "Milk, whole",
        [("cup", 244)],
        energy_kcal=60,
        protein_g=3.2,
        fat_g=3.3,
        carbohydrate_g=4.8,
        sodium_mg=40,
    )


@pytest.fixture
def statements(app):
    """What was said to the database, but for the beginning and the end of transactions."""
    from caloria.extensions import db

    said: list[str] = []
    noise = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(noise):
            said.append(statement)

    connection = db._app_engines[app][None]
    event.listen(connection, "before_cursor_execute", note)
    yield said
    event.remove(connection, "before_cursor_execute", note)
