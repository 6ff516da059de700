from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import UtcDateTime, db, insert

# A server says so every HEARTBEAT; one that was silent for this long no longer writes here.
HEARTBEAT = timedelta(seconds=15)
SILENT_AFTER = timedelta(seconds=45)
NOW: Any = func.current_timestamp(type_=UtcDateTime())


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
