"""What a database says of its own size and work. What it refuses or does not have is None: unknown."""

import re
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import text

from caloria.models.figures import Provenance

SLOWEST = 10
LITERAL = re.compile(r"'(?:[^']|'')*'|(?<![$\w.])\d+(?:\.\d+)?\b")
# Others may hold what somebody typed: a password, or the name of a role.
ORDINARY = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)

TABLES = """
SELECT relname AS name, pg_total_relation_size(oid) AS size_bytes, greatest(reltuples, -1)::bigint AS about
FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC, 1
"""
INDEXES = """
SELECT i.indexrelname AS name, i.relname AS "table", pg_relation_size(i.indexrelid) AS size_bytes,
       i.idx_scan AS uses, x.indisunique AS is_rule
FROM pg_stat_user_indexes i JOIN pg_index x ON x.indexrelid = i.indexrelid
WHERE i.schemaname = 'public' ORDER BY 3 DESC, 1
"""
CONNECTIONS = """
SELECT coalesce(state, 'unknown') AS state, count(*) AS number FROM pg_stat_activity
WHERE datname = current_database() GROUP BY 1 ORDER BY 2 DESC, 1
"""
SLOW = """
SELECT s.query, s.calls, s.mean_exec_time AS mean_ms, s.total_exec_time AS total_ms
FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
WHERE d.datname = current_database() AND s.query NOT LIKE '<%' ORDER BY s.mean_exec_time DESC LIMIT 50
"""


class Statement(NamedTuple):
    """A statement without the values it was said with, and how long it took."""

    words: str
    calls: int
    mean_ms: float
    total_ms: float


class DatabaseSizes:
    """How large the parts of a database are, and who works on it."""

    def __init__(self, source: Provenance):
        self.source, self.connection = source, source.connection
        self.is_postgresql = self.connection.dialect.name == "postgresql"
        self.revision = self._one("SELECT version_num FROM alembic_version")
        self.version = self._one("SHOW server_version" if self.is_postgresql else "SELECT sqlite_version()")
        self.size_bytes = self._one(
            "SELECT pg_database_size(current_database())"
            if self.is_postgresql
            else "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        )

    @property
    def tables(self) -> list[Any] | None:
        """Each with its indexes, the largest first."""
        return self._rows(TABLES) if self.is_postgresql else None

    @property
    def indexes(self) -> list[Any] | None:
        return self._rows(INDEXES) if self.is_postgresql else None

    @property
    def connections(self) -> list[Any] | None:
        return self._rows(CONNECTIONS) if self.is_postgresql else None

    @property
    def most_connections(self) -> int | None:
        return self._one("SELECT current_setting('max_connections')::int") if self.is_postgresql else None

    @property
    def has_statements(self) -> bool:
        """Whether the server notes how long statements take."""
        asked = "SELECT count(*) FROM pg_extension WHERE extname = 'pg_stat_statements'"
        return bool(self.is_postgresql and self._one(asked))

    @property
    def slow(self) -> list[Statement] | None:
        """What takes longest each time it is asked."""
        rows = self._rows(SLOW)
        if rows is None:
            return None
        said = [Statement(without_values(row.query), row.calls, row.mean_ms, row.total_ms) for row in rows]
        return [each for each in said if each.words][:SLOWEST]

    def _one(self, sql: str) -> Any:
        return self.source.read(partial(self._scalar, sql))

    def _scalar(self, sql: str) -> Any:
        return self.connection.scalar(text(sql))

    def _rows(self, sql: str) -> list[Any] | None:
        return self.source.read(lambda: list(self.connection.execute(text(sql))))


def without_values(query: str) -> str:
    """A statement on one line with every value masked; nothing where it is of another kind.

    The server masks most of them itself, and not always.
    """
    return " ".join(LITERAL.sub("…", query).split()) if ORDINARY.match(query) else ""
