"""How the backups of a database stand: how old, how sure, and what keeps old ones from being thrown away."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from caloria.models.backup_run import LARGE_BYTES, WEEKLY, may_be_old
from caloria.operations.backup.manifest import BROKEN, Manifest
from caloria.operations.backup.shelf import Shelf

# So much longer than it may be old at all: then something else is wrong, and nothing is thrown away.
FROZEN_AFTER = timedelta(hours=22)
DRILLED_EVERY = timedelta(days=10)
# Clocks differ a little.
AHEAD = timedelta(minutes=10)


class Worry(NamedTuple):
    """Something to look at. What is urgent means that data could be lost, or may have been."""

    text: str
    is_urgent: bool = True


def newest_proven(ours: list[Manifest]) -> Manifest | None:
    """Of one database's backups, the oldest first, the last that was restored and compared."""
    proven = [each for each in ours if each.is_proven]
    return proven[-1] if proven else None


def best(ours: list[Manifest]) -> Manifest | None:
    """The newest proven one that does not look as if data was lost."""
    return newest_proven([each for each in ours if not each.suspicion])


def proof_is_due(ours: list[Manifest], size: int, now: datetime) -> bool:
    """Whether a backup of this size is to be proven now: nightly, weekly where it is large."""
    newest = newest_proven(ours)
    return size <= LARGE_BYTES or newest is None or now - newest.snapshot_at > WEEKLY - timedelta(hours=12)


def worries(ours: list[Manifest], now: datetime) -> Iterator[Worry]:
    """What an operator has to know, the gravest first."""
    newest = newest_proven(ours)
    if newest is None:
        yield Worry("No backup is proven.")
    elif now - newest.snapshot_at > may_be_old(newest.size):
        yield Worry(f"The newest proven backup is {hours(now - newest.snapshot_at)} old.")
    for each in suspicious(ours):
        yield Worry(f"{each.id} looks wrong: {each.suspicion}.")
    for each in in_the_future(ours, now):
        yield Worry(f"{each.id} lies in the future: a clock is wrong.")
    if ours and ours[-1].problem:
        yield Worry(f"{ours[-1].id}: {ours[-1].problem}.")
    for each in ours[:-1]:
        if each.state == BROKEN:
            yield Worry(f"{each.id} is broken.", is_urgent=False)
    long_ago = now - DRILLED_EVERY
    if ours and ours[0].snapshot_at < long_ago and not any(each > long_ago for each in drills(ours)):
        yield Worry("No drill passed in the last ten days.", is_urgent=False)


def drills(ours: list[Manifest]) -> list[datetime]:
    """When drills passed."""
    every = [drill for each in ours for drill in each.facts.get("drills", [])]
    return [datetime.fromisoformat(drill["at"]) for drill in every if drill["problem"] is None]


def unreadable(shelf: Shelf) -> list[Worry]:
    """What lies there and cannot be relied on; whose it is, nobody can say."""
    lost = [backup for backup in shelf.backups() if backup.manifest is None]
    return [Worry(f"{backup.id} cannot be used: {backup.problem}.", is_urgent=False) for backup in lost]


def suspicious(ours: list[Manifest]) -> list[Manifest]:
    return [each for each in ours if each.suspicion]


def in_the_future(ours: list[Manifest], now: datetime) -> list[Manifest]:
    return [each for each in ours if each.snapshot_at > now + AHEAD]


def frozen_because(ours: list[Manifest], now: datetime) -> str | None:
    """Why nothing may be thrown away now; None where it may."""
    newest = newest_proven(ours)
    if newest is None:
        return "no backup is proven"
    for each in suspicious(ours):
        return f"{each.id} looks wrong: {each.suspicion}. To accept it: flask backup accept {each.id}"
    for each in in_the_future(ours, now):
        return f"{each.id} lies in the future"
    if now - newest.snapshot_at > may_be_old(newest.size) + FROZEN_AFTER:
        return f"the newest proven backup is {hours(now - newest.snapshot_at)} old"
    return None


def hours(age: timedelta) -> str:
    number = int(age.total_seconds() // 3600)
    if number < 1:
        return "less than an hour"
    return f"{number} {'hour' if number == 1 else 'hours'}"
