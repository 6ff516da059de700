"""The server on which databases are made, restored and renamed, over the role that may."""

import time
from typing import Any, NamedTuple

from sqlalchemy import URL, Connection, text

from caloria.guard.subject import binding
from caloria.operations.backup.failure import BackupFailed, NotSetUp
from caloria.operations.environments.mending import literal
from caloria.operations.environments.roles import Roles
from caloria.operations.environments.setup import MAINTENANCE, without
from config import Config
from settings.database import hosts_of, is_sqlite
from settings.shell import POSTGRESQL, named

# What a database's comment says of the restore that filled it.
UNFINISHED, RESTORED = "A restore into this is under way, or was interrupted", "Restored from "
NAMED = """
    SELECT datname AS name, oid::bigint AS oid, pg_get_userbyid(datdba) AS owner, datallowconn AS is_open,
           pg_has_role(datdba, 'USAGE') AS is_ours, shobj_description(oid, 'pg_database') AS comment
    FROM pg_database WHERE datname = :name
"""
ME = "SELECT rolname AS name, rolsuper OR rolcreatedb AS may_make FROM pg_roles WHERE rolname = current_user"
MAY_BE = "SELECT pg_has_role(oid, 'MEMBER') FROM pg_roles WHERE rolname = :role"
# The server takes a moment to notice that somebody has left.
LEAVING_SECONDS, ASK_AGAIN_SECONDS = 5, 0.1
# Tables, and whatever else holds or shows rows, but for what an extension brings.
HELD = """
    SELECT count(*) FROM pg_class AS relation JOIN pg_namespace AS space ON space.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND nspname !~ '^pg_' AND nspname <> 'information_schema'
      AND NOT EXISTS (
        SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = relation.oid AND deptype = 'e'
      )
"""


class Database(NamedTuple):
    """What the server's catalogue says of one database."""

    name: str
    oid: int
    owner: str
    is_open: bool
    is_ours: bool
    comment: str | None

    @property
    def is_unfinished(self) -> bool:
        return self.comment == UNFINISHED

    @property
    def backup(self) -> str | None:
        """The id of the backup that it was restored from, where that is known."""
        comment = self.comment or ""
        return comment.removeprefix(RESTORED) if comment.startswith(RESTORED) else None


class Role(NamedTuple):
    """Who is connected, and whether that role may make and rename databases."""

    name: str
    may_make: bool


def server_of(config: Config, *busy: str | None) -> URL:
    """Where to connect, in a database that is none of those. Raises NotSetUp."""
    url = config.migration_database_url
    if url is None or is_sqlite(url):
        mend = config.correct("MIGRATION_DATABASE_URL", POSTGRESQL)
        raise NotSetUp(f"MIGRATION_DATABASE_URL names no PostgreSQL server. To mend: {mend}")
    proof = config.backup_proof_url
    chosen = without(proof if proof is not None and stands(proof) == stands(url) else url, "dbname")
    return chosen.set(database=MAINTENANCE) if chosen.database in busy else chosen


def stands(url: URL) -> tuple[Any, str]:
    """Which server an address leads to."""
    return hosts_of(url), str(url.port or url.query.get("port") or 5432)


def live_name(config: Config) -> str | None:
    """The name of the app's database, where that is known."""
    url = config.database_url
    return None if url is None or is_sqlite(url) else str(url.database)


def database(server: Connection, name: str) -> Database | None:
    row = server.execute(text(NAMED), {"name": name}).one_or_none()
    return Database(*row) if row else None


def me(server: Connection) -> Role:
    return Role(*server.execute(text(ME)).one())


def may_be(server: Connection, role: str) -> bool:
    """Whether there is such a role, and what is done can be done as it."""
    return bool(server.scalar(text(MAY_BE), {"role": role}))


def roles_there(server: Connection, live: str | None) -> Roles | None:
    """The roles that `flask database setup` makes for the live database, where all of them exist."""
    if live is None:
        return None
    roles = Roles.of(live)
    exist = set(server.scalars(text("SELECT rolname FROM pg_roles")))
    return roles if exist >= {roles.owner, roles.app, roles.read} else None


def holds_nothing(connection: Connection) -> bool:
    return not connection.scalar(text(HELD))


def is_bound(connection: Connection) -> bool:
    """Whether the identity in this database says that its place is here."""
    if not connection.scalar(text("SELECT to_regclass('identity')")):
        return False
    said = connection.execute(text("SELECT system_identifier, database_oid FROM identity")).first()
    return said is not None and tuple(said) == binding(connection)


def is_ours_alone(server: Connection, name: str, patience: float = 0) -> bool:
    """Lock a name until this connection ends, waiting so many seconds for whoever has it."""
    give_up_at = time.monotonic() + patience
    while not server.scalar(text("SELECT pg_try_advisory_lock(hashtext(:name))"), {"name": name}):
        if time.monotonic() > give_up_at:
            return False
        time.sleep(ASK_AGAIN_SECONDS)
    return True


def require_maker(server: Connection) -> None:
    role = me(server)
    if not role.may_make:
        raise BackupFailed(
            f"The role {role.name} may neither make nor rename databases. Set BACKUP_PROOF_URL to the "
            "address of one that may; flask database setup prints it."
        )


def remark(server: Connection, name: str, comment: str | None) -> None:
    """Say in the catalogue what this database is."""
    said = literal(comment) if comment else "NULL"
    server.exec_driver_sql(f"COMMENT ON DATABASE {named(name)} IS {said}")
