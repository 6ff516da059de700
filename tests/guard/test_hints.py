"""What a refusal says under "To mend:" mends it, pasted as it stands."""

import os
from pathlib import Path
from uuid import uuid4

import pytest
from fake_server import passing_on_to, server
from hints import GUARD, Trouble, shell, state_of, ways
from own_server import own_server
from processes import KEY, told
from sqlalchemy import make_url
from surroundings import flask
from test_page_for_operators import documented

from caloria import guard
from caloria.extensions import db
from caloria.operations.transfer.failure import TransferFailed
from caloria.operations.transfer.move import Wanted, transfer
from config import Config

pytestmark = pytest.mark.slow
OTHER = "018f0000-0000-7000-8000-000000000000"
OPEN_ENDED = ".env without the end of its last line"
NOWHERE = "postgresql://caloria:secret-word@127.0.0.1:1/caloria"
HALF = {"HOST": "127.0.0.1"}
ANYWHERE = {"USER": "caloria", "PASSWORD": "x", "HOST": "127.0.0.1:1", "NAME": "caloria", "PORT": "1"}

# The states that no line of Caloria's can mend, and why. Every other one prints lines that do.
SENTENCES = {
    "host_unknown": "whose network it is, Caloria cannot know",
    "connection_refused": "how a database is started differs from machine to machine",
    "database_silent": "as above",
    "database_unreachable": "as above",
    "database_starting": "it takes time alone",
    "database_stopping": "as above",
    "connections_exhausted": "it takes time, or a decision about other processes",
    "tls_failed": "the certificates are the operator's",
    "database_locked": "the process that holds the file may be in the middle of something",
    "database_damaged": "it takes a backup",
    "two_heads": "it takes a backup, or somebody who knows what was done by hand",
    "identity_missing": "it takes a backup",
    "newer_than_code": "how a version is installed differs from machine to machine",
    "check_failed": "it is a fault of Caloria's",
}

PASTED = "-- and so it was pasted --"
# What looks different on each engine is tried on both; a setting, or a line of .env, on one of them.
ON_BOTH = {"behind", "encoding_not_utf8", "not_migrated", "tables_without_revision"}
TROUBLES = {}


def trouble(*places: str, only: str | None = None):
    """A way into a state, which is the name before a double underscore; and where the settings stand."""

    def register(build):
        for place in places or (".env",):
            engine = only or (None if build.__name__ in ON_BOTH else "postgresql")
            TROUBLES[f"{build.__name__}, in {place}"] = build, place, engine
        return build

    return register


class World:
    """What troubles are made of."""

    def __init__(self, request, engine_name, house, tmp_path, execute):
        self.request, self.engine_name, self.house, self.execute = request, engine_name, house, execute
        self.folder = tmp_path
        self.make = request.getfixturevalue("make_database")

    def empty(self) -> str:
        url = self.make()
        if self.engine_name == "sqlite":
            Path(make_url(url).database).touch()
        return url

    def migrated(self, environment: str = "test") -> str:
        url = self.make(copy_of=self.request.getfixturevalue("migrated_url"))
        oid = "NULL"
        if self.engine_name == "postgresql":
            oid = "(SELECT oid::bigint FROM pg_database WHERE datname = current_database())"
        self.execute(url, f"UPDATE identity SET environment = '{environment}', database_oid = {oid}")
        return url

    def deployed(self, **more: str) -> dict[str, str]:
        """Production, and in order; on SQLite that goes no further than a database that is away."""
        if self.engine_name == "sqlite":
            return told(NOWHERE, "production", **more)
        url = self.migrated("production")
        return told(url, "production", **{"CALORIA_DB_ID": self.id_of(url), **more})

    @property
    def in_order(self) -> int:
        """What production answers where nothing is wrong any more."""
        return 69 if self.engine_name == "sqlite" else 0

    def id_of(self, url: str) -> str:
        return str(self.execute(url, "SELECT uuid FROM identity")[0][0])

    def name(self, url: str) -> dict[str, str]:
        """What is filled in for another database at the same server."""
        return {"NAME": make_url(url).database, "PASSWORD": "x", "USER": "caloria"}

    def whole(self, url: str) -> dict[str, str]:
        """What is filled in for all of an address. The server of the tests is behind a socket."""
        if self.engine_name == "sqlite":
            return ANYWHERE
        url = make_url(url)
        return {**ANYWHERE, "HOST": "", "PORT": "5432", "NAME": f"{url.database}?host={url.query['host']}"}

    @property
    def boss(self) -> dict[str, str]:
        return {"USER": self.request.getfixturevalue("postgres").url.username}

    def keep(self, context):
        """Enter a context that ends with the test."""
        value = context.__enter__()
        self.request.addfinalizer(lambda: context.__exit__(None, None, None))
        return value


@pytest.fixture
def world(request, engine_name, house, tmp_path, execute):
    return World(request, engine_name, house, tmp_path, execute)


# --- Settings


@trouble("environment", ".env")
def environment_unknown(world):
    return Trouble(told(world.migrated(), "prod"), [0], {"VALUE": "test"})


@trouble("environment", ".env")
def environment_unknown__by_flasks_name(world):
    said = told(world.migrated(), None, FLASK_ENV="testing")
    return Trouble(said, [0], {"VALUE": "test"})


@trouble("environment", ".env")
def environment_contradicted(world):
    return Trouble(told(world.migrated(), FLASK_ENV="production"), [0])


@trouble("environment", ".env")
def database_url_missing(world):
    url = world.migrated()
    return Trouble(told(""), [69, 80] if world.engine_name == "sqlite" else [0, 80], world.whole(url))


@trouble("environment", ".env")
def database_url_missing__deployed(world):
    said = world.deployed()
    fill = world.whole(said["DATABASE_URL"])
    return Trouble({**said, "DATABASE_URL": "None"}, [world.in_order], fill)


@trouble(".env", OPEN_ENDED)
def database_url_missing__unset(world):
    return Trouble(
        told(None), [69 if world.engine_name == "sqlite" else 0, 80], world.whole(world.migrated())
    )


@trouble("environment", ".env")
def database_url_invalid(world):
    fill = world.whole(world.migrated())
    return Trouble(told("postgresql://caloria:p@ss@localhost/x"), [world.in_order], fill)


@trouble()
def database_url_invalid__in_a_file(world):
    path = world.folder / "address"
    path.write_text("postgresql://caloria:p@ss@localhost/x\n")
    said = told(None, DATABASE_URL_FILE=str(path))
    return Trouble(said, [world.in_order], world.whole(world.migrated()))


@trouble()
def database_url_invalid__says_the_driver(world):
    url = NOWHERE if world.engine_name == "sqlite" else world.migrated()
    return Trouble(told(f"{url}{'&' if '?' in url else '?'}colour=red"), [world.in_order], {"PASSWORD": "x"})


@trouble("environment", ".env")
def database_url_incomplete(world):
    url = "postgresql://caloria@127.0.0.1/x" if world.engine_name == "sqlite" else world.migrated()
    said = told(url, PGPORT="5432")
    fill = {**world.whole(world.migrated()), **(HALF if world.engine_name == "sqlite" else {})}
    return Trouble(said, [world.in_order] * 2, fill, beside={"PGPORT": "5432"})


@trouble()
def database_url_incomplete__by_a_service(world):
    url = "postgresql://caloria@127.0.0.1/x" if world.engine_name == "sqlite" else world.migrated()
    return Trouble(told(url), [world.in_order], beside={"PGSERVICE": "other"})


@trouble("environment", ".env")
def database_engine_unknown(world):
    return Trouble(told("mysql://caloria@localhost/x"), [world.in_order], world.whole(world.migrated()))


@trouble("environment", ".env")
def sqlite_in_production(world):
    said = world.deployed()
    fill = world.whole(said["DATABASE_URL"])
    return Trouble({**said, "DATABASE_URL": "sqlite:///x.db"}, [world.in_order], fill)


@trouble("environment", ".env")
def sqlite_in_production__where_nothing_is_said(world):
    said = world.deployed()
    fill = world.whole(said["DATABASE_URL"])
    del said["CALORIA_ENV"]
    url, absent = f"sqlite:///{world.folder}/x.db", 84 if "CALORIA_DB_ID" in said else 80
    return Trouble({**said, "DATABASE_URL": url}, [world.in_order, absent], fill)


@trouble("environment", ".env")
def sqlite_in_memory(world):
    return Trouble(told("sqlite://", "development"), [80])


@trouble("environment", ".env")
def sqlite_in_memory__deployed(world):
    said = world.deployed()
    return Trouble({**said, "DATABASE_URL": "sqlite://"}, [world.in_order], world.whole(said["DATABASE_URL"]))


@trouble("environment", ".env")
def database_without_tls(world):
    said = told("postgresql://caloria:secret-word@db1.invalid/caloria", "production")
    return Trouble(said, [69], {"PASSWORD": "secret-word"})


@trouble("environment", ".env")
def secret_key_weak(world):
    return Trouble(told(world.migrated("development"), "development", SECRET_KEY="short"), [0])


@trouble()
def secret_key_weak__unset(world):
    return Trouble(told(world.migrated("development"), "development", SECRET_KEY=None), [0])


@trouble()
def secret_key_weak__in_a_file(world):
    path = world.folder / "the key"
    path.write_text("short")
    said = told(world.migrated("development"), "development", SECRET_KEY=None, SECRET_KEY_FILE=str(path))
    return Trouble(said, [0])


@trouble("environment", ".env")
def debug_in_production(world):
    return Trouble(world.deployed(FLASK_DEBUG="1"), [world.in_order])


@trouble()
def debug_in_production__by_an_option(world):
    said = told(NOWHERE, "production")
    return Trouble(said, [69], ask="flask run --debugger --port 0")


@trouble()
def debug_in_production__by_an_option_of_flask(world):
    return Trouble(told(NOWHERE, "production"), [69], ask="flask --debug run --port 0")


@trouble("environment", ".env")
def debug_in_production__by_a_variable_for_flask_run(world):
    return Trouble(told(NOWHERE, "production", FLASK_RUN_RELOAD="1"), [69], ask="flask run --port 0")


@trouble("environment", ".env", OPEN_ENDED)
def trusted_hosts_missing(world):
    said = world.deployed(TRUSTED_HOSTS="")
    return Trouble(said, [world.in_order], {"HOST": "caloria.example.org"})


@trouble()
def trusted_hosts_missing__where_the_address_is_known(world):
    said = world.deployed(TRUSTED_HOSTS="", PUBLIC_URL="https://caloria.example.org")
    return Trouble(said, [world.in_order])


@trouble("environment", ".env")
def public_url_insecure(world):
    return Trouble(world.deployed(PUBLIC_URL="http://caloria.example.org:8443/diary"), [world.in_order])


@trouble("environment", ".env")
def setting_invalid(world):
    return Trouble(told(world.migrated(), DATABASE_POOL_SIZE="many"), [0], {"VALUE": "7"})


@trouble("environment", ".env")
def setting_invalid__a_file_that_is_missing(world):
    other, path = world.folder / "other", world.folder / "missing"
    other.write_text(KEY)
    path.unlink(missing_ok=True)
    said = told(world.migrated(), SECRET_KEY=None, SECRET_KEY_FILE=str(path))
    return Trouble(said, [0, 0], [{"VALUE": KEY}, {"VALUE": str(other)}])


@trouble("environment", ".env")
def setting_twice(world):
    (world.folder / "key").write_text(KEY)
    return Trouble(told(world.migrated(), SECRET_KEY_FILE=str(world.folder / "key")), [0, 0])


@trouble("environment", ".env")
def setting_missing(world):
    return Trouble(
        told(world.migrated(), MAIL_SERVER="localhost"), [0], {"VALUE": "Caloria <caloria@example.org>"}
    )


def editor(world, script: str) -> str:
    """Something that stands for the operator's editor."""
    path = world.folder / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


@trouble()
def env_file_unreadable(world):
    said = told(world.migrated(), LOG_LEVEL='"INFO')
    # Puts the quote right in the line that it is led to.
    edit = editor(world, """sed -i "${1#+}s/\\"//" "$2" """)
    return Trouble(said, [0], beside={"EDITOR": edit})


@trouble()
def env_file_unreadable__in_another_encoding(world):
    edit = editor(world, """iconv -f latin1 -t utf-8 "$1" > "$1.new" && mv "$1.new" "$1" """)
    return Trouble(told(world.migrated(), MAIL_USERNAME="j\udcfcrgen"), [0], beside={"EDITOR": edit})


@trouble("environment")
def env_file_foreign(world):
    (world.folder / ".env").write_text("LOG_LEVEL=DEBUG\n")
    ask = f"flask --app {world.house}/wsgi.py routes"
    return Trouble(told(world.migrated()), [0, 0], ask=ask, again=ask, folder=world.folder)


@trouble()
def env_file_foreign__of_a_folder_above(world):
    path = world.house / ".flaskenv"
    path.write_text("LOG_LEVEL=DEBUG\n")
    world.request.addfinalizer(lambda: path.unlink(missing_ok=True))
    return Trouble(told(world.migrated()), [0], ask="flask routes", again="flask routes")


# --- Connection


@trouble(only="sqlite")
def database_file_missing(world):
    return Trouble(told(world.make()), [0])


@trouble(only="sqlite")
def database_file_closed(world):
    path = world.folder / "a folder"
    path.mkdir(exist_ok=True)
    return Trouble(told(f"sqlite:///{path}"), [0], world.name(world.migrated()))


@trouble(only="sqlite")
def database_file_closed__to_this_user(world):
    return Trouble(told(only_for_others(world.migrated(), 0o000)), [0])


@trouble(only="sqlite")
def database_read_only__as_a_file(world):
    return Trouble(told(only_for_others(world.migrated(), 0o444)), [0])


def only_for_others(url: str, mode: int) -> str:
    if os.geteuid() == 0:
        pytest.skip("root reads and writes where nobody may")
    Path(make_url(url).database).chmod(mode)
    return url


@trouble(only="postgresql")
def database_password(world):
    own = world.keep(own_server())
    own.sql("CREATE ROLE guarded LOGIN PASSWORD 'right'", "CREATE DATABASE diary OWNER guarded")
    return Trouble(told(own.url("diary", "guarded:wrong")), [80], {"PASSWORD": "right"})


@trouble(only="postgresql")
def database_password__that_is_missing(world):
    own = world.keep(own_server())
    own.sql("CREATE ROLE guarded LOGIN PASSWORD 'right'", "CREATE DATABASE diary OWNER guarded")
    return Trouble(told(own.url("diary", "guarded")), [80], {"PASSWORD": "right"})


@trouble(only="postgresql")
def database_access(world):
    role = f"sleepy_{uuid4().hex[:8]}"
    world.request.getfixturevalue("postgres").run(f"CREATE ROLE {role} NOLOGIN")
    url = world.migrated()
    return Trouble(told(url.replace("caloria@", f"{role}@")), [0], world.name(url))


@trouble(only="postgresql")
def database_role_missing(world):
    role = f"role {uuid4().hex[:8]}"
    url = world.empty().replace("caloria@", f"{role.replace(' ', '%20')}:first@")
    return Trouble(told(url), [80], world.boss, stdin="first\nfirst\n")


@trouble(only="postgresql")
def database_missing(world):
    url = world.migrated()
    missing = url.replace("/test_", f"/none-{uuid4().hex[:8]}_")
    return Trouble(told(missing), [80, 0], [world.boss, world.name(url)])


@trouble(only="postgresql")
def database_read_only(world):
    url = world.migrated()
    world.execute(url, f"ALTER DATABASE {make_url(url).database} SET default_transaction_read_only = on")
    return Trouble(told(url), [0], world.boss)


@trouble(only="postgresql")
def database_read_only__for_a_role(world):
    role = f"reader_{uuid4().hex[:8]}"
    world.request.getfixturevalue("postgres").run(f"CREATE ROLE {role} LOGIN")
    world.request.getfixturevalue("postgres").run(f"ALTER ROLE {role} SET default_transaction_read_only = on")
    return Trouble(told(world.empty().replace("caloria@", f"{role}@")), [80], world.boss)


@trouble(only="postgresql")
def database_read_only__for_a_role_in_a_database(world):
    url = world.migrated()
    setting = "SET default_transaction_read_only = on"
    world.execute(url, f"ALTER ROLE caloria IN DATABASE {make_url(url).database} {setting}")
    return Trouble(told(url), [0], world.boss)


@trouble(only="postgresql")
def database_read_only__by_its_address(world):
    url = world.migrated()
    return Trouble(told(f"{url}&options=-cdefault_transaction_read_only%3Don"), [0])


@trouble(only="postgresql")
def database_read_only__by_a_setting_of_the_server(world):
    own = world.keep(own_server())
    own.sql("CREATE DATABASE diary", "ALTER SYSTEM SET default_transaction_read_only = on")
    own.sql("SELECT pg_reload_conf()")
    return Trouble(told(own.url("diary")), [80], {"USER": "postgres"})


@trouble(only="postgresql")
def database_read_only__on_a_standby(world):
    url, own = make_url(world.migrated()), world.keep(own_server())
    own.sql("CREATE ROLE caloria LOGIN", f'CREATE DATABASE "{url.database}" OWNER caloria')
    own.become_standby()
    port = world.keep(server(passing_on_to(f"{url.query['host']}/.s.PGSQL.5432")))
    return Trouble(told(own.url(url.database, "caloria")), [0], {"HOST": f"127.0.0.1:{port}"})


@trouble()
def encoding_not_utf8(world):
    if world.engine_name == "sqlite":
        url = f"sqlite:///{world.folder}/{uuid4().hex}.db"
        world.execute(url, "PRAGMA encoding = 'UTF-16'", "CREATE TABLE foods (name TEXT)")
        return Trouble(told(url), [80])
    postgres, url = world.request.getfixturevalue("postgres"), world.empty()
    name = f"latin_{uuid4().hex[:8]}"
    postgres.run(f"CREATE DATABASE {name} OWNER caloria ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    return Trouble(told(make_url(url).set(database=name).render_as_string(False)), [80], world.boss)


# --- Tables


@trouble()
def not_migrated(world):
    return Trouble(told(world.empty()), [0])


@trouble()
def behind(world):
    url = world.migrated()
    assert flask("db", "downgrade", url=url).returncode == 0
    return Trouble(told(url), [0])


@trouble("environment", ".env")
def pinned_database_absent(world):
    url = world.migrated()
    return Trouble(told(world.empty(), CALORIA_DB_ID=world.id_of(url)), [0, 0], world.name(url))


@trouble()
def tables_without_revision(world):
    url = world.migrated()
    world.execute(url, "DROP TABLE alembic_version")
    return Trouble(told(url), [0, 0], world.name(world.migrated()))


@trouble("environment", ".env")
def foreign_tables(world):
    url = world.empty()
    world.execute(url, "CREATE TABLE wp_posts (id INTEGER)")
    return Trouble(told(url), [0], world.name(world.migrated()))


@trouble(only="sqlite")
def not_a_database(world):
    path = world.folder / "diary.db"
    path.write_text("Dear diary, " * 100)
    return Trouble(told(f"sqlite:///{path}"), [0], world.name(world.migrated()))


@trouble()
def tables_differ(world):
    url = world.empty()
    world.execute(
        url,
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
        "INSERT INTO alembic_version VALUES ('0001')",
    )
    return Trouble(told(url), [0], world.name(world.migrated()))


@trouble(only="postgresql")
def migration_through_pooler(world):
    """A pooler tells clients process numbers of its own; so does this."""
    url = make_url(world.empty())
    port = world.keep(server(passing_on_to(f"{url.query['host']}/.s.PGSQL.5432", as_a_pooler=True)))
    said = told(f"postgresql://caloria@127.0.0.1:{port}/{url.database}")
    direct = world.keep(server(passing_on_to(f"{url.query['host']}/.s.PGSQL.5432")))
    ask = "flask db upgrade"
    return Trouble(said, [0], {"HOST": f"127.0.0.1:{direct}"}, ask=ask, again=ask)


# --- Identity


@trouble()
def database_retired(world):
    url = world.migrated()
    world.execute(url, "UPDATE identity SET retired_at = CURRENT_TIMESTAMP")
    return Trouble(told(url), [0], world.name(world.migrated()))


@trouble(only="postgresql")
def transfer_unfinished(world):
    file = world.folder / "moved from.db"
    assert flask("db", "upgrade", url=f"sqlite:///{file}").returncode == 0
    url = world.migrated()

    def stop(stage, _done, _total):
        if stage == "Copying":
            raise KeyboardInterrupt

    with pytest.raises(TransferFailed):
        transfer(Config.load(told(url), root=world.folder), file, Wanted(), stop)
    return Trouble(told(url), [0])


@trouble()
def other_environment(world):
    return Trouble(told(world.migrated("staging")), [0, 0], world.name(world.migrated()))


@trouble(only="postgresql")
def other_environment__where_nothing_is_said(world):
    said = world.deployed()
    del said["CALORIA_ENV"]
    url = world.migrated("staging")
    said |= {"DATABASE_URL": url, "CALORIA_DB_ID": world.id_of(url)}
    return Trouble(said, [0, 84, 0], world.name(world.deployed()["DATABASE_URL"]))


@trouble("environment", ".env", only="postgresql")
def database_id_missing(world):
    return Trouble(told(world.migrated("production"), "production"), [0])


@trouble("environment", ".env", only="postgresql")
def other_database(world):
    url, pinned = world.migrated("production"), world.migrated("production")
    world.execute(pinned, f"UPDATE identity SET uuid = '{OTHER}'")
    return Trouble(told(url, "production", CALORIA_DB_ID=OTHER), [0], world.name(pinned))


@trouble(only="postgresql")
def copied_database(world):
    said = world.deployed()
    world.execute(said["DATABASE_URL"], "UPDATE identity SET database_oid = 1")
    return Trouble(said, [0, 84])


@trouble(only="postgresql")
def database_unnamed(world):
    # Before it takes anything back it makes a backup.
    backups = {"BACKUP_DIR": str(world.house / "backups"), "BACKUP_KEY": KEY[::-1]}
    return Trouble(world.deployed(**backups), [80], {"REVISION": "0001"}, ask="flask db downgrade")


# --- The tests


@pytest.mark.parametrize("name", TROUBLES)
def test_what_is_printed_mends_it(world, engine_name, env_file, name):
    build, place, only = TROUBLES[name]
    if only not in (None, engine_name):
        pytest.skip(f"{only} alone has this state")
    wanted = build.__name__.partition("__")[0]
    way, count = 0, 1
    while way < count:
        trouble = build(world)
        environ = stand(trouble, place, world.house)
        refused = said_to(trouble, world.house, environ)
        assert state_of(refused) == (documented()[wanted], wanted), refused
        count = len(ways(refused))
        assert count == len(trouble.then), refused
        lines = trouble.filled(way, ways(refused)[way])
        code, output = said_after(lines, trouble, world.house, environ)
        assert code == trouble.then[way], (lines, output)
        assert state_of(output) != state_of(refused), (lines, output)
        way += 1


def said_to(trouble: Trouble, house: Path, environ: dict[str, str]) -> str:
    """The refusal of a start."""
    if trouble.ask == GUARD:
        return asked_here(environ, house)[1]
    return shell(f"exec {trouble.ask}", trouble.folder or house, environ).stdout


def said_after(lines: list[str], trouble: Trouble, house: Path, environ: dict[str, str]) -> tuple[int, str]:
    """What the next start in the shell answers in which these lines were pasted."""
    again = "env -0" if trouble.again == GUARD else trouble.again
    script = "\n".join([*lines, f"echo '{PASTED}'", f"exec {again}"])
    outcome = shell(script, trouble.folder or house, environ, trouble.stdin)
    before, _, after = outcome.stdout.partition(f"{PASTED}\n")
    if outcome.returncode or again == trouble.again:
        return outcome.returncode, before + after
    return asked_here(dict(each.split("=", 1) for each in after.split("\0") if each), house)


def asked_here(environ: dict[str, str], house: Path) -> tuple[int, str]:
    """A start's answer, asked in this process, which takes a tenth of the time of one of its own."""
    try:
        guard.require(Config.load(environ, root=house), db.metadata)
    except guard.StartupRefused as refused:
        return refused.exit_code, refused.message
    return 0, ""


def stand(trouble: Trouble, place: str, house: Path) -> dict[str, str]:
    """Put the settings into that place; returns what the environment says."""
    path = house / ".env"
    path.unlink(missing_ok=True)
    if place == "environment":
        return trouble.beside | trouble.said
    text = "".join(f"{name}={value}\n" for name, value in trouble.said.items() if name not in trouble.beside)
    text = text.rstrip("\n") if place == OPEN_ENDED else text
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return trouble.beside


def test_every_state_is_mended_by_lines_or_known_not_to_be():
    mended = {build.__name__.partition("__")[0] for build, _, _ in TROUBLES.values()}
    assert mended | SENTENCES.keys() == documented().keys()
    assert mended & SENTENCES.keys() == set()
