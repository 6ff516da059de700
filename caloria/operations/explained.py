"""What PostgreSQL says to a migration that may not go on, in words of ours."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from caloria.guard.unreachable import INSUFFICIENT_PRIVILEGE
from caloria.operations.turn import Busy

LOCK_NOT_AVAILABLE = "55P03"


class NotTheOwner(click.ClickException):
    """Another role migrates this database."""


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Raise NotTheOwner or Busy for what is no mistake of a migration; it changed nothing."""
    try:
        yield
    except DBAPIError as error:
        code = getattr(error.orig, "pgcode", None)
        if code == INSUFFICIENT_PRIVILEGE:
            raise NotTheOwner(
                f"The role {url.username} may not change the tables. Set MIGRATION_DATABASE_URL to the "
                "address of the role that owns them; flask database setup prints it."
            ) from None
        if code == LOCK_NOT_AVAILABLE:
            in_use = "A table that this migration changes is in use. Nothing was changed; try again later."
            raise Busy(in_use) from None
        raise
