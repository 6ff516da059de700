"""Whether migrations go to the database that the app is on: a stray setting may lead one elsewhere."""

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from caloria.guard.connection import opened
from caloria.guard.mending import another
from caloria.guard.refusal import OTHER_IDENTITY, Refusal
from caloria.guard.subject import Subject, binding
from settings.database import describe, is_sqlite


def it_is_the_apps_too(subject: Subject) -> Refusal | None:
    """Row 23, of two addresses: what is done over that of migrations must be meant for the app's database."""
    app = subject.config.database_url
    if app is None or app == subject.url or leads_here(app, subject):
        return None
    found = f"DATABASE_URL leads to {describe(app)}, but MIGRATION_DATABASE_URL to {subject.where}"
    mend = another(subject.config, subject.url)
    return Refusal(OTHER_IDENTITY, "other_database", found, "two ways to one database", mend)


def leads_here(app: URL, subject: Subject) -> bool:
    """Whether the app's address leads to this database too. Where nobody answers, other questions say so."""
    if is_sqlite(app) or subject.is_sqlite:
        return False
    try:
        with opened(subject.config, app) as connection:
            server, number = binding(connection)
    except DBAPIError:
        return True
    this_server, this_number = binding(subject.connection)
    return number == this_number and (None in (server, this_server) or server == this_server)
