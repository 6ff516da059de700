"""Why a connection failed. The driver gives no code for it, only text, which may repeat a password."""

import shlex
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from caloria.guard.mending import another, point
from caloria.guard.refusal import CONFIGURATION, FOREIGN_SCHEMA, UNAVAILABLE, Refusal
from config import Config
from settings.database import describe
from settings.shell import createdb, either, name_of, program

WAIT = "start the database, then start Caloria again"
PATIENCE = {
    "tls_failed": "let both sides agree: the server's certificate; sslmode and sslrootcert in the address",
    "database_starting": "wait until the database has started, then start Caloria again",
    "connections_exhausted": "wait, or lower DATABASE_POOL_SIZE of the processes that use it",
    "database_locked": "end the process that holds the file, then start Caloria again",
}
INSUFFICIENT_PRIVILEGE = "42501"

# The first of these that stands in the driver's text decides. What is not listed is worth another try.
KNOWN_TEXTS = (
    ("password authentication failed", CONFIGURATION, "database_password", "refused the password"),
    ("no password supplied", CONFIGURATION, "database_password", "wants a password; DATABASE_URL has none"),
    ("authentication failed", CONFIGURATION, "database_access", "refused this role"),
    ("no pg_hba.conf entry", CONFIGURATION, "database_access", "does not admit this role from here"),
    ("is not permitted to log in", CONFIGURATION, "database_access", "does not let this role log in"),
    ("permission denied", CONFIGURATION, "database_access", "does not let this role read it"),
    ("no such user", CONFIGURATION, "database_role_missing", "is on a server that does not know this role"),
    ("no such database", CONFIGURATION, "database_missing", "does not exist"),
    ("invalid dsn", CONFIGURATION, "database_url_invalid", "has an unknown parameter in its address"),
    ("invalid connection option", CONFIGURATION, "database_url_invalid", "has an unknown parameter"),
    ("invalid sslmode", CONFIGURATION, "database_url_invalid", "has an unknown sslmode in its address"),
    ("could not translate host name", UNAVAILABLE, "host_unknown", "stands on a host that nobody knows"),
    ("connection refused", UNAVAILABLE, "connection_refused", "is away: nothing listens at its address"),
    ("no such file or directory", UNAVAILABLE, "connection_refused", "is away: its socket does not exist"),
    ("timeout expired", UNAVAILABLE, "database_silent", "did not answer in time"),
    ("ssl", UNAVAILABLE, "tls_failed", "and this machine do not agree on TLS"),
    ("certificate", UNAVAILABLE, "tls_failed", "and this machine do not agree on TLS"),
    ("starting up", UNAVAILABLE, "database_starting", "is starting up"),
    ("shutting down", UNAVAILABLE, "database_stopping", "is shutting down"),
    ("too many", UNAVAILABLE, "connections_exhausted", "has no connection left"),
    ("connection slots", UNAVAILABLE, "connections_exhausted", "has no connection left"),
    ("not a database", FOREIGN_SCHEMA, "not_a_database", "is not a SQLite database"),
    ("malformed", FOREIGN_SCHEMA, "database_damaged", "is damaged"),
    ("unable to open", CONFIGURATION, "database_file_closed", "cannot be opened by this user"),
    ("locked", UNAVAILABLE, "database_locked", "is locked by another process"),
)
CANNOT_BE_REACHED = (UNAVAILABLE, "database_unreachable", "cannot be reached")


def is_about_the_connection(error: DBAPIError) -> bool:
    """Whether the database failed, rather than the question put to it."""
    if getattr(error.orig, "pgcode", None) == INSUFFICIENT_PRIVILEGE:
        return True
    return isinstance(error, OperationalError) or type(error) is DatabaseError


def explain(error: DBAPIError, config: Config, url: URL) -> Refusal:
    """The refusal for a database that failed, in words of our own."""
    said = str(error.orig).lower()
    known = ((code, state, reason) for text, code, state, reason in KNOWN_TEXTS if text in said)
    code, state, reason = missing(said) or next(known, CANNOT_BE_REACHED)
    mend = PATIENCE.get(state, WAIT) if code == UNAVAILABLE else mended(state, config, url)
    return Refusal(code, state, f"{describe(url)} {reason}", "a connection to the database", mend)


def mended(state: str, config: Config, url: URL) -> str:
    """What mends an address that leads nowhere."""
    if state == "database_password":
        return point(config, url, with_password=True)
    if state == "database_access":
        return point(config, url, with_password=True, username="USER")
    if state == "database_role_missing":
        return program("createuser", url, "--pwprompt", shlex.quote(str(url.username)))
    if state == "database_missing":
        make = (createdb(url, str(url.database)), "when it was never made")
        return either(make, (another(config, url), "when it has another name"))
    if state == "database_damaged":
        return "restore the database from its last backup"
    if state == "database_file_closed" and Path(str(url.database)).is_file():
        return f"chmod u+rw {name_of(url)}"
    return point(config, url) if state == "database_url_invalid" else another(config, url)


def missing(said: str) -> tuple[int, str, str] | None:
    """What the server says does not exist: the role or the database."""
    if "does not exist" not in said:
        return None
    if 'role "' in said:
        return CONFIGURATION, "database_role_missing", "is on a server that does not know this role"
    return (CONFIGURATION, "database_missing", "does not exist") if 'database "' in said else None


def silent(url: URL) -> Refusal:
    """The refusal for a database that outlasts the guard's patience."""
    found = f"{describe(url)} did not answer in time"
    return Refusal(UNAVAILABLE, "database_silent", found, "a connection to the database", WAIT)
