"""Questions about the PostgreSQL server behind the database, on which no start depends."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from time import time

from sqlalchemy import text

from caloria import guard
from caloria.guard.connection import opened
from caloria.guard.subject import Subject
from caloria.operations.doctor.check import OK, SETUP, UNKNOWN, WARN, Check, Errand, not_asked
from caloria.operations.doctor.pools import POOLS, pools_fit_the_server
from config import Config
from settings.database import is_sqlite

ROLE, EXTENSIONS, CLOCK = "role may not change tables", "extensions are there", "clocks agree"
NAMES = [POOLS, ROLE, EXTENSIONS, CLOCK]
WANTED_EXTENSIONS = ("pg_trgm", "unaccent")
APART_SECONDS = 2
RIGHTS = """SELECT current_user, rolcreatedb OR rolcreaterole AS attributes,
    (SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()
        AND pg_has_role(tableowner, 'USAGE')) AS owned,
    has_schema_privilege(current_schema(), 'CREATE') AS creates
FROM pg_roles WHERE rolname = current_user"""
EXTENSION = "SELECT installed_version FROM pg_available_extensions WHERE name = :name"


def errands(config: Config, answered: bool) -> list[Errand]:
    if not answered:
        return [Errand(NAMES, partial(not_asked, NAMES, "not asked: there is no connection"))]
    if is_sqlite(guard.usable(config.database_url)):
        return [Errand(NAMES, partial(not_asked, NAMES, "only PostgreSQL has this"))]
    return [Errand(NAMES, partial(server_checks, config))]


def server_checks(config: Config) -> list[Check]:
    """Every answer of the server, over one connection."""
    url = guard.usable(config.database_url)
    asked = (pools_fit_the_server, role_may_not_change_tables, extensions_are_there, clocks_agree)
    with opened(config, url) as connection:
        subject = Subject(config, url, connection, None)
        return [ask(name, check, subject) for name, check in zip(NAMES, asked, strict=True)]


def ask(name: str, question: Callable[[Subject], Check], subject: Subject) -> Check:
    """One answer. A question that fails leaves the others their turn."""
    try:
        with subject.connection.begin_nested():
            return question(subject)
    except Exception as error:
        return Check(name, UNKNOWN, f"the question failed ({type(error).__name__})")


def role_may_not_change_tables(subject: Subject) -> Check:
    """A role that cannot drop a table cannot be made to."""
    row = subject.connection.execute(text(RIGHTS)).one()
    if row.creates is None:
        return Check(ROLE, UNKNOWN, "this role has no schema of its own to look at")
    rights = [f"owns {row.owned} {'table' if row.owned == 1 else 'tables'}"] if row.owned else []
    rights += ["may create tables"] if row.creates else []
    rights += ["may make databases or roles"] if row.attributes else []
    if not rights:
        return Check(ROLE, OK, f"{row.current_user} reads and writes rows")
    return Check(ROLE, WARN, f"{row.current_user} {' and '.join(rights)}", SETUP)


def extensions_are_there(subject: Subject) -> Check:
    """What a search that forgives typing errors will want."""
    found = {name: extension(subject, name) for name in WANTED_EXTENSIONS}
    detail = ", ".join(f"{name} {state}" for name, state in found.items())
    missing = "missing" in found.values()
    mend = "apt-get install postgresql-contrib  # on the database server, or what its package is called there"
    return Check(EXTENSIONS, WARN if missing else OK, detail, mend if missing else "")


def extension(subject: Subject, name: str) -> str:
    row = subject.connection.execute(text(EXTENSION), {"name": name}).one_or_none()
    return "missing" if row is None else "installed" if row[0] else "available"


def clocks_agree(subject: Subject) -> Check:
    """Sessions, links in mails and the days of a diary are worked out by both clocks."""
    before = time()
    theirs: datetime = subject.value("SELECT clock_timestamp()")
    return clocks(theirs.timestamp(), before, time())


def clocks(theirs: float, before: float, after: float) -> Check:
    """Compare the server's clock with the middle of the round trip to it."""
    apart, unsure = theirs - (before + after) / 2, (after - before) / 2
    if unsure > APART_SECONDS:
        return Check(CLOCK, UNKNOWN, f"the database server took {after - before:.1f} s to answer")
    detail = f"the database server's is {abs(apart):.1f} s {'ahead' if apart > 0 else 'behind'}"
    if abs(apart) <= APART_SECONDS:
        return Check(CLOCK, OK, detail)
    return Check(CLOCK, WARN, detail, "timedatectl set-ntp true  # on both machines")
