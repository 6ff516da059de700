"""Whether the data in a backup looks as if some of it was lost: then nothing older is thrown away."""

from collections.abc import Iterator
from typing import Any

from caloria.operations.backup.manifest import Manifest

# What comes and goes by itself, or with one click.
PASSING = {"sessions", "password_resets", "throttles", "servers", "backup_runs", "jobs", "food_words"}
PASSING |= {"reminders", "email_confirmations", "day_marks", "weekday_targets"}
SHRUNK_BY = 0.1
# Of which a single one counts.
PRECIOUS = {"users", "uploads"}
MISLAID = (
    "none of the backups that were proven here before can be read: "
    "is BACKUP_DIR mounted, and is BACKUP_KEY the one of before?"
)


def suspicion(earlier: list[Manifest], facts: dict[str, Any], proven_here: int) -> str | None:
    """What was lost since the last backup that was proven and looked right, in words.

    `proven_here` is how many this machine proved, as the database remembers it. What was before a restore
    that went live is not compared: the data went back in time on purpose.
    """
    if proven_here and not earlier:
        return MISLAID
    epoch = facts["database"]["epoch"]
    trusted = [each for each in earlier if each.is_proven and not each.suspicion and each.epoch == epoch]
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
        if lost > (0 if table in PRECIOUS else 1) and lost >= before[table] * SHRUNK_BY:
            things = "files" if table == "uploads" else "rows"
            yield f"{table} went from {before[table]:,} to {now[table]:,} {things}"
