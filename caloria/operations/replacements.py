"""Databases that were replaced: what they are called, and which were kept long enough."""

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, text

from caloria.models.clock import utc_now
from caloria.operations.backup import place
from caloria.operations.backup.source import plain
from config import Config
from settings.shell import named

KEPT_FOR = timedelta(days=7)
MOMENT = "%Y%m%d_%H%M%S"
LONGEST_STEM = 63 - len("_replaced_20261121_020003")
CLOSED = """
    SELECT datname FROM pg_database
    WHERE NOT datallowconn AND pg_has_role(datdba, 'USAGE') ORDER BY datname
"""


def free_name(server: Connection, live: str) -> str:
    """The name for now, or where two are replaced within a second, for a second later."""
    moment = utc_now()
    while place.database(server, replaced_name(live, moment)):
        moment += timedelta(seconds=1)
    return replaced_name(live, moment)


def replaced_name(live: str, moment: datetime) -> str:
    return f"{stem(live)}_replaced_{moment.strftime(MOMENT)}"


def stem(live: str) -> str:
    """As much of the name as leaves room, told apart from others that begin alike."""
    if len(live.encode()) <= LONGEST_STEM:
        return live
    return f"{live[: LONGEST_STEM - 9]}_{sha256(live.encode()).hexdigest()[:8]}"


def expired_replacements(config: Config) -> list[str]:
    """Databases that were replaced more than seven days ago, and that nobody opened again on purpose."""
    live = place.live_name(config)
    if live is None:
        return []
    with plain(config, place.server_of(config, live)) as server:
        names = list(server.scalars(text(CLOSED)))
    return [name for name in names if (at := replaced_at(live, name)) and utc_now() - at > KEPT_FOR]


def drop_expired(config: Config) -> list[str]:
    """Drop those; their names."""
    expired = expired_replacements(config)
    if expired:
        url = place.server_of(config, place.live_name(config))
        with plain(config, url, isolation_level="AUTOCOMMIT") as server:
            for name in expired:
                server.exec_driver_sql(f"DROP DATABASE IF EXISTS {named(name)}")
    return expired


def replaced_at(live: str, name: str) -> datetime | None:
    """When a database of this name was replaced; None where it is no such name."""
    match = re.fullmatch(rf"{re.escape(stem(live))}_replaced_(\d{{8}}_\d{{6}})", name)
    try:
        return datetime.strptime(match[1], MOMENT).replace(tzinfo=UTC) if match else None
    except ValueError:
        return None
