"""Restoring into a PostgreSQL database that is made for it, or that is there and empty."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError

from caloria.operations.backup import place, postgresql
from caloria.operations.backup.contents import Progress
from caloria.operations.backup.failure import BackupFailed
from caloria.operations.backup.manifest import Manifest
from caloria.operations.backup.source import because, plain
from caloria.operations.backup.tools import Tools
from caloria.operations.connecting import engine_at
from caloria.operations.environments.grants import grant
from caloria.operations.environments.roles import is_usable_name
from caloria.operations.environments.separation import role_of
from caloria.operations.turn import Busy
from config import Config
from settings.shell import named

# What pg_restore brought, and what stood in an empty schema, such as rights.
EMPTIED = (
    "DROP SCHEMA public CASCADE",
    "CREATE SCHEMA public",
    "GRANT USAGE ON SCHEMA public TO PUBLIC",
)


class DatabaseTarget:
    """The database that is filled; until it is complete, its comment says that it is not."""

    def __init__(self, config: Config, server: Connection, url: URL):
        self.config, self.server, self.url = config, server, url
        self.name = str(url.database)
        self.live = place.live_name(config)
        self.roles = place.roles_there(server, self.live)
        self.found = place.database(server, self.name)
        self.owner = place.me(server).name
        self.notes: list[str] = []

    @classmethod
    @contextmanager
    def made(cls, config: Config, into: str) -> Iterator["DatabaseTarget"]:
        """A target to fill; gone again, or empty again, where the block does not end well."""
        if not is_usable_name(into):
            raise BackupFailed(f'No database of Caloria can be named "{into}". Nothing was changed.')
        url = place.server_of(config, into)
        with plain(config, url, isolation_level="AUTOCOMMIT") as server:
            target = cls(config, server, url.set(database=into))
            target.prepare()
            try:
                place.remark(server, into, place.UNFINISHED)
                yield target
            except BaseException:
                target.give_back()
                raise

    def prepare(self) -> None:
        """Have an empty database. Raises BackupFailed, and then nothing was changed."""
        self.require_alone()
        if self.found and not self.may_be_dropped():
            self.require_empty()
            self.become(self.found.owner)
            return
        place.require_maker(self.server)
        if self.found:  # not by force: whoever is in it may be the restore that goes on
            self.server.exec_driver_sql(f"DROP DATABASE {named(self.name)}")
            self.found = None
        migrating = role_of(self.config.migration_database_url) if self.config.migration_database_url else ""
        self.become(self.roles.owner if self.roles else migrating, migrating)
        postgresql.make(self.server, self.name, self.owner)

    def require_alone(self) -> None:
        """Raises Busy while another restore fills a database of this name."""
        if not place.is_ours_alone(self.server, self.name, place.LEAVING_SECONDS):
            raise Busy(f"Another restore into {self.name} is under way.")

    def may_be_dropped(self) -> bool:
        """Whether a restore was interrupted here, and nobody took the database for a live one since."""
        unfinished = self.found is not None and self.found.is_unfinished
        return unfinished and self.name != self.live and not self.is_at_home()

    def is_at_home(self) -> bool:
        with plain(self.config, self.url) as inside:
            return not place.holds_nothing(inside) and place.is_bound(inside)

    def become(self, *owners: str) -> None:
        """Choose whom everything will belong to: the first of these that this role may act for."""
        self.owner = next((role for role in owners if place.may_be(self.server, role)), self.owner)
        if self.owner not in owners:
            self.notes.append(
                f"Everything in {self.name} belongs to {self.owner}, which may not act for {owners[0]}."
            )

    def require_empty(self) -> None:
        if not self.is_empty() and self.name == self.live:
            raise BackupFailed(
                f"{self.name} is the live database: nothing is ever restored over it. Restore beside it, "
                f"such as --into {self.name[:48]}_restored, then flask database promote. Nothing was changed."
            )
        if not self.is_empty():
            raise BackupFailed(f"{self.name} is not empty. Name another database. Nothing was changed.")

    def is_empty(self) -> bool:
        if self.found and not self.found.is_open:
            return False
        with plain(self.config, self.url) as inside:
            return place.holds_nothing(inside)

    def fill(self, dump: Path, kept: Manifest, progress: Progress) -> None:
        self.load(dump, kept.facts["made_by"], progress)

    def load(self, dump: Path, made_by: str, progress: Progress) -> None:
        progress("Restoring", 0, 1)
        words = [f"--role={self.owner}", *(["--single-transaction"] if self.found else [])]
        server = postgresql.major_of(self.server)
        postgresql.load(dump, made_by, self.url, server, *words)
        progress("Restoring", 1, 1)

    def dump(self, into: Path) -> str:
        """Write what is in it now; returns what wrote it."""
        tools = Tools.fitting(postgresql.major_of(self.server))
        tools.run("pg_dump", self.url, *postgresql.DUMP, f"--file={into}")
        return tools.version()

    @contextmanager
    def opened(self) -> Iterator[Connection]:
        """A connection of the owner's."""
        try:
            with engine_at(self.config, self.url).connect() as connection:
                connection.exec_driver_sql(f"SET ROLE {named(self.owner)}")
                connection.commit()
                yield connection
        except DBAPIError as error:
            raise because(error, self.config, self.url) from None

    def settle(self, kept: Manifest) -> None:
        """Give the roles of the live database their rights, and say that all of it is here."""
        if self.roles and self.owner == self.roles.owner:
            with plain(self.config, self.url) as inside:
                grant(inside, self.name, self.roles)
        elif self.config.database_url and role_of(self.config.database_url) != self.owner:
            self.notes.append(f"No role but {self.owner} may read it yet: the app's role needs its rights.")
        with plain(self.config, self.url, isolation_level="AUTOCOMMIT") as inside:
            inside.exec_driver_sql("ANALYZE")
        place.remark(self.server, self.name, place.RESTORED + kept.id)

    def give_back(self) -> None:
        """Where the server is away, the comment stays, and the next restore begins by dropping this."""
        with suppress(DBAPIError, BackupFailed):
            if self.found is None:
                postgresql.drop(self.server, self.name)
                return
            with self.opened() as inside:
                for statement in EMPTIED:
                    inside.exec_driver_sql(statement)
                inside.commit()
            place.remark(self.server, self.name, self.found.comment)
