from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from caloria.filters.dates import moment
from caloria.filters.numbers import count
from caloria.filters.sources import provenance
from caloria.guard.connection import opened
from caloria.guard.subject import Subject
from caloria.models import Figures
from caloria.models.server import Sighting
from config import Config

UNKNOWN = "unknown"


def database_facts(config: Config) -> list[tuple[str, str]]:
    """What can be read of the database that the configuration names, in words; nothing is changed.

    What cannot be read is "unknown", never zero.
    """
    facts = [("environment", config.environment), ("server", config.server)]
    if config.database_url is None:
        return [*facts, ("database", UNKNOWN)]
    try:
        with opened(config, config.database_url) as connection:
            subject = Subject(config, config.database_url, connection, None)
            figures = Figures(connection, config.database_url, config.servers)
            return [*facts, *_told_of(subject), *_counted(figures), *_served(figures)]
    except DBAPIError:
        return [*facts, ("database", f"{UNKNOWN}: it could not be opened")]


def _told_of(subject: Subject) -> list[tuple[str, str]]:
    stamped = ", ".join(subject.stamped) or "none"
    facts = [("database", subject.where), ("revision", f"{stamped} (this code needs {subject.head})")]
    if not inspect(subject.connection).has_table("identity") or not subject.has_identity:
        return [*facts, ("identity", "none")]
    identity = subject.identity
    created = [("data of", identity.environment), ("created", identity.created)]
    return [*facts, ("identity", str(identity.uuid)), *created]


def _counted(figures: Figures) -> list[tuple[str, str]]:
    source = provenance(figures)
    return [(name, f"{count(number):<12} {source}") for name, number in figures.counts.items()]


def _served(figures: Figures) -> list[tuple[str, str]]:
    if figures.servers is None:
        return [("servers", UNKNOWN)]
    return [("writes here" if each.is_here else "MISSING", _sighted(each)) for each in figures.servers]


def _sighted(server: Sighting) -> str:
    if server.last_seen_at is None or server.booted_at is None:
        return f"{server.name} was never seen in this database"
    seen, since = moment(server.last_seen_at), moment(server.booted_at)
    version = f"{server.name} (version {server.version}, {server.environment})"
    return f"{version} since {since}, seen {seen}" if server.is_here else f"{version} was last seen {seen}"
