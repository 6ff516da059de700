from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import UtcDateTime, db, insert

# A server says that it is here every HEARTBEAT; one that was silent for this long no longer writes here.
HEARTBEAT = timedelta(seconds=15)
SILENT_AFTER = timedelta(seconds=45)
NOW: Any = func.current_timestamp(type_=UtcDateTime())


def the_time(over: Any = db.session) -> datetime:
    """What time it is on the database's clock, which all machines have in common."""
    return over.execute(select(NOW)).scalar_one()


# A worker is named for its machine, where a server of pages may run too.
WORKER = " (jobs)"


def worker_name(server: str) -> str:
    """Under which name the worker on a machine says that it is here."""
    return f"{server}{WORKER}"


class Sighting(NamedTuple):
    """A server as the database last saw it. Without a time it was never there."""

    name: str
    version: str | None = None
    environment: str | None = None
    booted_at: datetime | None = None
    last_seen_at: datetime | None = None
    is_here: bool = False


class Server(db.Model):
    """A machine that writes to this database, by its own word. Times are the database's."""

    __tablename__ = "servers"

    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str]
    environment: Mapped[str]
    booted_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]

    @classmethod
    def note(cls, connection: Connection, name: str, **said: Any) -> None:
        """Write that a server is here now, and what it says of itself."""
        said["last_seen_at"] = NOW
        statement = insert(cls).values(name=name, **said)
        connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=said))

    @classmethod
    def sightings(cls, connection: Connection, expected: list[str]) -> list[Sighting]:
        """Every server that wrote here lately, and each that is expected to; those that do not come first."""
        columns = (cls.name, cls.version, cls.environment, cls.booted_at, cls.last_seen_at)
        seen = {
            row.name: Sighting(*row[:-1], is_here=row.now - row.last_seen_at <= SILENT_AFTER)
            for row in connection.execute(select(*columns, NOW.label("now")))
        }
        here = {name for name, sighting in seen.items() if sighting.is_here}
        missing = [seen.get(name, Sighting(name)) for name in expected if name not in here]
        return missing + [seen[name] for name in sorted(here)]

    @classmethod
    def newest_worker(cls) -> Select:
        """When a worker was last here."""
        return select(func.max(cls.last_seen_at)).where(cls.name.endswith(WORKER, autoescape=True))
