from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from caloria.guard.connection import opened
from caloria.guard.subject import Subject
from config import Config

COUNTED = ("users", "foods", "entries")
UNKNOWN = "unknown"


def database_facts(config: Config) -> dict[str, str]:
    """What can be read of the database that the configuration names, in words; nothing is changed.

    What cannot be read is "unknown", never zero.
    """
    facts = {"environment": config.environment, "server": config.server}
    if config.database_url is None:
        return facts | {"database": UNKNOWN}
    try:
        with opened(config, config.database_url) as connection:
            return facts | _read(Subject(config, config.database_url, connection, None))
    except DBAPIError:
        return facts | {"database": f"{UNKNOWN}: it could not be opened"}


def _read(subject: Subject) -> dict[str, str]:
    stamped = ", ".join(subject.stamped) or "none"
    facts = {"database": subject.where, "revision": f"{stamped} (this code needs {subject.head})"}
    if inspect(subject.connection).has_table("identity") and subject.identity:
        identity = subject.identity
        facts |= {
            "identity": str(identity.uuid),
            "data of": identity.environment,
            "created": identity.created,
        }
    return facts | {table: _count(subject, table) for table in COUNTED}


def _count(subject: Subject, table: str) -> str:
    if table not in subject.tables:
        return UNKNOWN
    return f"{subject.connection.scalar(text(f'SELECT count(*) FROM {table}')):,}"  # noqa: S608  a name of ours
