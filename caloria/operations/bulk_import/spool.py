"""Where the rows of a file wait until all of it was read: a file of this machine's own, thrown away after."""

import marshal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from caloria.models.food_sources.amounts import words

ROWS_AT_ONCE = 5_000
# Sorting and reading need little; it stays far below what an import may take.
CACHE_KIB = 16_000
TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA temp_store = FILE;
    CREATE TABLE records (line INTEGER PRIMARY KEY, key TEXT, rank INTEGER, gtin TEXT, newest TEXT);
    CREATE TABLE bodies (line INTEGER PRIMARY KEY, body BLOB);
    CREATE TABLE parts (kind TEXT, key TEXT, body BLOB);
    CREATE TABLE rejections (line INTEGER, key TEXT, reason TEXT);
    CREATE TABLE notes (file TEXT, line INTEGER, key TEXT, reason TEXT);
"""
# Of records with one key the first in rank counts, and of those with one barcode the newest.
SAME_KEY = """
    INSERT INTO rejections SELECT line, key, 'the id stands in the file more than once' FROM (
        SELECT line, key, ROW_NUMBER() OVER (PARTITION BY key ORDER BY rank DESC) AS place FROM records
    ) WHERE place > 1
"""
SAME_GTIN = """
    INSERT INTO rejections SELECT line, key, 'the file has a newer record of the barcode ' || gtin FROM (
        SELECT line, key, gtin, ROW_NUMBER() OVER (
            PARTITION BY gtin ORDER BY newest DESC, length(key) DESC, key DESC
        ) AS place FROM records WHERE gtin IS NOT NULL
    ) WHERE place > 1
"""
GONE = "DELETE FROM records WHERE line IN (SELECT line FROM rejections)"


class Spool:
    """Records by the line that they stand in, parts that belong to them, and the rows that are rejected."""

    def __init__(self, database: sqlite3.Connection):
        self.database = database
        self.database.executescript(TABLES)
        self.database.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        self.database.execute("BEGIN")
        self.read = self.rejected = self.noted = 0
        self._records: list[tuple] = []
        self._bodies: list[tuple] = []
        self._parts: list[tuple] = []

    def keep(
        self, line: int, key: str, body: Any, rank: int = 0, gtin: str | None = None, newest: str = ""
    ) -> None:
        """Keep one record; of several with one key the first in rank counts."""
        self.read += 1
        self._records.append((line, key, rank, gtin, words(newest)))
        self._bodies.append((line, marshal.dumps(body)))
        if len(self._records) >= ROWS_AT_ONCE:
            self._write()

    def keep_part(self, kind: str, key: str, body: Any) -> None:
        """Keep something that belongs to a record, in whatever order it comes."""
        self._parts.append((kind, key, marshal.dumps(body)))
        if len(self._parts) >= ROWS_AT_ONCE:
            self._write()

    def refuse(self, line: int, key: str, reason: str) -> None:
        """Reject a row that cannot even be kept."""
        self.read += 1
        self.reject(line, key, reason)

    def reject(self, line: int, key: str, reason: str) -> None:
        """Reject a row that was kept."""
        self.rejected += 1
        said = (line, words(key), words(reason))
        self.database.execute("INSERT INTO rejections VALUES (?, ?, ?)", said)

    def note(self, file: str, line: int, key: str, reason: str) -> None:
        """Say what was left out of something that is imported."""
        self.noted += 1
        said = (file, line, words(key), words(reason))
        self.database.execute("INSERT INTO notes VALUES (?, ?, ?, ?)", said)

    def _write(self) -> None:
        self.database.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?)", self._records)
        self.database.executemany("INSERT INTO bodies VALUES (?, ?)", self._bodies)
        self.database.executemany("INSERT INTO parts VALUES (?, ?, ?)", self._parts)
        self._records, self._bodies, self._parts = [], [], []

    def settle(self) -> None:
        """Now that all is read: leave one record for each key, and the newest for each barcode."""
        self._write()
        self.database.execute("CREATE INDEX by_key ON records (key, rank)")
        self._drop(SAME_KEY)
        self.database.execute("CREATE INDEX by_gtin ON records (gtin, newest) WHERE gtin IS NOT NULL")
        self._drop(SAME_GTIN)
        self.index_parts()

    def index_parts(self) -> None:
        """Let parts be found from now on."""
        self._write()
        self.database.execute("CREATE INDEX IF NOT EXISTS by_part ON parts (key, kind)")

    def _drop(self, statement: str) -> None:
        self.rejected += self.database.execute(statement).rowcount
        self.database.execute(GONE)

    def unindex_parts(self) -> None:
        """Let parts come in again, as fast as they can."""
        self.database.execute("DROP INDEX IF EXISTS by_part")

    @property
    def kept(self) -> int:
        return self.read - self.rejected

    def records(self) -> Iterator[tuple[int, str, Any]]:
        """Every record that is left: its line, its key, and what was kept of it."""
        for line, key, body in self.database.execute(
            "SELECT line, key, body FROM records JOIN bodies USING (line) ORDER BY line"
        ):
            yield line, key, marshal.loads(body)  # noqa: S302  written by this very process

    def has(self, key: str) -> bool:
        return self.database.execute("SELECT 1 FROM records WHERE key = ?", (key,)).fetchone() is not None

    def parts(self, kind: str, key: str) -> Iterator[Any]:
        """What belongs to a record, in the order in which it came."""
        found = self.database.execute(
            "SELECT body FROM parts WHERE kind = ? AND key = ? ORDER BY rowid", (kind, key)
        )
        return (marshal.loads(body) for (body,) in found)  # noqa: S302  the same

    def rejections(self) -> Iterator[tuple[int, str, str]]:
        """Which rows are rejected, and why."""
        return self.database.execute("SELECT line, key, reason FROM rejections ORDER BY line, rowid")

    def notes(self) -> Iterator[tuple[str, int, str, str]]:
        """What was left out, of which file."""
        return self.database.execute("SELECT file, line, key, reason FROM notes ORDER BY rowid")


@contextmanager
def spooling() -> Iterator[Spool]:
    """A spool that is gone when the import ends, also where that is a kill: its file has no name."""
    with closing(sqlite3.connect("", isolation_level=None)) as database:
        yield Spool(database)
