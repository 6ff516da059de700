from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import URL, Connection, func, literal, select, table
from sqlalchemy.exc import DBAPIError

from caloria.models.identity import Identity
from caloria.models.server import NOW, Server, Sighting

COUNTED = ("users", "foods", "entries")
# Beyond that a figure for people to read need not be exact, and counting on would take long.
COUNTED_UP_TO = 1_000_000


class Provenance:
    """Which database something is read from, and when."""

    def __init__(self, connection: Connection, url: URL):
        self.connection = connection
        self.name = Path(str(url.database)).name
        self.database_id: UUID | None = self.read(lambda: connection.scalar(select(Identity.uuid)))
        self.as_of: datetime = connection.execute(select(NOW)).scalar_one().astimezone(UTC)

    def read(self, question: Any) -> Any:
        """The answer, or None where the database refuses one; the next question can still be asked."""
        try:
            with self.connection.begin_nested():
                return question()
        except DBAPIError:
            return None


class Figures(Provenance):
    """What is in a database, each figure with the name, the identity and the time that it belongs to.

    What cannot be read is None, which is not zero: a zero once made people believe their data was gone.
    """

    def __init__(self, connection: Connection, url: URL, expected_servers: list[str]):
        super().__init__(connection, url)
        self.counts = {name: self.read(partial(self.count, name)) for name in COUNTED}
        self.servers: list[Sighting] | None = self.read(
            lambda: Server.sightings(connection, expected_servers)
        )

    def count(self, name: str) -> int:
        some = select(literal(1)).select_from(table(name)).limit(COUNTED_UP_TO + 1).subquery()
        return self.connection.scalar(select(func.count()).select_from(some)) or 0
