"""The database of a run: made, migrated, filled and dropped on a server that others may use too."""

import re
import secrets
import subprocess
import sys
from contextlib import closing

import _process
import _setup
import processes
import psycopg2
import seed
from servers import WORKERS
from sqlalchemy import make_url


class Database:
    """A new database that role caloria owns, dropped when the stack ends; one that has a name is kept."""

    def __init__(self, server_url, stack, template="template0", name=None):
        server = make_url(server_url).set(drivername="postgresql")
        url = server.set(username="caloria", password=None, database=name or f"bench_{secrets.token_hex(6)}")
        self.url = url.render_as_string(hide_password=False)
        self.superuser_url = server.set(database=url.database).render_as_string(hide_password=False)
        self.admin = stack.enter_context(closing(connect(server.render_as_string(hide_password=False))))
        if not self.ask("SELECT count(*) FROM pg_roles WHERE rolname = 'caloria'"):
            self.say("CREATE ROLE caloria LOGIN")
        self.name = url.database
        if not self.ask(f"SELECT count(*) FROM pg_database WHERE datname = '{self.name}'"):
            self.say(f"CREATE DATABASE {self.name} OWNER caloria ENCODING 'UTF8' TEMPLATE {template}")
        if name is None:
            stack.callback(self.say, f"DROP DATABASE {self.name} WITH (FORCE)")

    def say(self, sql):
        with self.admin.cursor() as cursor:
            cursor.execute(sql)

    @property
    def note(self):
        """What was noted of it; None where nothing was."""
        return self.ask(
            f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{self.name}'"
        )

    def take_note(self, text):
        with self.admin.cursor() as cursor:
            cursor.execute(f"COMMENT ON DATABASE {self.name} IS %s", (text,))

    def ask(self, sql):
        with self.admin.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0]

    @property
    def version(self):
        return self.ask("SHOW server_version").split()[0]

    @property
    def postmaster(self):
        return processes.postmaster(self.admin.info.backend_pid)

    def migrate(self, environment):
        """Make the tables as an operator does, and import the foods that the days are made of."""
        flask(environment, "db", "upgrade")
        environment["CALORIA_DB_ID"] = self.identity()
        flask(environment, "foods", "import", "starter")

    def identity(self):
        with closing(connect(self.url)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT uuid FROM identity")
            return str(cursor.fetchone()[0])

    def seed(self, people, **how_much):
        """Fill the tables, leave the server nothing to tidy up; return how much it is, and who signed in."""
        with closing(connect(self.url)) as connection, connection.cursor() as cursor:
            counts, signed_in = seed.fill(cursor, people, **how_much)
            cursor.execute("VACUUM (ANALYZE)")
        self.say("CHECKPOINT")
        return counts, signed_in


def flask(environment, *words):
    done = subprocess.run(
        [sys.executable, "-m", "flask", *words],
        cwd=_setup.ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode:
        sys.exit(f"flask {' '.join(words)} failed:\n{done.stdout}{done.stderr}")


def connect(url):
    connection = psycopg2.connect(url)
    connection.autocommit = True
    return connection


def in_production(environment):
    """The same for an app in production, whose database is yet to be migrated."""
    told = {"CALORIA_ENV": "production", "TRUSTED_HOSTS": "127.0.0.1,localhost"}
    return environment | told


def environment_on(url):
    """What the app is told: nothing of this shell's or .env's, so that the rest has its defaults."""
    kept, _ = _process.clean_environment()
    known = re.findall(r"^#?\s*([A-Z][A-Z0-9_]*)=", (_setup.ROOT / ".env.example").read_text(), re.MULTILINE)
    told = {"CALORIA_ENV": "test", "SECRET_KEY": secrets.token_hex(32), "WEB_CONCURRENCY": str(WORKERS)}
    return kept | dict.fromkeys(known, "") | _process.on_database(url) | told
