from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import create_engine, select, update
from sqlalchemy.pool import NullPool

from caloria import guard
from caloria.models import Identity
from caloria.operations.identify import binding
from caloria.operations.turn import take_turn
from config import Config
from settings.database import connect_args


def adopt(config: Config, as_copy: bool) -> UUID:
    """Bind the database to the server it is on now; a copy becomes one of its own. Returns its id."""
    url = guard.usable(config.migration_database_url)
    engine = create_engine(url, poolclass=NullPool, connect_args=connect_args(config, url))
    with engine.connect() as connection:
        take_turn(connection)
        uuid, epoch = connection.execute(select(Identity.uuid, Identity.epoch)).one()
        system_identifier, oid = binding(connection)
        changed: dict[str, Any] = {"system_identifier": system_identifier, "database_oid": oid}
        if as_copy:
            changed |= {"restored_from": str(uuid), "epoch": epoch + 1, "environment": config.environment}
            changed["uuid"] = uuid = uuid4()
        connection.execute(update(Identity).values(changed))
        connection.commit()
        return uuid
