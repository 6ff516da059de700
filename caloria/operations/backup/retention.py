"""Which backups are kept: 7 days, 4 weeks and 12 months of proven ones, and whatever else forbids to forget.

Throwing away takes two runs: the first only renames, so that there is a day to think again.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from caloria.operations.backup.failure import BackupFailed
from caloria.operations.backup.health import frozen_because
from caloria.operations.backup.manifest import Manifest
from caloria.operations.backup.shelf import DELETED, Shelf

DAYS, WEEKS, MONTHS = 7, 4, 12
NEVER_FEWER = 3
# What was never proven, or broke, is kept for a look, and not counted.
UNPROVEN_FOR = timedelta(days=7)
SECOND_THOUGHTS = timedelta(hours=20)
PERIODS: tuple[tuple[int, Callable[[datetime], object]], ...] = (
    (DAYS, lambda at: at.date()),
    (WEEKS, lambda at: at.isocalendar()[:2]),
    (MONTHS, lambda at: (at.year, at.month)),
)


class Pruned(NamedTuple):
    """What was set aside, what is gone for good, and why nothing was set aside, if so."""

    aside: list[str]
    gone: list[str]
    frozen: str | None


def prune(shelf: Shelf, database_id: UUID, now: datetime) -> Pruned:
    """Set aside what need not be kept of this database's backups. Raises Busy."""
    with shelf.locked():
        ours = shelf.of_database(database_id)
        if frozen := frozen_because(ours, now):
            return Pruned([], [], frozen)
        gone = [forget(folder) for folder in shelf.folders() if is_forgotten(folder, database_id)]
        spared = kept(ours, now)
        aside = [set_aside(shelf.folder / each.id) for each in ours if each.id not in spared]
        return Pruned(aside, gone, None)


def kept(ours: list[Manifest], now: datetime) -> set[str]:
    """The ids of those that stay, of a list with the oldest first."""
    proven = [each for each in ours if each.is_proven][::-1]
    if len(proven) < NEVER_FEWER:
        return {each.id for each in ours}
    spared = {each.id for each in proven[:NEVER_FEWER]}
    for number, period in PERIODS:
        spared |= newest_of_each(proven, number, period)
    spared |= {each.id for each in ours if each.pinned_until and each.pinned_until > now}
    return spared | {each.id for each in ours if not each.is_proven and now - each.snapshot_at < UNPROVEN_FOR}


def newest_of_each(newest_first: Iterable[Manifest], number: int, period: Callable) -> set[str]:
    found: dict[object, str] = {}
    for each in newest_first:
        found.setdefault(period(each.snapshot_at), each.id)
    return set(list(found.values())[:number])


def set_aside(folder: Path) -> str:
    os.utime(folder)
    folder.rename(folder.with_name(folder.name + DELETED))
    return folder.name


def is_forgotten(folder: Path, database_id: UUID) -> bool:
    """Whether this was set aside by an earlier run, long enough ago, of this database's backups."""
    ours = folder.name.endswith(f"-{str(database_id)[:8]}{DELETED}")
    return ours and time.time() - folder.stat().st_mtime > SECOND_THOUGHTS.total_seconds()


def forget(folder: Path) -> str:
    """Raises BackupFailed."""
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise BackupFailed(f"{folder} could not be removed: {error.strerror}.") from None
    return folder.name.removesuffix(DELETED)
