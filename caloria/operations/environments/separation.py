"""Proof that environments are apart: each role knocks at each database that is not its own."""

from collections.abc import Iterator
from itertools import permutations

import click
from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from caloria import guard
from caloria.guard.connection import opened
from caloria.guard.unreachable import explain
from caloria.operations.environments import mending
from caloria.operations.environments.app_rights import app_rights, powers_of
from caloria.operations.environments.finding import PROVEN, UNPROVEN, WORTH_KNOWING, WRONG, Finding
from caloria.operations.environments.roles import ACCOUNT
from caloria.operations.environments.setup import MAINTENANCE
from config import Config
from settings.database import is_sqlite

# What the server says to a role that it does not let in.
TURNED_AWAY = ("database_access", "database_password", "database_role_missing")
PROOF_MAY = ("CREATEDB",)
HOLDS_CALORIA = """
    SELECT count(DISTINCT relname) = 2 FROM pg_class
    WHERE relkind = 'r' AND relname IN ('alembic_version', 'identity')
"""
OTHERS = """
    SELECT datname FROM pg_database
    WHERE datallowconn AND NOT datistemplate AND datname <> current_database() ORDER BY datname
"""
MAY_CONNECT = "SELECT has_database_privilege(oid, :database, 'CONNECT') FROM pg_roles WHERE rolname = :role"


class NotPostgresql(click.ClickException):
    """There are no roles that could be apart."""


def verify_separation(config: Config, others: list[Config]) -> Iterator[Finding]:
    """What was found of this environment and of those beside it. Raises NotPostgresql, StartupRefused."""
    guard.require_usable_settings(config)
    if is_sqlite(guard.usable(config.database_url)):
        raise NotPostgresql("A SQLite file has no roles that could be kept apart: this is for PostgreSQL.")
    own = list(opened_by_itself(config))
    yield from own
    if all(finding.mark != UNPROVEN for finding in own):
        yield from this_environment(config)
        yield from beside_each_other(config, others)


def accounts(config: Config) -> dict[str, URL]:
    """The addresses by their roles: that of proofs, that of the app, and that of migrations."""
    urls = (guard.usable(config.database_url), guard.usable(config.migration_database_url))
    proof = [config.backup_proof_url] if config.backup_proof_url else []
    return {role_of(url): url for url in (*proof, *urls)}


def role_of(url: URL) -> str:
    return str(url.username or url.query.get("user", ""))


def opened_by_itself(config: Config) -> Iterator[Finding]:
    """Each role opens its own database: if it could not, being turned away elsewhere would prove nothing."""
    for role, url in accounts(config).items():
        try:
            with opened(config, url) as connection:
                yield powers_of(connection, url, PROOF_MAY if url is config.backup_proof_url else ())
        except DBAPIError as error:
            refusal = explain(error, config, url)
            yield Finding(UNPROVEN, f"{role} cannot be asked: {refusal.found}", refusal.mend)


def this_environment(config: Config) -> Iterator[Finding]:
    """The app's role in its own database, and every role at the doors of all others on this server."""
    url, owner = guard.usable(config.database_url), role_of(guard.usable(config.migration_database_url))
    with opened(config, url) as connection:
        yield from app_rights(connection, url, role_of(url), owner)
        for database in list(connection.scalars(text(OTHERS))):
            for role, account in accounts(config).items():
                yield from closed(config, connection, role, at(account, url, database), f'"{database}"')


def beside_each_other(config: Config, others: list[Config]) -> Iterator[Finding]:
    """Each environment's roles at the door of each other one, in both directions."""
    apart = [config]
    for other in others:
        if other.mistakes or is_sqlite(guard.usable(other.database_url)):
            yield not_to_be_asked(other)
            continue
        own = list(opened_by_itself(other))
        yield from own
        apart += [other] if all(finding.mark != UNPROVEN for finding in own) else []
    for mine, theirs in permutations(apart, 2):
        yield from strangers_at(theirs, mine)


def not_to_be_asked(other: Config) -> Finding:
    file = other.root / ".env"
    if other.mistakes:
        return Finding(UNPROVEN, f"{file}: {other.mistakes[0].found}", other.mistakes[0].mend)
    return Finding(WORTH_KNOWING, f"{file} names a SQLite file, which only the file system keeps apart")


def strangers_at(theirs: Config, mine: Config) -> Iterator[Finding]:
    """My roles at the door of their database."""
    url = guard.usable(theirs.database_url)
    with opened(theirs, url) as asker:
        for role, account in accounts(mine).items():
            name = f'"{url.database}" of {theirs.environment}'
            if role in accounts(theirs):
                name += ", which has a role of the same name"
            yield from closed(theirs, asker, role, at(account, url, str(url.database)), name)


def at(account: URL, place: URL, database: str) -> URL:
    """The address of a database of that place, for the role of this account."""
    query = {key: value for key, value in place.query.items() if key not in ACCOUNT}
    query |= {key: value for key, value in account.query.items() if key in ACCOUNT}
    return URL.create(
        place.drivername, account.username, account.password, place.host, place.port, database, query
    )


def closed(config: Config, asker: Connection, role: str, url: URL, name: str) -> Iterator[Finding]:
    """What happens when this role knocks at this database."""
    try:
        with opened(config, url) as connection:
            holds_caloria = connection.scalar(text(HOLDS_CALORIA))
    except DBAPIError as error:
        yield turned_away(config, asker, role, url, name, error)
        return
    if holds_caloria:
        yield Finding(WRONG, f"{role} opens {name}, which holds data of Caloria", mending.close(url, role))
    elif url.database != MAINTENANCE:
        yield Finding(WORTH_KNOWING, f"{role} opens {name}, which is not Caloria's")


def turned_away(
    config: Config, asker: Connection, role: str, url: URL, name: str, error: DBAPIError
) -> Finding:
    """Whether it was the server that said no: in any language, so its catalogue is asked too."""
    refusal = explain(error, config, url)
    asked = {"role": role, "database": url.database}
    if refusal.state in TURNED_AWAY or asker.scalar(text(MAY_CONNECT), asked) is False:
        return Finding(PROVEN, f"{role} cannot open {name}")
    return Finding(UNPROVEN, f"{role} did not reach {name}: {refusal.found}", refusal.mend)
