"""Whether the data in a backup looks as if some of it was lost: then nothing older is thrown away."""

from collections.abc import Iterator
from typing import Any

from caloria.operations.backup.manifest import Manifest

# What comes and goes by itself.
PASSING = {"sessions", "password_resets", "throttles", "servers", "backup_runs", "food_words"}
SHRUNK_BY = 0.1


def suspicion(earlier: list[Manifest], facts: dict[str, Any]) -> str | None:
    """What was lost since the last backup that was proven and looked right, in words."""
    trusted = [each for each in earlier if each.is_proven and not each.suspicion]
    if not trusted:
        return None
    return "; ".join(losses(counts(trusted[-1].facts), counts(facts))) or None


def counts(facts: dict[str, Any]) -> dict[str, int]:
    """Rows by table, and the number of files that people uploaded."""
    rows = {name: table["rows"] for name, table in facts["contents"]["tables"].items()}
    return rows | {"uploads": facts["uploads"]["files"]}


def losses(before: dict[str, int], now: dict[str, int]) -> Iterator[str]:
    """A row less is nothing to think about; a table that shrank by a tenth, or is empty now, is."""
    for table in sorted(before.keys() & now.keys() - PASSING):
        lost = before[table] - now[table]
        if lost > (0 if table == "users" else 1) and lost >= before[table] * SHRUNK_BY:
            things = "files" if table == "uploads" else "rows"
            yield f"{table} went from {before[table]:,} to {now[table]:,} {things}"
