from uuid import UUID, uuid4

from sqlalchemy import Connection, insert
from sqlalchemy.exc import ProgrammingError

from caloria.guard import revisions
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


def binding(connection: Connection) -> tuple[str | None, int | None]:
    """What ties a database to the server it was made on. A SQLite file may be moved, so it has none."""
    if connection.dialect.name == "sqlite":
        return None, None
    oid = connection.exec_driver_sql("SELECT oid::bigint FROM pg_database WHERE datname = current_database()")
    return _system_identifier(connection), oid.scalar_one()


def _system_identifier(connection: Connection) -> str | None:
    """The server's own number; some hosts forbid to read it."""
    try:
        with connection.begin_nested():
            statement = "SELECT system_identifier::text FROM pg_control_system()"
            return connection.exec_driver_sql(statement).scalar_one()
    except ProgrammingError:
        return None
