"""A database's address: read strictly, and what its connections are told."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from settings.values import BadValue

URL_FORM = "postgresql://USER:PASSWORD@HOST:PORT/NAME, or sqlite:///instance/caloria.db while developing"
# Whatever else stands in an address would be read as another host, name or password than was meant.
POSTGRESQL_PARTS = re.compile(
    r"(?:[^:@/?#\s]*(?::[^@/?#\s]*)?@)?(?P<hosts>[^@/?#\s]*)(?:/(?P<name>[^@/?#\s]*))?(?:\?[^@#\s]*)?"
)
HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[^:\[\]]*)(?::(?P<port>.*))?")


def parse_database_url(text: str, root: Path) -> URL:
    """Read an address strictly: one that is misread names the wrong database, or prints a password."""
    scheme, mark, rest = text.partition("://")
    if not mark or not re.fullmatch(r"[a-z0-9+]{1,30}", scheme):
        raise invalid("is not a URL")
    if scheme in ("sqlite", "sqlite+pysqlite"):
        return parse_sqlite_url(text, root)
    if scheme in ("postgres", "postgresql", "postgresql+psycopg2"):
        return parse_postgresql_url(rest)
    found = f"begins with {scheme}://, which Caloria does not use"
    raise BadValue(found, URL_FORM, row=4, state="database_engine_unknown")


def parse_postgresql_url(rest: str) -> URL:
    if re.search(r"%(?![0-9A-Fa-f]{2})", rest):
        raise invalid("has a % that begins no %-code", "a % of the password itself written as %25")
    parts = POSTGRESQL_PARTS.fullmatch(rest)
    if parts is None:
        raise invalid(
            "has a character in the user name, the password or the query that must be written as a %-code",
            "@ / ? # % and blanks written as %40 %2F %3F %23 %25 %20",
        )
    check_hosts(parts["hosts"])
    if not parts["name"]:
        raise invalid("names no database")
    url = make_url("postgresql+psycopg2://" + rest)
    if ":" in (url.username or ""):
        raise invalid("has a colon in the user name, as where the one before the password is a %-code")
    return url


def check_hosts(hosts: str) -> None:
    if "," in hosts and ":" in hosts:
        raise invalid("gives ports to several hosts", "…/NAME?host=HOST1:PORT1&host=HOST2:PORT2")
    host = HOST.fullmatch(hosts)
    if host is None:
        raise invalid("has a host that cannot be read")
    port = host["port"]
    if port is not None and not (port.isdecimal() and port.isascii() and 0 < int(port) < 65536):
        raise invalid("has a port that is not a number from 1 to 65535")


def parse_sqlite_url(text: str, root: Path) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise invalid("is not a URL") from None
    if url.host or url.username or url.port:
        raise invalid("has two slashes where SQLite needs three")
    name = url.database or ":memory:"
    if name == ":memory:" or (name.startswith("file:") and "memory" in text):
        return url.set(database=":memory:", query={})
    if name.startswith("file:"):
        raise invalid("has the form sqlite:///file:…")
    # Flask-SQLAlchemy and plain engines resolve a relative path against different folders.
    return url.set(database=os.path.abspath(root / name))


def invalid(found: str, expected: str = URL_FORM) -> BadValue:
    return BadValue(found, expected, row=3, state="database_url_invalid")


def left_open(url: URL, environ: Mapping[str, str]) -> list[str]:
    """The variables with which the driver would fill in what this address does not say."""
    said = {
        "PGHOST": bool(hosts_of(url)[0]),
        "PGHOSTADDR": bool(hosts_of(url)[0]),
        "PGPORT": bool(url.port or "port" in url.query),
        "PGUSER": bool(url.username or "user" in url.query),
        "PGSERVICE": False,
    }
    return [] if is_sqlite(url) else [name for name in said if environ.get(name) and not said[name]]


def is_sqlite(url: URL) -> bool:
    """Whether this address is SQLite's."""
    return url.get_backend_name() == "sqlite"


def is_in_memory(url: URL) -> bool:
    """Whether this SQLite database is gone when the process ends."""
    return is_sqlite(url) and url.database == ":memory:"


def hosts_of(url: URL) -> list[str]:
    """Every host that a connection may go to, without ports."""
    said = url.query.get("hostaddr") or url.query.get("host") or url.host or ""
    entries = [said] if isinstance(said, str) else said
    hosts = [host for entry in entries for host in entry.split(",")]
    return [host.partition(":")[0] if host.count(":") == 1 else host for host in hosts]


def is_local(host: str) -> bool:
    """Whether this host is the machine itself."""
    return not host or host.startswith(("/", "127.")) or host in ("localhost", "::1")


def describe(url: URL) -> str:
    """Where a database is, in words that hold no secret."""
    if is_sqlite(url):
        return f"the SQLite file {url.database}"
    number = url.port or url.query.get("port")
    port = f":{number}" if isinstance(number, (int, str)) and number else ""
    places = ", ".join(host or "the local socket" for host in hosts_of(url)) + port
    return f'the database "{url.database}" on {places}' + (f" (role {url.username})" if url.username else "")


def engine_options(config: Any) -> dict[str, Any]:
    """How the app's engine behaves: a bounded pool, and dead connections noticed within seconds."""
    if config.database_url is None:
        return {"creator": no_database}
    options = {
        "echo": config.database_echo,
        "echo_pool": config.database_echo_pool,
        "hide_parameters": config.deployed,
        "connect_args": connect_args(config, config.database_url),
    }
    return options if is_in_memory(config.database_url) else options | pool_options(config)


def pool_options(config: Any) -> dict[str, Any]:
    return {
        "pool_pre_ping": True,
        "pool_size": config.database_pool_size,
        "max_overflow": config.database_max_overflow,
        "pool_timeout": config.database_pool_timeout,
        "pool_recycle": config.database_pool_recycle,
    }


def connect_args(config: Any, url: URL) -> dict[str, Any]:
    """What the driver is told, except where the address's own query says otherwise."""
    if is_sqlite(url):
        return {}
    # No `options` among them: a pooler such as PgBouncer refuses that startup parameter.
    ours = {
        "connect_timeout": config.database_connect_timeout,
        "application_name": f"caloria/{config.server}"[:63],
        "keepalives": 1,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
        "tcp_user_timeout": 5000,
    }
    return {name: value for name, value in ours.items() if name not in url.query}


def no_database() -> None:
    """Stand in for the driver in an app that was built without a usable DATABASE_URL."""
    raise RuntimeError("DATABASE_URL is missing or cannot be used.")
