"""Whether the database can serve a request now: the guard's questions, asked briefly and again and again."""

import os
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, event
from sqlalchemy.pool import QueuePool

from caloria.guard import revisions
from caloria.guard.deadline import within
from config import Config

PATIENCE = 2
KEPT_FOR = 1


@dataclass(frozen=True)
class Finding:
    """What was found: nothing against it, or the reasons; and figures for those who may see them."""

    reasons: list[str]
    details: dict[str, Any] = field(default_factory=dict)


class Probe:
    """Looks at the database through the app's own pool, at most once a second in each process."""

    def __init__(self, config: Config, engine: Engine):
        self.config, self.engine, self.lock = config, engine, Lock()
        self.is_looking, self.invalidated = False, 0
        self.finding, self.looked_at = Finding(["unreachable"]), float("-inf")
        # Read now: a deploy may put other files there while this code still runs.
        revisions.head()
        revisions.known()
        event.listen(engine, "invalidate", self.count_invalidated)

    def count_invalidated(self, *_ignored: Any) -> None:
        self.invalidated += 1

    def latest(self) -> Finding:
        """What was found within the last second."""
        with self.lock:
            if monotonic() - self.looked_at > KEPT_FOR:
                self.finding = self.look()
                self.looked_at = monotonic()
            return self.finding

    def look(self) -> Finding:
        away = Finding(["unreachable"], self.figures())
        if self.is_looking:  # a look of before still hangs: another thread would only hang beside it
            return away
        self.is_looking = True
        return within(PATIENCE, self.ask, otherwise=away)

    def ask(self) -> Finding:
        started = monotonic()
        try:
            reasons, seen = self.read()
        except Exception:
            reasons, seen = ["unreachable"], {}
        finally:
            self.is_looking = False
        latency = round((monotonic() - started) * 1000, 1)
        return Finding(reasons, self.figures() | seen | {"latency_ms": latency})

    def read(self) -> tuple[list[str], dict[str, Any]]:
        # The bare driver: on SQLite the engine's own BEGIN would wait for whoever writes.
        connection = self.engine.raw_connection()
        try:
            cursor = connection.cursor()
            reasons = [] if self.can_write(cursor) else ["read_only"]
            cursor.execute("SELECT version_num FROM alembic_version")
            stamped = [row[0] for row in cursor.fetchall()]
            cursor.execute("SELECT uuid, environment, oldest_compatible_revision FROM identity WHERE id = 1")
            identity = cursor.fetchone()
        except self.engine.dialect.loaded_dbapi.Error as error:
            if not is_missing_table(error):
                raise
            return ["revision"], {}
        finally:
            connection.close()
        can_run = stamped == [revisions.head()] or (identity and revisions.are_ahead(stamped, identity[2]))
        reasons += [] if can_run else ["revision"]
        reasons += [] if identity and self.is_meant(*identity[:2]) else ["identity"]
        database_id = str(UUID(str(identity[0]))) if identity else None
        return reasons, {"revision": ", ".join(stamped), "database_id": database_id}

    def can_write(self, cursor: Any) -> bool:
        if self.engine.dialect.name == "sqlite":
            file = self.engine.url.database
            return file == ":memory:" or os.access(str(file), os.W_OK)
        cursor.execute("SET LOCAL statement_timeout = '1500ms'")
        cursor.execute("SHOW transaction_read_only")
        return cursor.fetchone()[0] == "off"

    def is_meant(self, uuid: Any, environment: str) -> bool:
        pinned = self.config.database_id
        is_other = self.config.deployed and pinned is not None and UUID(str(uuid)) != pinned
        return environment == self.config.environment and not is_other

    def figures(self) -> dict[str, Any]:
        told = {"engine": self.engine.dialect.name, "environment": self.config.environment}
        pool = self.engine.pool
        if not isinstance(pool, QueuePool):
            return told
        counts = {"size": pool.size(), "checked_in": pool.checkedin(), "checked_out": pool.checkedout()}
        return told | {"pool": counts | {"overflow": max(0, pool.overflow()), "invalid": self.invalidated}}


def is_missing_table(error: Exception) -> bool:
    return getattr(error, "pgcode", None) == "42P01" or "no such table" in str(error)
