"""How far the chain was at some moment, as it is known outside of the database."""

import re
from typing import Any, NamedTuple

from sqlalchemy import Connection, inspect, text

from caloria.models import AuditSeal
from caloria.operations.backup.shelf import Shelf
from config import Config

WRITTEN = re.compile(r"([1-9][0-9]*):([0-9a-f]{64})")
IDENTITY = "SELECT uuid, epoch FROM identity WHERE id = 1"


class Head(NamedTuple):
    """A link that was the newest once, and who says so."""

    position: int
    digest: str
    known_from: str

    def __str__(self) -> str:
        return f"{self.position}:{self.digest}"


def of(connection: Connection) -> dict[str, Any] | None:
    """What the manifest of a backup says of the chain; None where there is none yet."""
    if not inspect(connection).has_table(AuditSeal.__tablename__):
        return None
    newest = connection.execute(AuditSeal.head()).one_or_none()
    return newest._asdict() if newest else None


def read(said: str) -> Head:
    """A head as it is printed, POSITION:DIGEST. Raises ValueError."""
    found = WRITTEN.fullmatch(said.strip())
    if not found:
        raise ValueError("A head is written POSITION:DIGEST, with 64 hexadecimal digits.")
    return Head(int(found[1]), found[2], "the head that was given")


def on_the_shelf(config: Config, connection: Connection) -> Head | None:
    """The head in the newest backup of this database since its data last went back. Raises BackupFailed."""
    row = connection.execute(text(IDENTITY)).one()
    for made in reversed(Shelf.of(config).readable()):
        head = made.facts.get("audit")
        if head and (made.database_id.hex, made.epoch) == (hexed(row.uuid), row.epoch):
            return Head(head["position"], head["digest"], f"the backup {made.id}")
    return None


def hexed(uuid: Any) -> str:
    return str(uuid).replace("-", "")
