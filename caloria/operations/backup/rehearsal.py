"""Caloria itself, started on a database that was restored: told of that one alone, and asked for a page."""

import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from typing import Any, NamedTuple

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import URL

from caloria.operations.backup.failure import Broken
from caloria.operations.backup.manifest import Manifest
from caloria.operations.backup.throwaway import end, surroundings
from caloria.operations.backup.tools import die_with_parent
from config import Config
from settings.database import parse_database_url
from settings.sources import Settings

SECONDS_FOR_AN_ANSWER = 120
SECONDS_TO_MIGRATE = 6 * 3600
HOST = "localhost"


class Answer(NamedTuple):
    """What a page said."""

    status: int
    text: str


class Rehearsal:
    """One start of Caloria on a database that is nobody's, with a new key and no way out.

    The environment wins over .env, also where it says that something is empty: so every setting there is, and
    every other line of .env, is said here, and most are said to be empty.
    """

    def __init__(self, config: Config, kept: Manifest, url: URL):
        read = Settings({}, config.root)
        Config(read)
        address = url.set(drivername=url.get_backend_name()).render_as_string(hide_password=False)
        identity = kept.facts["database"]
        blank = dict.fromkeys(read.names | read.file.values.keys(), "")
        self.environ = blank | surroundings(
            CALORIA_ENV=identity["environment"],
            CALORIA_DB_ID=identity["uuid"],
            DATABASE_URL=address,
            SECRET_KEY=secrets.token_hex(32),
            TRUSTED_HOSTS=HOST,
            WEB_CONCURRENCY="1",
            LOG_LEVEL="WARNING",
            FLASK_SKIP_DOTENV="1",
            PYTHONDONTWRITEBYTECODE="1",
        )
        self.config = Config.load(self.environ, config.root)
        self.require_apart(parse_database_url(address, config.root))

    def require_apart(self, url: URL) -> None:
        """A drill that writes where people write would be the worst accident of all."""
        told = self.config
        if {told.database_url, told.migration_database_url} != {url} or told.mail_server:
            raise Broken("Caloria would not be kept to the restored database, and was not started")

    def migrate(self) -> None:
        """Bring the database to the revision of this code. Raises Broken."""
        with tempfile.TemporaryFile("w+", errors="replace") as said:
            done = subprocess.run(
                [sys.executable, "-m", "flask", "db", "upgrade", "--no-backup"],
                timeout=SECONDS_TO_MIGRATE,
                **self.process(said),
            )
            if done.returncode:
                raise Broken(f"flask db upgrade failed on it: {gist(said)}")

    @contextmanager
    def serving(self) -> Iterator[int]:
        """The port where it answers, for as long as the block lasts. Raises Broken."""
        with tempfile.TemporaryFile("w+", errors="replace") as said:
            process, port = self.start(said)
            try:
                if ask(port, "/health").status != 200:
                    raise Broken(f"Caloria did not start on it: {gist(said)}")
                yield port
            finally:
                end(process)

    def start(self, said: Any) -> tuple[subprocess.Popen, int]:
        """gunicorn on a free port, bound here and handed over: nobody else can take it in between."""
        with socket.create_server(("127.0.0.1", 0), backlog=16) as listener:
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "gunicorn", "wsgi:app", f"--bind=fd://{listener.fileno()}"],
                pass_fds=[listener.fileno()],
                start_new_session=True,
                **self.process(said),
            )
            return process, listener.getsockname()[1]

    def process(self, said: Any) -> dict[str, Any]:
        return {
            "cwd": self.config.root,
            "env": self.environ,
            "stdin": subprocess.DEVNULL,
            "stdout": said,
            "stderr": said,
            "preexec_fn": die_with_parent,
        }

    def cookie(self, token: str) -> str:
        """What the browser of the person with this session would send."""
        app = Flask(__name__)
        app.config.from_mapping(self.config.flask_settings())
        signing = SecureCookieSessionInterface().get_signing_serializer(app)
        if signing is None:
            raise LookupError("no SECRET_KEY signs the cookies of a drill")
        return f"{app.config['SESSION_COOKIE_NAME']}={signing.dumps({'_user_id': token, '_fresh': True})}"


def ask(port: int, path: str, cookie: str = "") -> Answer:
    """Ask for a page; one that is still starting answers when it has started, and one that ended with 0."""
    connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS_FOR_AN_ANSWER)
    try:
        connection.request(
            "GET", path, headers={"Host": HOST, "Cookie": cookie} if cookie else {"Host": HOST}
        )
        response = connection.getresponse()
        return Answer(response.status, response.read().decode())
    except (OSError, HTTPException):
        return Answer(0, "")
    finally:
        connection.close()


def gist(said: Any) -> str:
    """What the guard found, or else the last line: the whole log would bury it."""
    said.seek(0)
    lines = [line.strip() for line in said.read().splitlines() if line.strip()]
    found = [line.removeprefix("Found:").strip() for line in lines if line.startswith("Found:")]
    return (found or lines[-1:] or ["it said nothing"])[0][:300]
