from uuid import UUID, uuid4

from sqlalchemy import Connection, insert

from caloria.guard import revisions
from caloria.guard.subject import binding
from caloria.models import Identity
from caloria.models.clock import utc_now


def identify(connection: Connection, environment: str, revision: str) -> UUID:
    """Write who this database is, once, when its first tables are made; return its id."""
    system_identifier, oid = binding(connection)
    database_id = uuid4()
    connection.execute(
        insert(Identity).values(
            id=1,
            uuid=database_id,
            environment=environment,
            created_at=utc_now(),
            system_identifier=system_identifier,
            database_oid=oid,
            epoch=0,
            oldest_compatible_revision=revisions.oldest_compatible(revision),
        )
    )
    return database_id
