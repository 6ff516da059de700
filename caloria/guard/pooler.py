"""Whether a pooler such as PgBouncer stands between: it gives the lock of one session to several clients."""

from typing import Any, cast

from caloria.guard.refusal import CONFIGURATION, Refusal
from caloria.guard.subject import Subject
from settings.shell import address


def it_is_reached_directly(subject: Subject) -> Refusal | None:
    """A pooler tells each client a process number of its own making, which is not the server's."""
    if subject.is_sqlite:
        return None
    driver = cast("Any", subject.connection.connection.driver_connection)
    if driver.info.backend_pid == subject.value("SELECT pg_backend_pid()"):
        return None
    found = f"{subject.where} is reached through a pooler, where two migrations could run at once"
    mend = subject.config.correct("MIGRATION_DATABASE_URL", address(subject.url, host="HOST"))
    return Refusal(CONFIGURATION, "migration_through_pooler", found, "the server itself", mend)
