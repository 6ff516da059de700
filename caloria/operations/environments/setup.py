"""Making a database for an environment, with the least that each of its roles needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import click
from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from caloria import guard
from caloria.guard.configuration import ENCRYPTED
from caloria.guard.unreachable import INSUFFICIENT_PRIVILEGE, explain
from caloria.operations.connecting import engine_at
from caloria.operations.environments.grants import grant
from caloria.operations.environments.roles import (
    ACCOUNT,
    LONGEST_NAME,
    PLACEHOLDER,
    Roles,
    has_attribute,
    is_usable_name,
    make_roles,
    run,
)
from config import Config
from settings.database import describe, hosts_of, is_local, is_sqlite

OLDEST_SERVER = (15,)
MAINTENANCE = "postgres"  # every server has it, and all may open it
OWNERS = """
    SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class AS relation
    JOIN pg_namespace AS schema ON schema.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND nspname !~ '^pg_' AND nspname <> 'information_schema'
      AND NOT EXISTS (
        SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = relation.oid AND deptype = 'e'
      )
    ORDER BY 1
"""


class SetupRefused(click.ClickException):
    """Why no database was made, in a sentence."""


@dataclass(frozen=True)
class Made:
    """A database with its roles; `passwords` are the new ones, None for a role that keeps its own."""

    environment: str
    place: URL
    roles: Roles
    passwords: dict[str, str | None] = field(repr=False)

    @property
    def unchanged(self) -> list[str]:
        return [role for role, password in self.passwords.items() if password is None]

    def address(self, role: str) -> str:
        """The address for this role, with a word in place of a password that is not known."""
        url = self.place.set(username=role, password=self.passwords[role] or PLACEHOLDER)
        # It renames this database, which nobody may be in meanwhile.
        beside = url.set(database=MAINTENANCE) if role == self.roles.proof else url
        return beside.render_as_string(hide_password=False)


def set_up(config: Config, name: str, new_passwords: bool = False) -> Made:
    """Make the database `name` and its roles, or what is missing of them.

    Raises SetupRefused or StartupRefused; what is known to stand in the way is so before anything changes.
    """
    url = administrators_address(config, name)
    roles = Roles.of(name)
    with opened(config, url) as connection:
        require_rights(connection)
        exists = has_database(connection, name)
    if exists:
        with opened(config, url.set(database=name)) as connection:
            require_ours(connection, config, name, roles.owner)
    with opened(config, url) as connection:
        passwords = make_roles(connection, roles, new_passwords)
    with opened(config, url, isolation_level="AUTOCOMMIT") as connection:
        make_database(connection, name, roles.owner)
    with opened(config, url.set(database=name)) as connection:
        grant(connection, name, roles)
    place = without(url, *ACCOUNT).set(drivername="postgresql", database=name)
    return Made(config.environment, place, roles, passwords)


def administrators_address(config: Config, name: str) -> URL:
    """Where to connect as whoever may make databases and roles."""
    if not is_usable_name(name):
        raise SetupRefused(
            f"A database is named with up to {LONGEST_NAME} letters, digits and underscores, no digit first."
        )
    # The app's own address comes of this, so it may be missing.
    forgiven = ("database_url_missing",) if config.migration_database_url else ()
    guard.require_usable_settings(config, forgiven)
    url = guard.usable(config.migration_database_url)
    if is_sqlite(url):
        raise SetupRefused(
            "A SQLite file needs no setup: flask db upgrade makes it. For PostgreSQL, set "
            "MIGRATION_DATABASE_URL to the address of a role that may make databases."
        )
    far = [host for host in hosts_of(url) if not is_local(host)]
    if far and config.deployed and url.query.get("sslmode") not in ENCRYPTED:
        raise SetupRefused(f"{far[0]} is another machine: add ?sslmode=verify-full to the address.")
    return without(url, "dbname")


def without(url: URL, *parameters: str) -> URL:
    return url.set(query={key: value for key, value in url.query.items() if key not in parameters})


@contextmanager
def opened(config: Config, url: URL, **options: Any) -> Iterator[Connection]:
    """One connection, whose transaction is committed at the end. Raises SetupRefused, StartupRefused."""
    # Statements are whole: a % in them is nothing but a %.
    engine = engine_at(config, url, **options).execution_options(no_parameters=True)
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        raise because(error, config, url) from None


def because(error: DBAPIError, config: Config, url: URL) -> click.ClickException:
    """Why the server did not do it. Its own words may repeat more than is good."""
    state, refusal = getattr(error.orig, "pgcode", None), explain(error, config, url)
    if state == INSUFFICIENT_PRIVILEGE or refusal.state == "database_access":
        return SetupRefused(f"The role may not do this in {describe(url)}: run it as a superuser.")
    if state:
        return SetupRefused(f"PostgreSQL did not do it (SQLSTATE {state}), in {describe(url)}.")
    return guard.StartupRefused([refusal], config)


def require_rights(connection: Connection) -> None:
    if cast("Any", connection.dialect).server_version_info < OLDEST_SERVER:
        raise SetupRefused("Caloria needs PostgreSQL 15 or newer.")
    if not (
        has_attribute(connection, "rolsuper") or has_attribute(connection, "rolcreatedb", "rolcreaterole")
    ):
        me = connection.scalar(text("SELECT current_user"))
        raise SetupRefused(
            f"The role {me} may not make databases and roles: set MIGRATION_DATABASE_URL to the address of a "
            "superuser, or of a role with CREATEDB and CREATEROLE."
        )


def has_database(connection: Connection, name: str) -> bool:
    statement = text("SELECT count(*) FROM pg_database WHERE datname = :name")
    return bool(connection.scalar(statement, {"name": name}))


def require_ours(connection: Connection, config: Config, name: str, owner: str) -> None:
    """Refuse a database in which somebody else keeps something."""
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise SetupRefused(f'The database "{name}" is encoded in {encoding}: name another one.')
    owners = set(connection.scalars(text(OWNERS)))
    if not owners:
        return
    whose = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
    if strangers := sorted((owners | {connection.scalar(text(whose))}) - {owner}):
        belongs = f'The database "{name}" is not empty and belongs to {", ".join(strangers)}, not to {owner}.'
        raise SetupRefused(f"{belongs} Nothing was changed. Name another one, or see docs/database.md.")
    require_environment(connection, config, name)


def require_environment(connection: Connection, config: Config, name: str) -> None:
    if not connection.scalar(text("SELECT to_regclass('identity') IS NOT NULL")):
        return
    environment = connection.scalar(text("SELECT environment FROM identity"))
    if environment not in (None, config.environment):
        raise SetupRefused(
            f'The database "{name}" belongs to {environment}, and CALORIA_ENV is {config.environment}. '
            "Nothing was changed."
        )


def make_database(connection: Connection, name: str, owner: str) -> None:
    if has_database(connection, name):
        run(connection, "ALTER DATABASE {name} OWNER TO {owner}", name=name, owner=owner)
    else:
        statement = "CREATE DATABASE {name} OWNER {owner} ENCODING 'UTF8' TEMPLATE template0"
        run(connection, statement, name=name, owner=owner)
