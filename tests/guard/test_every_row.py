"""Every row of the guard's table, in every environment, on a database that really is in that state."""

from pathlib import Path
from uuid import uuid4

import pytest
from evidence import snapshot
from fake_server import passing_on_to, refusing, server, silent
from own_server import own_server
from sqlalchemy import make_url
from surroundings import flask

from caloria.guard import StartupRefused, revisions
from settings.database import is_in_memory, is_sqlite

# What each start answers: an exit code; warn, and it starts; start. "deployed" is staging and production.
# Where a code has another state than its row, that is named behind it.
TABLE = """
row  trouble                           state                    development  test   deployed
1    unknown_environment               environment_unknown      78           78     78
1    contradicted_environment          environment_contradicted 78           78     78
2    no_address                        database_url_missing     78           78     78
2    empty_address                     database_url_missing     78           78     78
2    blank_address                     database_url_missing     78           78     78
2    the_word_none                     database_url_missing     78           78     78
2    quoted_address                    database_url_missing     78           78     78
3    no_url                            database_url_invalid     78           78     78
3    bad_port                          database_url_invalid     78           78     78
3    unescaped_password                database_url_invalid     78           78     78
3    address_left_open                 database_url_incomplete  78           78     78
4    other_engine                      database_engine_unknown  78           78     78
5    sqlite_file                       sqlite_in_production     start        start  78
6    missing_file                      database_file_missing    80           80     78:sqlite_in_production
7    in_memory                         sqlite_in_memory         78           start  78
8    retired_file                      database_retired         84           84     78:sqlite_in_production
9    unknown_host                      host_unknown             69           69     69
9    refused_connection                connection_refused       69           69     69
9    silent_server                     database_silent          69           69     69
9    no_tls_there                      tls_failed               69           69     69
9    starting_up                       database_starting        69           69     69
9    too_many_connections              connections_exhausted    69           69     69
10   wrong_password                    database_password        78           78     78
10   missing_database                  database_missing         78           78     78
11   far_without_tls                   database_without_tls     start        start  78
12   empty                             not_migrated             80           80     80
13   empty_and_pinned                  pinned_database_absent   84           84     84
13   missing_file_and_pinned           pinned_database_absent   84           84     78:sqlite_in_production
14   stamped_over_nothing              tables_differ            82           82     82
14   changed_by_hand                   tables_differ            82           82     82
14   without_identity                  identity_missing         82           82     82
15   made_by_no_migration              tables_without_revision  82           82     82
16   another_applications              foreign_tables           82           82     82
17   two_heads                         two_heads                82           82     82
18   behind                            behind                   80           80     80
19   newer_inside_the_window           ahead_of_code            warn         start  warn
20   newer_outside_it                  newer_than_code          81           81     81
21   of_another_environment            other_environment        83           83     83
22   not_pinned                        database_id_missing      start        start  78
23   pinned_to_another                 other_database           warn         start  84
24   copied                            copied_database          warn         start  84
24   moved_to_another_server           copied_database          warn         start  84
25   read_only                         database_read_only       85           85     85
25   in_recovery                       database_read_only       85           85     85
26   other_encoding                    encoding_not_utf8        78           78     78
27   no_key                            secret_key_weak          78           start  78
27   short_key                         secret_key_weak          78           start  78
27   examples_key                      secret_key_weak          78           start  78
28   debug                             debug_in_production      start        start  78
28   no_trusted_hosts                  trusted_hosts_missing    start        start  78
28   insecure_cookies                  public_url_insecure      start        start  78
29   superuser                         role_superuser           warn         start  warn
"""
ROWS = [line.split() for line in TABLE.splitlines()[2:]]
ENVIRONMENTS = ("development", "test", "staging", "production")
SQLITE_ALONE = ("sqlite_file", "missing_file", "retired_file", "missing_file_and_pinned")
POSTGRESQL_ALONE = (
    "far_without_tls",
    "copied",
    "moved_to_another_server",
    "read_only",
    "in_recovery",
    "superuser",
)
OTHER = "018f0000-0000-7000-8000-000000000000"
NEAR = "postgresql://caloria:secret@127.0.0.1:{}/caloria"
VERSIONS = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"


@pytest.fixture(scope="module")
def behind_url(make_database, migrated_url) -> str:
    """A database that lacks the last migration. Copy it; do not change it."""
    url = make_database(copy_of=migrated_url)
    result = flask("db", "downgrade", url=url)
    assert result.returncode == 0, result.stderr
    return url


@pytest.fixture(scope="module")
def standby():
    with own_server() as own:
        own.become_standby()
        yield own


class Troubles:
    """Each brings a database into a state, and tells a process of it for which all else is in order."""

    def __init__(self, request, environment, told, execute):
        self.request, self.environment, self.execute = request, environment, execute
        self.deployed = environment in ("staging", "production")
        self._told = told
        self.on_sqlite = request.getfixturevalue("engine_name") == "sqlite"

    def have(self, name):
        return self.request.getfixturevalue(name)

    def told(self, url, environment=None, **more):
        return self._told(url, environment or self.environment, **more)

    def fake(self, answer) -> int:
        context = server(answer)
        port = context.__enter__()
        self.request.addfinalizer(lambda: context.__exit__(None, None, None))
        return port

    def in_order(self, *changes: str, copy_of: str = "migrated_url", **more):
        """The configuration of a migrated database of this environment, after some changes to it."""
        url = self.have("make_database")(copy_of=self.have(copy_of))
        oid = "(SELECT oid::bigint FROM pg_database WHERE datname = current_database())"
        oid = "NULL" if self.on_sqlite else oid
        self.execute(url, f"UPDATE identity SET environment = '{self.environment}', database_oid = {oid}")
        pin = {"CALORIA_DB_ID": str(self.execute(url, "SELECT uuid FROM identity")[0][0])}
        self.execute(url, *changes, "SELECT 1")
        return self.told(url, **pin | more)

    def not_ours(self, *statements: str, **more):
        """The configuration of a database that no migration of ours has seen."""
        url = self.have("empty")
        if self.on_sqlite:
            Path(make_url(url).database).touch()
        self.execute(url, *statements, "SELECT 1")
        return self.told(url, **more)

    # Settings

    def unknown_environment(self):
        return self.told(NEAR.format(1), f"{self.environment} ")

    def contradicted_environment(self):
        other = "test" if self.environment != "test" else "production"
        return self.told(NEAR.format(1), FLASK_ENV=other)

    def no_address(self):
        return self.told(None)

    def empty_address(self):
        return self.told("")

    def blank_address(self):
        return self.told("   ")

    def the_word_none(self):
        return self.told("None")

    def quoted_address(self):
        return self.told('"postgresql://caloria@localhost/caloria"')

    def no_url(self):
        return self.told("caloria")

    def bad_port(self):
        return self.told(NEAR.format(65536))

    def unescaped_password(self):
        return self.told("postgresql://caloria:p@ss/w#rd@localhost/caloria")

    def address_left_open(self):
        return self.told("postgresql:///caloria", PGHOST="db1.example.org")

    def other_engine(self):
        return self.told("mysql://caloria@localhost/caloria")

    def sqlite_file(self):
        return self.in_order()

    def missing_file(self):
        return self.told("sqlite:///missing.db")

    def in_memory(self):
        return self.told("sqlite://")

    def retired_file(self):
        return self.in_order("UPDATE identity SET retired_at = CURRENT_TIMESTAMP")

    def far_without_tls(self):
        url = make_url(self.in_order().database_url)
        port = self.fake(passing_on_to(f"{url.query['host']}/.s.PGSQL.5432"))
        # This leads to this machine, though it does not read like it.
        far = url.set(host="0.0.0.0", port=port, query={}).render_as_string(False)
        return self.told(far, CALORIA_DB_ID=None)

    def no_key(self):
        return self.in_order(SECRET_KEY=None)

    def short_key(self):
        return self.in_order(SECRET_KEY="0123456789-abcdefghijklmnopqrst")

    def examples_key(self):
        return self.in_order(SECRET_KEY="change-me-0123456789-abcdefghijklmnopqrst")

    def debug(self):
        return self.in_order(FLASK_DEBUG="1")

    def no_trusted_hosts(self):
        return self.in_order(TRUSTED_HOSTS="")

    def insecure_cookies(self):
        return self.in_order(PUBLIC_URL="http://caloria.example.org")

    # Connection

    def unknown_host(self):
        return self.told("postgresql://caloria@nowhere.invalid/caloria?sslmode=require")

    def refused_connection(self):
        return self.told(NEAR.format(1))

    def silent_server(self):
        return self.told(NEAR.format(self.fake(silent)), DATABASE_CONNECT_TIMEOUT="2")

    def no_tls_there(self):
        return self.told(NEAR.format(self.fake(refusing("never said"))) + "?sslmode=require")

    def starting_up(self):
        return self.told(NEAR.format(self.fake(refusing("the database system is starting up"))))

    def too_many_connections(self):
        return self.told(NEAR.format(self.fake(refusing("sorry, too many clients already"))))

    def wrong_password(self):
        text = 'password authentication failed for user "caloria"'
        return self.told(NEAR.format(self.fake(refusing(text))))

    def missing_database(self):
        if self.on_sqlite:
            return self.told(NEAR.format(self.fake(refusing('database "caloria" does not exist'))))
        return self.told(self.have("migrated_url").replace("/test_", "/none_"))

    def read_only(self):
        name = make_url(self.in_order().database_url).database
        url = make_url(self.have("migrated_url")).set(database=name).render_as_string(False)
        self.execute(url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        return self.told(url)

    def in_recovery(self):
        return self.told(self.have("standby").url("postgres"))

    def other_encoding(self):
        if self.on_sqlite:
            url = f"sqlite:///{self.have('tmp_path')}/wide.db"
            self.execute(url, "PRAGMA encoding = 'UTF-16'", "CREATE TABLE foods (name TEXT)")
            return self.told(url)
        name = f"latin_{uuid4().hex[:8]}"
        make = f"CREATE DATABASE {name} OWNER caloria ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"
        self.have("postgres").run(make)
        return self.told(make_url(self.have("migrated_url")).set(database=name).render_as_string(False))

    def superuser(self):
        boss = self.have("postgres").url.username
        config = self.in_order()
        url = config.database_url.set(username=boss).render_as_string(False)
        return self.told(url, CALORIA_DB_ID=str(config.database_id))

    # Tables

    def empty(self):
        return self.not_ours()

    def empty_and_pinned(self):
        return self.not_ours(CALORIA_DB_ID=OTHER)

    def missing_file_and_pinned(self):
        return self.told("sqlite:///missing.db", CALORIA_DB_ID=OTHER)

    def stamped_over_nothing(self):
        return self.not_ours(VERSIONS, f"INSERT INTO alembic_version VALUES ('{revisions.head()}')")

    def changed_by_hand(self):
        return self.in_order("ALTER TABLE foods RENAME COLUMN caffeine_mg TO coffee")

    def without_identity(self):
        return self.in_order("DELETE FROM identity")

    def made_by_no_migration(self):
        return self.in_order("DROP TABLE alembic_version")

    def another_applications(self):
        return self.not_ours("CREATE TABLE wp_posts (id INTEGER)", "CREATE TABLE wp_users (id INTEGER)")

    def two_heads(self):
        return self.in_order("INSERT INTO alembic_version VALUES ('f00f00f00f00')")

    def behind(self):
        return self.in_order(copy_of="behind_url")

    def newer_inside_the_window(self):
        return self.newer(revisions.head())

    def newer_outside_it(self):
        return self.newer("f00f00f00f00")

    def newer(self, oldest):
        return self.in_order(
            "UPDATE alembic_version SET version_num = 'f00f00f00f00'",
            f"UPDATE identity SET oldest_compatible_revision = '{oldest}'",
        )

    # Identity

    def of_another_environment(self):
        other = "test" if self.environment != "test" else "production"
        return self.in_order(f"UPDATE identity SET environment = '{other}'")

    def not_pinned(self):
        return self.in_order(CALORIA_DB_ID=None)

    def pinned_to_another(self):
        return self.in_order(CALORIA_DB_ID=OTHER)

    def copied(self):
        return self.in_order("UPDATE identity SET database_oid = 1")

    def moved_to_another_server(self):
        return self.in_order("UPDATE identity SET system_identifier = '1'")


def cases():
    """Every row in every environment."""
    for row, trouble, state, *columns in ROWS:
        for environment, expected in zip(ENVIRONMENTS, (*columns, columns[-1]), strict=True):
            code, _, other = expected.partition(":")
            name = f"row {row}, {trouble}, {environment}"
            yield pytest.param(trouble, other or state, environment, code, id=name)


@pytest.mark.parametrize(("trouble", "state", "environment", "expected"), [*cases()])
def test_every_row_holds_in_every_environment(
    request, told, execute, require, engine_name, trouble, state, environment, expected
):
    troubles = Troubles(request, environment, told, execute)
    if trouble in (SQLITE_ALONE if engine_name == "postgresql" else POSTGRESQL_ALONE):
        pytest.skip("the other engine's row")
    config = getattr(troubles, trouble)()
    if troubles.deployed and is_sqlite_file(config.database_url):
        expected, state = "78", "sqlite_in_production"  # whatever else is wrong with it
    before = seen(config)
    answers = answers_of(require, config)
    assert {"start": "start", "warn": f"warn {state}"}.get(expected, f"{expected} {state}") in answers, (
        answers
    )
    assert seen(config) == before


def answers_of(require, config) -> list[str]:
    """The code and state of a refusal; or that it starts, and of what it warns."""
    try:
        heard = require(config)
    except StartupRefused as refused:
        return [f"{refused.exit_code} {refused.state}"]
    return ["start", *(f"warn {notice.state}" for notice in heard if notice.is_logged)]


def is_sqlite_file(url) -> bool:
    return url is not None and is_sqlite(url) and not is_in_memory(url)


def seen(config):
    """All that the database holds, where there is one."""
    url = config.database_url
    is_there = url is not None and (url.host != "127.0.0.1" or not url.password)
    return snapshot(url) if is_there else None


def test_the_table_has_every_row():
    assert {int(row) for row, *_ in ROWS} == set(range(1, 30))
