"""Nobody else may be at work on what is moved, nor on what it is moved into."""

import time
from collections.abc import Iterable

from caloria import guard
from caloria.guard.asking import ask_database
from caloria.guard.pooler import it_is_reached_directly
from caloria.models.server import SILENT_AFTER
from caloria.operations.transfer.failure import TransferFailed
from caloria.operations.transfer.sqlite_source import SqliteSource
from caloria.operations.transfer.target import Target
from config import Config

SILENT_SECONDS = int(SILENT_AFTER.total_seconds())
# Who has just left may still be seen.
PATIENCE_SECONDS, ASK_AGAIN_SECONDS = 2, 0.1
SEEN = "SELECT name, CAST(extract(epoch FROM clock_timestamp() - last_seen_at) AS bigint) FROM servers"
# Every process of Caloria's connects under such a name. Somebody at psql does not stand in the way.
CONNECTED = """
    SELECT application_name, count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND (application_name LIKE 'caloria/%' OR application_name = current_setting('application_name'))
    GROUP BY 1 ORDER BY 1
"""


def require_alone(config: Config, source: SqliteSource, target: Target) -> None:
    """Raises TransferFailed with who is at work where."""
    require_silent(str(source.file), source.servers())
    require_target_alone(config, target)


def require_target_alone(config: Config, target: Target) -> None:
    """Raises TransferFailed."""
    require_silent(target.where, target.ask(SEEN).all())
    if not is_pooled(config):
        require_no_connections(target)


def require_silent(where: str, seen: Iterable[tuple[str, int]]) -> None:
    """A server says every few seconds that it is there."""
    here = [(seconds, name) for name, seconds in seen if abs(seconds) <= SILENT_SECONDS]
    if here:
        seconds, name = min(here)
        wait = SILENT_SECONDS - seconds + 1
        raise TransferFailed(
            f"Caloria on {name} wrote to {where} {max(0, seconds)} seconds ago. Stop it first; "
            f"if it is stopped already, try again in {wait} seconds."
        )


def is_pooled(config: Config) -> bool:
    """A pooler keeps connections open that nobody uses any more."""
    app = guard.usable(config.database_url)
    return app != config.migration_database_url and bool(ask_database([it_is_reached_directly], config, app))


def connected_to(target: Target) -> list[tuple[str, int]]:
    target.ask("SELECT pg_stat_clear_snapshot()")  # else it says within one transaction what it said before
    return [(row[0], row[1]) for row in target.ask(CONNECTED)]


def require_no_connections(target: Target) -> None:
    """Raises TransferFailed."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while there := connected_to(target):
        if time.monotonic() > give_up_at:
            who = ", ".join(f"{name} ({count})" for name, count in there)
            raise TransferFailed(f"Caloria is connected to {target.where}: {who}. Stop it first.")
        time.sleep(ASK_AGAIN_SECONDS)
