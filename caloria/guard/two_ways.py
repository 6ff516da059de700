"""Whether migrations go to the database that the app is on: a stray setting may lead one elsewhere."""

from sqlalchemy.exc import DBAPIError

from caloria.guard.connection import opened
from caloria.guard.mending import another
from caloria.guard.refusal import OTHER_IDENTITY, Notice, Refusal
from caloria.guard.subject import Subject
from config import Config
from settings.database import describe


def they_lead_apart(config: Config) -> list[Refusal | Notice]:
    """Row 23, of two addresses: what is done over one of them must be meant for the other."""
    app, migrations = config.database_url, config.migration_database_url
    if app is None or migrations is None or app == migrations:
        return []
    places = []
    for url in (app, migrations):
        try:
            with opened(config, url) as connection:
                places.append(Subject(config, url, connection, None).place)
        except DBAPIError:
            return []  # why is told by the questions about the connection
    (server, database), (other_server, other_database) = places
    if database == other_database and (None in (server, other_server) or server == other_server):
        return []
    found = f"DATABASE_URL leads to {describe(app)}, but MIGRATION_DATABASE_URL to {describe(migrations)}"
    expected = "two ways to one database"
    return [Refusal(OTHER_IDENTITY, "other_database", found, expected, another(config, migrations))]
